/** The simulated world of exercises: its reader, its cards, its portal, and what can be wrong with them. */
import { X509Certificate } from 'node:crypto';
import type { TrainingCause } from '../../../../contract/diagnostics/training.ts';
import type { PortalSettings } from '../../../../contract/portal/settings.ts';
import { createSandboxCard, parseSandboxSpec, type SandboxCard } from '../../../../sandbox/cards/index.ts';
import type { SandboxAuthority } from '../../../../sandbox/pki/authority.ts';
import type { InProcessReader, InProcessReaderService } from '../../../readers/in-process.ts';
import { InProcessChannel } from '../../../readers/in-process-channel.ts';
import type { Scene, TrainingGround } from '../../training/ground.ts';
import { bankCard, muteCard } from './other-cards.ts';

/** How far ahead of this computer the world is when the clock is what is wrong: three years. */
const clockShiftMs = 3 * 365 * 86_400_000;
/** A port of this computer where nobody listens. */
const deadAddress = 'https://127.0.0.1:1';

export interface GroundParts {
  readonly reader: InProcessReader;
  readonly service: InProcessReaderService;
  readonly authority: SandboxAuthority;
  /** The card that training mode began with, or `empty`. */
  readonly spec: string;
}

/** Cards of the simulated authority for each cause that lies in the card. */
const cardOf: Partial<Record<TrainingCause, string>> = {
  'pin-blocked': 'eid:pin1-blocked',
  'certificate-expired': 'eid:expired',
  'certificate-revoked': 'eid:revoked',
  'certificate-suspended': 'eid:suspended',
  'certificate-missing': 'eid:no-certificate',
  'pin-change-needed': 'eid:change-first',
};

export class SandboxGround implements TrainingGround {
  readonly #parts: GroundParts;
  #card: SandboxCard | undefined;
  #holder: InProcessChannel | undefined;
  #portalDown = false;
  #unplugged = false;

  constructor(parts: GroundParts) {
    this.#parts = parts;
  }

  /** The portal as the exercise has it. */
  portalSettings(settings: PortalSettings): PortalSettings {
    if (!this.#portalDown) return settings;
    return { ...settings, providerUrl: deadAddress, servicesUrl: deadAddress };
  }

  async prepare(scene: Scene): Promise<Date> {
    await this.#clear();
    if (scene.kind === 'card-at-hand') {
      this.#card = await this.#make(scene.card);
      return new Date();
    }
    return this.#break(scene.cause);
  }

  insert(): void {
    const { reader } = this.#parts;
    if (this.#card && reader.card !== this.#card) reader.insert(this.#card);
  }

  remove(): void {
    this.#parts.reader.remove();
  }

  reportLoss(): void {
    const { register } = this.#parts.authority;
    for (const der of Object.values(this.#card?.certificates ?? {})) {
      if (der === undefined) continue;
      const { serialNumber } = new X509Certificate(der);
      if (register.status(serialNumber)?.state === 'good') register.suspend(serialNumber);
    }
  }

  async restore(): Promise<void> {
    await this.#clear();
    const { spec, reader } = this.#parts;
    if (spec !== 'empty') reader.insert(await this.#make(spec));
  }

  /** @returns the world's own time */
  async #break(cause: TrainingCause): Promise<Date> {
    const { reader, service } = this.#parts;
    const now = new Date();
    switch (cause) {
      case 'card-mute':
        reader.insert(muteCard());
        return now;
      case 'card-foreign':
        reader.insert(bankCard());
        return now;
      case 'card-missing':
        return now;
      case 'reader-missing':
        service.unplug(reader.name);
        this.#unplugged = true;
        return now;
      case 'service-down':
        service.setServiceState('stopped');
        return now;
      case 'clock-wrong': {
        const world = new Date(now.getTime() + clockShiftMs);
        reader.insert(await this.#make('eid', world));
        return world;
      }
      case 'reader-held': {
        reader.insert(await this.#make('eid'));
        // Another program, as far as the reader can tell; it is there before anybody else has looked.
        this.#holder = new InProcessChannel(reader, true, () => undefined);
        return now;
      }
      case 'portal-down':
        this.#portalDown = true;
        reader.insert(await this.#make('eid'));
        return now;
      default:
        reader.insert(await this.#make(cardOf[cause] ?? 'eid'));
        return now;
    }
  }

  async #make(spec: string, now?: Date): Promise<SandboxCard> {
    const parsed = parseSandboxSpec(spec);
    if (!parsed) throw new RangeError(`an exercise asks for the card ${spec}`);
    return createSandboxCard({ ...parsed, ...(now ? { now } : {}) }, this.#parts.authority);
  }

  /** A reader without a card, and nothing wrong anywhere. */
  async #clear(): Promise<void> {
    const { reader, service } = this.#parts;
    reader.remove();
    this.#card = undefined;
    this.#portalDown = false;
    const holder = this.#holder;
    this.#holder = undefined;
    await holder?.close();
    service.setServiceState('running');
    if (this.#unplugged) service.plug(reader);
    this.#unplugged = false;
  }
}
