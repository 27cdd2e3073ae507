import type { PortalSettings } from '../../contract/portal/settings.ts';
import { portalSettingsSchema } from '../../contract/portal/settings.ts';
import type { SandboxPerson } from '../people.ts';
import type { SandboxAuthority } from '../pki/authority.ts';
import { documents } from './data/documents.ts';
import { domicile } from './data/domicile.ts';
import { vehicles } from './data/vehicles.ts';
import { EServices } from './e-services.ts';
import { FaultSwitch } from './faults.ts';
import { IdentityProvider } from './identity-provider.ts';
import { createLoopbackServer, type LoopbackServer } from './loopback-server.ts';
import type { Registers } from './services-store.ts';

export interface SandboxPortalOptions {
  /** Issues the sites' certificates; its holders' certificates are the ones the provider recognises. */
  readonly authority: SandboxAuthority;
  /** Who is registered. */
  readonly people: readonly SandboxPerson[];
  /** Default: the registers of the invented people. */
  readonly registers?: Registers;
  /** Life of a session; default 900. */
  readonly sessionSeconds?: number;
  /** Default: the system's clock. */
  readonly clock?: () => Date;
}

/** Life of a session in seconds. */
export const defaultSessionSeconds = 900;

/**
 * A portal on loopback: an identity provider and an e-services site, each an origin of its own (`localhost` and an
 * address, because cookies ignore ports). All it holds lies in memory; when it is stopped nothing is left.
 */
export class SandboxPortal {
  readonly providerUrl: string;
  readonly servicesUrl: string;
  /** Makes answers go wrong, for tests. */
  readonly faults: FaultSwitch;
  /** How a client is told of this portal. */
  readonly settings: PortalSettings;
  readonly #sites: readonly LoopbackServer[];
  readonly #provider: IdentityProvider;
  readonly #services: EServices;
  #stopped: Promise<void> | null = null;

  private constructor(
    parts: { providerUrl: string; servicesUrl: string; root: string; faults: FaultSwitch },
    sites: readonly LoopbackServer[],
    provider: IdentityProvider,
    services: EServices,
  ) {
    this.providerUrl = parts.providerUrl;
    this.servicesUrl = parts.servicesUrl;
    this.faults = parts.faults;
    this.settings = portalSettingsSchema.parse({
      label: 'e-services (SIMULAT)',
      providerUrl: parts.providerUrl,
      servicesUrl: parts.servicesUrl,
      trust: [parts.root],
      simulated: true,
    });
    this.#sites = sites;
    this.#provider = provider;
    this.#services = services;
  }

  /** Starts both sites on free ports. */
  static async start(options: SandboxPortalOptions): Promise<SandboxPortal> {
    const { authority, people } = options;
    const clock = options.clock ?? (() => new Date());
    const person = (idnp: string): SandboxPerson | undefined => people.find((one) => one.idnp === idnp);
    const [providerSite, servicesSite] = await Promise.all([
      createLoopbackServer({ authority, name: 'localhost' }),
      createLoopbackServer({ authority, name: '127.0.0.1' }),
    ]);
    const provider = new IdentityProvider({
      trusted: { roots: [authority.root.der], intermediates: [authority.issuing.der] },
      isRegistered: (idnp) => person(idnp) !== undefined,
      clock,
    });
    let providerUrl = '';
    const services = new EServices({
      provider,
      providerUrl: () => providerUrl,
      person,
      registers: options.registers ?? { documents, domicile, vehicles },
      sessionSeconds: options.sessionSeconds ?? defaultSessionSeconds,
      clock,
    });
    const faults = new FaultSwitch();
    faults.install(providerSite.app);
    faults.install(servicesSite.app);
    provider.install(providerSite.app);
    services.install(servicesSite.app);
    const sites = [providerSite, servicesSite];
    try {
      providerUrl = await providerSite.listen();
      const servicesUrl = await servicesSite.listen();
      const root = authority.root.pem;
      return new SandboxPortal({ providerUrl, servicesUrl, root, faults }, sites, provider, services);
    } catch (thrown) {
      await Promise.all(sites.map((site) => site.stop()));
      throw thrown;
    }
  }

  /** Sessions that are open now. */
  get openSessions(): number {
    return this.#services.openSessions;
  }

  /** Connections to either site that are open now. */
  get connections(): number {
    return this.#sites.reduce((sum, site) => sum + site.connections, 0);
  }

  /** Ends every session at the site, as a portal does that restarts. */
  endAllSessions(): void {
    this.#services.endAllSessions();
  }

  /** Stops both sites, cutting every connection. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await Promise.all(this.#sites.map((site) => site.stop()));
    this.#provider.close();
    this.#services.close();
  }
}
