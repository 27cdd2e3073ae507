/** D21: the computer's clock against the clocks of servers that can be trusted. */

import type { Check } from '../doctor/check.ts';
import type { ProbeResult } from '../network/probe.ts';
import type { ServerProbes } from '../network/servers.ts';

/** From so many seconds on, sign-in messages and time stamps are refused. */
const toleratedSeconds = 120;

/** OpenSSL's words for certificates that are fine but for their dates. */
const onlyTheDates = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

interface Clock {
  readonly host: string;
  /** Ours minus theirs. */
  readonly seconds: number;
}

function clockOf(probe: ProbeResult | undefined): Clock | undefined {
  const seconds = probe?.answer?.skewSeconds;
  if (!probe || seconds === undefined) return undefined;
  const { tls, host } = probe;
  // A wrong clock of ours makes a good certificate look expired: then its server may still tell the time.
  const credible =
    !tls || tls.trusted || (onlyTheDates.includes(tls.reason ?? '') && Math.abs(seconds) > toleratedSeconds);
  return credible ? { host, seconds } : undefined;
}

function clocks({ site, provider, timestamp }: ServerProbes): readonly Clock[] {
  return [site, provider, timestamp].flatMap((probe) => clockOf(probe) ?? []);
}

const isWrong = ({ seconds }: Clock): boolean => Math.abs(seconds) > toleratedSeconds;

/** Ours minus the true time in seconds, when all servers agree that ours is wrong; undefined otherwise. */
export function clockError(probes: ServerProbes): number | undefined {
  const all = clocks(probes);
  const [first] = all;
  return first !== undefined && all.every(isWrong) ? first.seconds : undefined;
}

export const clockCheck: Check = {
  id: 'D21',
  budgetMs: 3_000,
  run: async ({ facts }) => {
    const probes = await facts.servers();
    const all = clocks(probes);
    const [first] = all;
    if (first === undefined) return 'not-applicable';
    const told = (clock: Clock) => ({ host: clock.host, seconds: Math.abs(clock.seconds) });
    if (clockError(probes) !== undefined) return [{ cause: 'clock-wrong', parameters: told(first) }];
    // Some agree with ours: the others are wrong.
    return all
      .filter(isWrong)
      .map((clock) => ({ cause: 'server-clock-wrong', parameters: told(clock) }) as const);
  },
};
