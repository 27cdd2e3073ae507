/** What several checks want to know of the machine: asked at most once in a run, whoever asks first. */
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import { asFailure, type Failure, isFailure } from '../../../contract/failures/failure.ts';
import { isVirtualReader } from '../../readers/knowledge/reader-knowledge.ts';
import type { ReaderInfo } from '../../readers/reader-service.ts';
import { probeServers, type ServerProbes } from '../network/servers.ts';
import { lookAtDrivers, type PcscDrivers } from '../system/ccid-driver.ts';
import { type PackageFamily, packageFamily } from '../system/packages.ts';
import { programsAtService, type UsingProgram } from '../system/processes.ts';
import type { SocketState } from '../system/system-view.ts';
import { lookAtUsb, type UsbLook } from '../system/usb-devices.ts';
import type { DoctorWorld, ReadCard } from './world.ts';

/** How the card service is. `failure` says why it cannot be used. */
export interface ServiceLook {
  readonly running: boolean;
  readonly failure?: Failure;
  /** Unix socket of pcsc-lite; undefined where there is none to look at. */
  readonly socket?: SocketState;
}

/** The card, or why it could not be read. */
export type CardLook = { readonly card: ReadCard } | { readonly failure: Failure };

export class Facts {
  readonly #world: DoctorWorld;
  readonly #reader: string | undefined;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, Promise<unknown>>();

  /** @param reader exact name of the reader that is meant, or undefined */
  constructor(world: DoctorWorld, reader: string | undefined, signal: AbortSignal) {
    this.#world = world;
    this.#reader = reader;
    this.#signal = signal;
  }

  service(): Promise<ServiceLook> {
    return this.remember('service', async () => {
      const { readers, throughModule, serviceSocket, system, simulated } = this.#world;
      if (readers && !throughModule) {
        // What cannot be listened to says so in its snapshot.
        await readers.start().catch(() => undefined);
        const { service, failure } = readers.snapshot;
        if (service === 'running' || simulated) return { running: true };
        const socket =
          serviceSocket === undefined ? undefined : await system.socket(serviceSocket, this.#signal);
        return { running: false, ...(failure ? { failure } : {}), ...(socket ? { socket } : {}) };
      }
      if (serviceSocket === undefined) return { running: true };
      const socket = await system.socket(serviceSocket, this.#signal);
      return { running: socket === 'listening', socket };
    });
  }

  /** Readers of the card service; none while it does not run. */
  async readers(): Promise<readonly ReaderInfo[]> {
    await this.service();
    return this.#world.readers?.snapshot.readers ?? [];
  }

  /** Those that a card can be put in. */
  async realReaders(): Promise<readonly ReaderInfo[]> {
    return (await this.readers()).filter(({ name }) => !isVirtualReader(name));
  }

  card(): Promise<CardLook> {
    return this.remember('card', async () => {
      const { readCard } = this.#world;
      if (!readCard) return { failure: asFailure(new Error('no reader service')) };
      try {
        return { card: await readCard(this.#reader) };
      } catch (thrown) {
        return { failure: asFailure(thrown) };
      }
    });
  }

  /** The reader that holds the card in question, or the first that holds anything. */
  async cardReader(): Promise<ReaderInfo | undefined> {
    const look = await this.card();
    const readers = await this.realReaders();
    const named = 'card' in look ? look.card.reader : look.failure.parameters.reader;
    return (
      readers.find(({ name }) => name === named) ??
      readers.find(({ name }) => name === this.#reader) ??
      readers.find(({ state }) => state !== 'empty') ??
      readers[0]
    );
  }

  usb(): Promise<UsbLook> {
    return this.remember('usb', () => lookAtUsb(this.#world.system));
  }

  drivers(): Promise<PcscDrivers> {
    return this.remember('drivers', () => lookAtDrivers(this.#world.system));
  }

  family(): Promise<PackageFamily> {
    return this.remember('family', () => packageFamily(this.#world.system));
  }

  /** Other programs at the card service. */
  others(): Promise<readonly UsingProgram[]> {
    return this.remember('others', () =>
      this.#world.system.platform === 'linux'
        ? programsAtService(this.#world.system, new Set([process.pid]), this.#signal)
        : Promise.resolve([]),
    );
  }

  servers(): Promise<ServerProbes> {
    return this.remember('servers', async () => {
      const look = await this.card();
      const certificates = 'card' in look ? look.card.certificates.map(({ x509 }) => x509) : [];
      return probeServers(this.#world, certificates, this.#signal);
    });
  }

  /** What `ask` brings, asked once under this name. */
  remember<T>(name: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#known.get(name) as Promise<T> | undefined;
    if (known) return known;
    const asked = ask();
    asked.catch(() => undefined);
    this.#known.set(name, asked);
    return asked;
  }
}

/** Whether the card could not be read for one of these reasons. */
export function failedWith(look: CardLook, ...codes: FailureCode[]): boolean {
  return 'failure' in look && isFailure(look.failure, ...codes);
}

/** The reader that a failure names. */
export function readerOf(look: CardLook): string | undefined {
  const reader = 'failure' in look ? look.failure.parameters.reader : undefined;
  return reader === undefined ? undefined : String(reader);
}
