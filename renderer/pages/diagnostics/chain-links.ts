import type { CauseCode, CheckId } from '../../../electron/contract/diagnostics/causes.ts';
import type { Finding } from '../../../electron/contract/diagnostics/finding.ts';

/** The way from the computer to the portal. */
export const chainLinks = [
  'computer',
  'service',
  'reader',
  'card',
  'certificates',
  'network',
  'portal',
] as const;
export type ChainLink = (typeof chainLinks)[number];

/** `away`: something earlier stands in the way. `none`: there is no such thing here. */
export type LinkState = 'ok' | 'notice' | 'problem' | 'unknown' | 'away' | 'none';

const checksOf: Readonly<Record<ChainLink, readonly CheckId[]>> = {
  computer: ['D21', 'D23', 'D24', 'D25', 'D28', 'D29', 'D30'],
  service: ['D01', 'D02', 'D03', 'D04', 'D16'],
  reader: ['D05', 'D06', 'D07', 'D08', 'D09', 'D10', 'D14', 'D15', 'D17', 'D18', 'D26', 'D27'],
  card: ['D11', 'D12', 'D13'],
  certificates: ['D19', 'D20'],
  network: ['D22'],
  portal: ['D22'],
};

/** Of what D22 can find, this is on this side of the servers. */
const ourNetwork: readonly CauseCode[] = [
  'network-none',
  'proxy-unreachable',
  'proxy-refuses',
  'tls-inspected',
  'portal-redirected',
];

const order = ['problem', 'notice', 'unknown', 'ok'] as const;

function concerns(link: ChainLink, { id, cause }: Finding): boolean {
  if (!checksOf[link].includes(id)) return false;
  if (id !== 'D22' || cause === null) return true;
  return ourNetwork.includes(cause) === (link === 'network');
}

/** How each link of the chain is, from what the checks found. */
export function chainStates(findings: readonly Finding[]): readonly (readonly [ChainLink, LinkState])[] {
  const networkBroken = findings.some(
    ({ id, state, cause }) =>
      id === 'D22' && state === 'problem' && cause !== null && ourNetwork.includes(cause),
  );
  return chainLinks.map((link) => {
    const mine = findings.filter((finding) => concerns(link, finding));
    const states = mine.map(({ state }) => state);
    const worst = order.find((state) => states.includes(state));
    if (worst !== undefined) return [link, worst] as const;
    // A network that does not reach beyond the house says nothing of the portal; a faulty portal is reached by it.
    if (link === 'network' && findings.some(({ id }) => id === 'D22')) return [link, 'ok'] as const;
    if (
      link === 'portal' &&
      !networkBroken &&
      findings.some(({ id, state }) => id === 'D22' && state === 'ok')
    )
      return [link, 'ok'] as const;
    return [
      link,
      mine.length > 0 && mine.every(({ because }) => because === undefined) ? 'none' : 'away',
    ] as const;
  });
}

/** The parts of a report as the page shows them. */
export function sortedFindings(findings: readonly Finding[]) {
  const byRank = [...findings].sort((one, other) => (one.rank ?? 999) - (other.rank ?? 999));
  const found = byRank.filter(({ state }) => state === 'problem' || state === 'notice');
  const ill = new Set(found.map(({ id }) => id));
  return {
    problems: found.filter(({ state }) => state === 'problem'),
    notices: found.filter(({ state }) => state === 'notice'),
    ok: byRank.filter(({ id, state }) => state === 'ok' && !ill.has(id)),
    unknown: byRank.filter(({ state }) => state === 'unknown'),
    away: byRank.filter(({ state, because }) => state === 'not-applicable' && because !== undefined),
    notHere: byRank.filter(({ state, because }) => state === 'not-applicable' && because === undefined),
  };
}
