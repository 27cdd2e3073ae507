/** The servers that signing in and signing need, each asked once and all at once. */
import type { X509Certificate } from 'node:crypto';
import type { RevocationAnswer } from '../../../contract/diagnostics/inspect.ts';
import type { DoctorWorld } from '../doctor/world.ts';
import { type ProbeResult, probe } from './probe.ts';
import { type ProxyProbe, probeProxy, proxyFor } from './proxy.ts';
import { timestampQuery } from './timestamp-query.ts';

/** Time for each server, in ms. The doctor's whole answer on a dead network hangs on it. */
export const serverTimeoutMs = 1_800;

export interface ServerProbes {
  /** The e-services site's sign-in page, and the provider's metadata. */
  readonly site?: ProbeResult;
  readonly provider?: ProbeResult;
  readonly timestamp?: ProbeResult;
  readonly proxies: readonly ProxyProbe[];
  /** For each certificate of the card, in its order. */
  readonly revocation: readonly { readonly ocsp: RevocationAnswer; readonly crl: RevocationAnswer }[];
  /** Nothing at all was to be asked. */
  readonly none: boolean;
}

export async function probeServers(
  world: DoctorWorld,
  certificates: readonly X509Certificate[],
  signal: AbortSignal,
): Promise<ServerProbes> {
  const { system, timestampUrl } = world;
  const portal = await world.portal?.();
  const { revocation } = world;
  const timeoutMs = serverTimeoutMs;
  const page = (url: string) =>
    portal &&
    probe(system, { url, headers: { accept: 'text/html' }, trust: portal.trust, timeoutMs, signal });
  const addresses = [portal?.servicesUrl, portal?.providerUrl, timestampUrl].filter(
    (one) => one !== undefined,
  );
  const [site, provider, timestamp, proxies, statuses] = await Promise.all([
    portal && page(`${portal.servicesUrl}/login`),
    portal && page(`${portal.providerUrl}/meta/saml`),
    timestampUrl === undefined
      ? undefined
      : probe(system, {
          url: timestampUrl,
          method: 'POST',
          headers: { 'content-type': 'application/timestamp-query' },
          body: timestampQuery(),
          timeoutMs,
          signal,
        }),
    Promise.all(
      distinctProxies(world, addresses).map(({ proxy, target }) =>
        probeProxy(system, proxy, target, timeoutMs, signal),
      ),
    ),
    revocation === undefined
      ? []
      : Promise.all(
          certificates.map(async (certificate) => {
            const [ocsp, crl] = await Promise.all([
              revocation(certificate, 'ocsp', signal),
              revocation(certificate, 'crl', signal),
            ]);
            return { ocsp, crl };
          }),
        ),
  ]);
  return {
    ...(site ? { site } : {}),
    ...(provider ? { provider } : {}),
    ...(timestamp ? { timestamp } : {}),
    proxies,
    revocation: statuses,
    none:
      addresses.length === 0 &&
      statuses.every(({ ocsp, crl }) => ocsp.host === undefined && crl.host === undefined),
  };
}

function distinctProxies(
  { system }: DoctorWorld,
  addresses: readonly string[],
): readonly { readonly proxy: URL; readonly target: string }[] {
  const found = new Map<string, { proxy: URL; target: string }>();
  for (const target of addresses) {
    const proxy = proxyFor(system, target);
    if (proxy && !found.has(proxy.host)) found.set(proxy.host, { proxy, target });
  }
  return [...found.values()];
}
