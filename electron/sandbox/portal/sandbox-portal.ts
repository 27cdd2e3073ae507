import { Agent } from 'undici';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import { portalSettingsSchema } from '../../contract/portal/settings.ts';
import type { SandboxPerson } from '../people.ts';
import type { SandboxAuthority } from '../pki/authority.ts';
import { ocspAddress, ocspStatus } from '../pki/ocsp-query.ts';
import { createSamlKey } from '../saml/index.ts';
import { registers } from './data/registers.ts';
import { FaultSwitch } from './faults.ts';
import { createLoopbackServer, type LoopbackServer } from './loopback-server.ts';
import type { ProviderParty, ServiceParty } from './parties.ts';
import { IdentityProvider } from './provider/identity-provider.ts';
import { EServices } from './site/e-services.ts';
import type { Registers } from './site/store.ts';

export interface SandboxPortalOptions {
  /** Issues the sites' certificates; its holders' certificates are the ones the provider recognises. */
  readonly authority: SandboxAuthority;
  /** Who is known to the provider. */
  readonly people: readonly SandboxPerson[];
  /** Default: the registers of the invented people. */
  readonly registers?: Registers;
  /** Life of a session; default 900. */
  readonly sessionSeconds?: number;
  /** Default: the system's clock. */
  readonly clock?: () => Date;
  /** Sites beside ours that the provider knows. */
  readonly services?: readonly ServiceParty[];
  /** A provider that our site trusts in place of the sandbox's own. */
  readonly foreignProvider?: ProviderParty;
}

/** How long the provider waits for a certificate's status, in milliseconds. */
const ocspTimeoutMs = 3_000;

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
    const [providerSite, servicesSite, providerKey, servicesKey] = await Promise.all([
      createLoopbackServer({ authority, name: 'localhost' }),
      createLoopbackServer({ authority, name: '127.0.0.1' }),
      createSamlKey('MPass SIMULATED', { now: clock() }),
      createSamlKey('e-services SIMULATED', { now: clock() }),
    ]);
    const urls = { provider: '', services: '' };
    const faults = new FaultSwitch();
    const known = new Map((options.services ?? []).map((service) => [service.entityId, service]));
    const provider = new IdentityProvider({
      url: () => urls.provider,
      key: providerKey,
      services: known,
      trusted: { roots: [authority.root.der], intermediates: [authority.issuing.der] },
      person,
      clock,
      takeResponseFault: () => faults.takeResponseFault(),
      // A certificate that names no responder (its authority has none) cannot be asked about.
      revocation: async (certificate) =>
        ocspAddress(certificate) === undefined
          ? 'good'
          : ocspStatus(certificate, authority.issuing.der, { now: clock(), timeoutMs: ocspTimeoutMs }),
    });
    const services = new EServices({
      provider: () => options.foreignProvider ?? provider.party,
      url: () => urls.services,
      key: servicesKey,
      registers: options.registers ?? registers,
      registered: people.filter(({ registered }) => registered).map(({ idnp }) => idnp),
      sessionSeconds: options.sessionSeconds ?? defaultSessionSeconds,
      clock,
    });
    faults.install(providerSite.app);
    faults.install(servicesSite.app);
    provider.install(providerSite.app);
    services.install(servicesSite.app);
    const sites = [providerSite, servicesSite];
    try {
      urls.provider = await providerSite.listen();
      urls.services = await servicesSite.listen();
      known.set(services.party.entityId, services.party);
      const root = authority.root.pem;
      const { provider: providerUrl, services: servicesUrl } = urls;
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

  /** How a foreign site knows the provider, and a foreign provider our site. */
  get parties(): { readonly provider: ProviderParty; readonly site: ServiceParty } {
    return { provider: this.#provider.party, site: this.#services.party };
  }

  /** Single sign-on sessions that are open at the provider. */
  get openProviderSessions(): number {
    return this.#provider.openSessions;
  }

  /**
   * The person signs out at the provider, in some browser, which carries the provider's LogoutRequests to the sites.
   * @returns the sites' statuses
   */
  async signOutAtProvider(idnp: string): Promise<number[]> {
    const browser = new Agent({ connect: { ca: [...this.settings.trust] } });
    try {
      const statuses: number[] = [];
      for (const { url, form } of this.#provider.signOutEverywhere(idnp)) {
        const { origin, pathname } = new URL(url);
        const answer = await browser.request({
          origin,
          path: pathname,
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(form).toString(),
        });
        await answer.body.dump();
        statuses.push(answer.statusCode);
      }
      return statuses;
    } finally {
      await browser.destroy();
    }
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
