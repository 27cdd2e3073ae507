import { Failure, isFailure } from '../../../contract/failures/failure.ts';
import type { CardChannel } from '../../card/channel.ts';
import { cardsOf, type ModuleCard } from '../../modules/module-cards.ts';
import type { ModuleHost } from '../../modules/module-host.ts';
import { openModuleCard } from '../../modules/module-token.ts';
import type { ReaderInfo, ReaderService, ReadersSnapshot } from '../../readers/reader-service.ts';
import type { IdentityToken } from '../../token/identity-token.ts';

/** Least time between two listings that events ask for, in ms: a flood of events costs no more than this. */
const listingPauseMs = 300;
/** How long after its loss a module that had worked is started again, in ms. */
const restartMs = 1_000;

interface Known {
  readonly card: ModuleCard;
  readonly generation: number;
}

/**
 * The slots of a PKCS#11 module as readers. There is no channel to their cards: `openCard` takes its place.
 * A module that was lost is started again by the next `start`, and by itself when it had worked before.
 */
export class ModuleReaders implements ReaderService {
  readonly #host: ModuleHost;
  readonly #listeners = new Set<(snapshot: ReadersSnapshot) => void>();
  #snapshot: ReadersSnapshot = { service: 'absent', readers: [] };
  #known = new Map<string, Known>();
  #refreshing: Promise<void> | undefined;
  #listedRun = 0;
  #listedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(host: ModuleHost) {
    this.#host = host;
    host.onEvent((event) => {
      if (event.kind === 'slots') {
        this.#later(Math.max(0, this.#listedAt + listingPauseMs - performance.now()));
        return;
      }
      this.#publish({ service: 'stopped', readers: [], failure: event.failure });
      // One that cannot even be listed is not tried again before somebody asks.
      if (this.#listedRun === host.run) this.#later(restartMs);
    });
  }

  get snapshot(): ReadersSnapshot {
    return this.#snapshot;
  }

  async start(): Promise<void> {
    if (this.#snapshot.service !== 'running' && !this.#closed) await this.#refresh();
  }

  onChange(listener: (snapshot: ReadersSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  connect(): Promise<CardChannel> {
    return Promise.reject(new Failure('card-refused', { detail: 'a PKCS#11 module lends no channel' }));
  }

  /** The card in a reader. @throws Failure `card-absent`, and why the card cannot be used */
  async openCard({ name, generation }: Pick<ReaderInfo, 'name' | 'generation'>): Promise<IdentityToken> {
    const known = this.#known.get(name);
    if (known?.generation !== generation) throw new Failure('card-changed', { parameters: { reader: name } });
    return openModuleCard(this.#host, known.card);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
    await this.#host.close();
  }

  #later(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(), ms);
    this.#timer.unref();
  }

  #refresh(): Promise<void> {
    this.#refreshing ??= this.#list().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #list(): Promise<void> {
    try {
      const content = await this.#host.list();
      this.#listedRun = content.run;
      this.#take(cardsOf(content));
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      if (!this.#closed) this.#publish({ service: 'stopped', readers: [], failure: thrown });
    } finally {
      this.#listedAt = performance.now();
    }
  }

  #take(cards: readonly ModuleCard[]): void {
    const known = new Map(this.#known);
    const readers = cards.map((card): ReaderInfo => {
      const before = known.get(card.reader);
      const same = before?.card.fingerprint === card.fingerprint;
      const generation = same ? before.generation : (before?.generation ?? 0) + 1;
      known.set(card.reader, { card, generation });
      const present = card.tokens.length > 0 || card.trouble !== undefined;
      return {
        name: card.reader,
        simulated: false,
        state: present ? 'present' : 'empty',
        atr: null,
        generation,
      };
    });
    this.#known = known;
    this.#publish({ service: 'running', readers });
  }

  #publish(snapshot: ReadersSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener(snapshot);
  }
}
