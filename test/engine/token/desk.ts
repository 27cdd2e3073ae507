import { createHash } from 'node:crypto';
import { SecretBytes } from '../../../electron/contract/pin/secret-bytes.ts';
import type { CardChannel } from '../../../electron/engine/card/channel.ts';
import { InProcessReader, InProcessReaderService } from '../../../electron/engine/readers/in-process.ts';
import type { IdentityToken } from '../../../electron/engine/token/identity-token.ts';
import { type OpenTokenOptions, openToken } from '../../../electron/engine/token/open-token.ts';
import {
  createSandboxCard,
  type SandboxCard,
  type SandboxCardSpec,
} from '../../../electron/sandbox/cards/index.ts';
import type { SimulatedCard } from '../../../electron/sandbox/cards/simulated-card.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';

/** The public training PINs of the sandbox. */
export const pins = { PIN1: '4271', PIN2: '836145', PUK: '70318264' } as const;

let authority: Promise<SandboxAuthority> | undefined;

/** A fresh card; one authority for all cards of a test file. */
export async function freshCard(spec: SandboxCardSpec): Promise<SandboxCard> {
  authority ??= SandboxAuthority.create();
  return createSandboxCard(spec, await authority);
}

/** A secret from digits typed in a test. */
export function code(digits: string): SecretBytes {
  return new SecretBytes(Uint8Array.from(Buffer.from(digits, 'ascii')));
}

/** A digest of the hash's length. */
export function digestOf(hash: 'SHA-256' | 'SHA-384' | 'SHA-512', text = 'message'): Uint8Array {
  return createHash(hash.replace('-', '')).update(text).digest();
}

/** One command as a spying channel saw it. */
export interface Seen {
  /** CLA INS P1 P2, upper-case hex. */
  readonly header: string;
  /** Whether it carried a PIN or PUK: VERIFY with data, CHANGE REFERENCE DATA, RESET RETRY COUNTER. */
  readonly secret: boolean;
  /** The buffer itself, to look at what became of it. */
  readonly buffer: Uint8Array;
}

/** A channel that notes what goes through another one. `begin`, `end` and `reset` mark its transactions. */
export class SpyingChannel implements CardChannel {
  readonly seen: Seen[] = [];
  readonly marks: string[] = [];
  readonly #inner: CardChannel;

  constructor(inner: CardChannel) {
    this.#inner = inner;
  }

  get readerName(): string {
    return this.#inner.readerName;
  }

  get atr(): Uint8Array {
    return this.#inner.atr;
  }

  get simulated(): boolean {
    return this.#inner.simulated;
  }

  get gone(): CardChannel['gone'] {
    return this.#inner.gone;
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    const header = Buffer.from(command.subarray(0, 4)).toString('hex').toUpperCase();
    const secret = ['20', '24', '2C'].includes(header.slice(2, 4)) && command.length > 5;
    this.seen.push({ header, secret, buffer: command });
    this.marks.push(header);
    return this.#inner.transmit(command);
  }

  transaction<T>(work: () => Promise<T>, end?: 'leave' | 'reset'): Promise<T> {
    return this.#inner
      .transaction(() => {
        this.marks.push('begin');
        return work();
      }, end)
      .finally(() => this.marks.push(end === 'reset' ? 'reset' : 'end'));
  }

  control(code: number, input: Uint8Array): Promise<Uint8Array> {
    return this.#inner.control(code, input);
  }

  attribute(id: number): Promise<Uint8Array | undefined> {
    return this.#inner.attribute(id);
  }

  close(disposition?: 'leave' | 'reset'): Promise<void> {
    this.marks.push(`close ${disposition ?? 'leave'}`);
    return this.#inner.close(disposition);
  }

  /** Commands seen since the last call. */
  take(): Seen[] {
    this.marks.length = 0;
    return this.seen.splice(0);
  }
}

/** A reader with a card in it, and whatever is open on it. */
export interface Desk {
  readonly reader: InProcessReader;
  readonly service: InProcessReaderService;
  /** A new channel to the card that is in the reader now. */
  connect(): Promise<SpyingChannel>;
  /** Reads the card anew. */
  open(options?: OpenTokenOptions): Promise<{ token: IdentityToken; channel: SpyingChannel }>;
  close(): Promise<void>;
}

/** Puts a card into a reader of its own. */
export function deskWith(card: SimulatedCard): Desk {
  const reader = new InProcessReader('Reader');
  const service = new InProcessReaderService([reader]);
  reader.insert(card);
  const connect = async (): Promise<SpyingChannel> => new SpyingChannel(await service.connect('Reader'));
  return {
    reader,
    service,
    connect,
    open: async (options) => {
      const channel = await connect();
      return { token: await openToken(channel, options), channel };
    },
    close: () => service.close(),
  };
}

/** Reads a fresh card in a reader of its own. */
export async function openFresh(spec: SandboxCardSpec, options?: OpenTokenOptions) {
  const card = await freshCard(spec);
  const desk = deskWith(card);
  return { card, desk, ...(await desk.open(options)) };
}

/** The id of the certificate with this role. */
export function idOf(token: IdentityToken, role: 'authentication' | 'signature'): string {
  const found = token.certificates.find((certificate) => certificate.role === role);
  if (!found) throw new Error(`the card has no ${role} certificate`);
  return found.id;
}
