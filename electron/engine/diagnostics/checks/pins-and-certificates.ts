/** D19 and D20: the PINs' tries, read without spending one, and the certificates' dates and status. */
import type { TokenPin } from '../../token/identity-token.ts';
import type { Check, Observation } from '../doctor/check.ts';
import { clockError } from './clock.ts';

/** Days before the end from which a person should act. */
const soonDays = 60;
const dayMs = 86_400_000;

const causesOf = {
  PIN1: { blocked: 'pin1-blocked', last: 'pin1-last-try', change: 'pin1-change-first' },
  PIN2: { blocked: 'pin2-blocked', last: 'pin2-last-try', change: 'pin2-change-first' },
} as const;

function pinTrouble({ name, tries, changeFirst }: TokenPin): readonly Observation[] {
  const blocked = tries === 'blocked' || tries === 0;
  if (name === 'PUK') return blocked ? [{ cause: 'puk-blocked' }] : [];
  const own = causesOf[name];
  if (blocked) return [{ cause: own.blocked }];
  if (changeFirst) return [{ cause: own.change }];
  return tries === 1 || tries === 'last' ? [{ cause: own.last }] : [];
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

export const pinAndCertificateChecks: readonly Check[] = [
  {
    id: 'D19',
    budgetMs: 2_600,
    run: async ({ facts }) => {
      const look = await facts.card();
      return 'card' in look ? look.card.pins.flatMap(pinTrouble) : 'not-applicable';
    },
  },
  {
    id: 'D20',
    budgetMs: 3_000,
    run: async ({ facts, system }) => {
      const look = await facts.card();
      if (!('card' in look)) return 'not-applicable';
      const probes = await facts.servers();
      // What the time is in truth, as far as the network tells.
      const now = system.now() - (clockError(probes) ?? 0) * 1000;
      const found = new Map<string, Observation>();
      const add = (observation: Observation): void => {
        if (!found.has(observation.cause)) found.set(observation.cause, observation);
      };
      look.card.certificates.forEach(({ x509 }, at) => {
        const { validFromDate: from, validToDate: to } = x509;
        const statuses = [probes.revocation[at]?.ocsp.status, probes.revocation[at]?.crl.status];
        if (statuses.includes('revoked')) add({ cause: 'certificate-revoked' });
        else if (statuses.includes('suspended')) add({ cause: 'certificate-suspended' });
        if (now > to.getTime()) add({ cause: 'certificate-expired', parameters: { date: day(to) } });
        else if (now < from.getTime())
          add({ cause: 'certificate-not-yet-valid', parameters: { date: day(from) } });
        else if (to.getTime() - now < soonDays * dayMs) {
          add({ cause: 'certificate-expires-soon', parameters: { date: day(to) } });
        }
      });
      return [...found.values()];
    },
  },
];
