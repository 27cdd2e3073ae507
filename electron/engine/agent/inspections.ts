/** What the agent looks into for the helpdesk: certificates, PKCS#11 modules, the way to servers. */
import type { ConnectionReport, ConnectionTarget } from '../../contract/diagnostics/connection.ts';
import type { CertificateInspection, InspectedModule } from '../../contract/diagnostics/inspect.ts';
import { Failure, isFailure } from '../../contract/failures/failure.ts';
import type { MethodParams } from '../../contract/protocol/methods.ts';
import type { DoctorSurroundings } from '../diagnostics/doctor/world.ts';
import type { ServerAddress } from '../diagnostics/inspect/inspect-connection.ts';
import type { CardHolder } from './held-card.ts';

/** Each question over the network, in ms. */
const questionMs = 5_000;

/** Public addresses, for when neither settings nor a card say any. */
const publicAddresses = {
  ocsp: 'http://mdqsign.ocsp.pki.md/',
  crl: 'http://pki.md/crl/mdqsign.crl',
  tsa: 'http://tsp.pki.gov.md/moldsign2/',
} as const;

export interface InspectionsOptions {
  readonly surroundings: () => Promise<DoctorSurroundings>;
  readonly holder: CardHolder;
}

export class Inspections {
  readonly #options: InspectionsOptions;

  constructor(options: InspectionsOptions) {
    this.#options = options;
  }

  /** @throws Failure `card-no-such-key` for an id that the card does not have; why there is no card */
  async certificate(
    { reader, certificate, online }: MethodParams<'inspect.certificate'>,
    signal: AbortSignal,
  ): Promise<CertificateInspection> {
    const { certificateOfPem, inspectCertificate } = await import(
      '../diagnostics/inspect/inspect-certificate.ts'
    );
    const { system, issuers = [] } = await this.#options.surroundings();
    const given = 'pem' in certificate ? certificateOfPem(certificate.pem) : undefined;
    const onCard = given ? this.#held() : await this.#read(reader);
    const asked = given ?? onCard.find(({ id }) => 'id' in certificate && id === certificate.id)?.x509;
    if (!asked) throw new Failure('card-no-such-key');
    return inspectCertificate(asked, {
      system,
      onCard: onCard.map(({ x509 }) => x509),
      authorities: issuers,
      online,
      timeoutMs: questionMs,
      signal,
    });
  }

  async modules(): Promise<InspectedModule[]> {
    const { inspectModules } = await import('../diagnostics/inspect/inspect-modules.ts');
    const { system, modules, moduleEnvironment, moduleHost } = await this.#options.surroundings();
    return inspectModules({
      system,
      modules,
      ...(moduleEnvironment === undefined ? {} : { environment: moduleEnvironment }),
      ...(moduleHost === undefined ? {} : { program: moduleHost }),
    });
  }

  async connection(which: ConnectionTarget, signal: AbortSignal): Promise<ConnectionReport> {
    const { inspectConnection } = await import('../diagnostics/inspect/inspect-connection.ts');
    const surroundings = await this.#options.surroundings();
    const server = await this.#server(which, surroundings);
    return inspectConnection(which, server, {
      system: surroundings.system,
      timeoutMs: questionMs,
      signal,
    });
  }

  async #server(
    which: ConnectionTarget,
    { portal, timestampUrl, simulated }: DoctorSurroundings,
  ): Promise<ServerAddress | undefined> {
    if (which === 'portal' || which === 'mpass') {
      const settings = await portal?.().catch((thrown: unknown) => {
        if (isFailure(thrown, 'portal-not-configured')) return undefined;
        throw thrown;
      });
      const url = which === 'portal' ? settings?.servicesUrl : settings?.providerUrl;
      return url === undefined ? undefined : { url, from: 'settings', trust: settings?.trust ?? [] };
    }
    if (which === 'tsa' && timestampUrl !== undefined) return { url: timestampUrl, from: 'settings' };
    const named = which === 'tsa' ? undefined : await this.#named(which);
    if (named !== undefined) return { url: named, from: 'certificate' };
    // A simulated world asks nobody outside.
    return simulated ? undefined : { url: publicAddresses[which], from: 'known' };
  }

  /** The address in the card's certificates, the signature's first. */
  async #named(which: 'ocsp' | 'crl'): Promise<string | undefined> {
    const { addressesOf } = await import('../diagnostics/network/revocation.ts');
    const certificates = [...this.#held()].sort(
      (a, b) => Number(b.role === 'signature') - Number(a.role === 'signature'),
    );
    return certificates.map(({ x509 }) => addressesOf(x509)[which]).find((address) => address !== undefined);
  }

  #held() {
    return this.#options.holder.held?.token.certificates ?? [];
  }

  async #read(reader: string | undefined) {
    return (await this.#options.holder.card(reader)).token.certificates;
  }
}
