/** D22: the servers can be reached, are who they say, and answer what was asked. */
import type { RevocationAnswer } from '../../../contract/diagnostics/inspect.ts';
import type { Check, Observation } from '../doctor/check.ts';
import type { ProbeResult, ProbeTrouble } from '../network/probe.ts';
import type { ServerProbes } from '../network/servers.ts';
import { answersTimestampQuery } from '../network/timestamp-query.ts';

/** An answer that took longer than this, in ms, makes people wait. */
const slowMs = 1_200;

/** OpenSSL's words for a certificate whose issuer nobody knows. */
const unknownIssuer = [
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
];

type Expect = (probe: ProbeResult) => boolean;

const isPage = ({ answer }: ProbeResult): boolean => /^text\/html\b/i.test(answer?.contentType ?? '');
/** The sign-in page carries a SAML message for the provider. */
const isSignIn: Expect = (probe) =>
  isPage(probe) && probe.answer?.status === 200 && probe.answer.body.includes('SAMLRequest');
const isMetadata: Expect = ({ answer }) => answer?.status === 200 && answer.body.includes('EntityDescriptor');

function portalTrouble(probe: ProbeResult, expected: Expect): Observation | undefined {
  const { host, answer, tls, trouble, ms } = probe;
  const parameters = { host };
  if (trouble) return { cause: troubleCause(trouble), parameters };
  if (tls && !tls.trusted) {
    const foreign = unknownIssuer.includes(tls.reason ?? '') && !tls.publicAuthority;
    return foreign
      ? { cause: 'tls-inspected', parameters: { host, issuer: tls.issuer } }
      : { cause: 'tls-untrusted', parameters };
  }
  if (!answer) return undefined;
  if (answer.redirect !== undefined && answer.status >= 300 && answer.status < 400) {
    return { cause: 'portal-redirected', parameters: { host, target: answer.redirect } };
  }
  if (answer.status >= 500) return { cause: 'portal-fault', parameters: { host, status: answer.status } };
  if (!expected(probe)) return { cause: 'portal-answers-wrong', parameters };
  return ms > slowMs
    ? { cause: 'portal-slow', parameters: { host, seconds: Math.round(ms / 100) / 10 } }
    : undefined;
}

function troubleCause({ kind }: ProbeTrouble): Observation['cause'] {
  switch (kind) {
    case 'name-unknown':
      return 'portal-name-unknown';
    case 'names-unavailable':
    case 'no-route':
      return 'network-none';
    case 'refused':
      return 'portal-refuses-connection';
    case 'garbled':
      return 'portal-answers-wrong';
    case 'silent':
      return 'portal-silent';
  }
}

function timestampTrouble({ host, answer, trouble }: ProbeResult): Observation | undefined {
  if (trouble?.kind === 'names-unavailable' || trouble?.kind === 'no-route') return { cause: 'network-none' };
  if (trouble || !answer || answer.status >= 500) return { cause: 'tsa-unreachable', parameters: { host } };
  return answersTimestampQuery(answer.contentType, answer.body)
    ? undefined
    : { cause: 'tsa-answers-wrong', parameters: { host } };
}

const notReached: readonly string[] = ['unreachable', 'timeout', 'http-status', 'responder-error'];
/** Nothing was asked, the card does not say whom, or the answer is a list too long to read here. */
const notAsked: readonly string[] = ['no-address', 'issuer-missing', 'too-large'];

function revocationTrouble(answer: RevocationAnswer, by: 'ocsp' | 'crl'): Observation | undefined {
  const { problem, host } = answer;
  if (problem === undefined || host === undefined || notAsked.includes(problem)) return undefined;
  const parameters = { host };
  if (notReached.includes(problem)) {
    return { cause: by === 'ocsp' ? 'ocsp-unreachable' : 'crl-unreachable', parameters };
  }
  return { cause: by === 'ocsp' ? 'ocsp-answers-wrong' : 'crl-answers-wrong', parameters };
}

function allTroubles({
  site,
  provider,
  timestamp,
  proxies,
  revocation,
}: ServerProbes): readonly Observation[] {
  return [
    ...proxies.flatMap(({ proxy, state, status }): Observation[] => {
      if (state === 'unreachable') return [{ cause: 'proxy-unreachable', parameters: { proxy } }];
      return state === 'refuses'
        ? [{ cause: 'proxy-refuses', parameters: { proxy, status: status ?? 0 } }]
        : [];
    }),
    ...(site ? [portalTrouble(site, isSignIn)] : []),
    ...(provider ? [portalTrouble(provider, isMetadata)] : []),
    ...(timestamp ? [timestampTrouble(timestamp)] : []),
    ...revocation.flatMap(({ ocsp, crl }) => [
      revocationTrouble(ocsp, 'ocsp'),
      revocationTrouble(crl, 'crl'),
    ]),
  ].filter((one) => one !== undefined);
}

export const networkCheck: Check = {
  id: 'D22',
  budgetMs: 3_000,
  run: async ({ facts }) => {
    const probes = await facts.servers();
    if (probes.none) return 'not-applicable';
    const seen = new Set<string>();
    return allTroubles(probes)
      .filter(({ cause, parameters }) => {
        const key = `${cause} ${parameters?.host ?? parameters?.proxy ?? ''}`;
        return !seen.has(key) && seen.add(key);
      })
      .slice(0, 8);
  },
};
