import type { DocumentItem } from '../../../electron/contract/portal/items.ts';
import { daysUntil } from '../../app/remaining.ts';
import { careDays } from '../../components/CertificateTile.tsx';
import type { Status, Tone } from '../../components/Tag.tsx';

export interface DocumentState {
  /** By dates and the register's word: may it still be used? */
  readonly current: boolean;
  readonly soon: boolean;
  readonly status: Status;
  readonly tone: Tone;
  /** Days left; null without a limit. */
  readonly days: number | null;
}

/** Words of the register after which nobody can use the document, and somebody should know. */
const grave = new Set(['pierdut', 'furat', 'anulat', 'nevalabil']);

/** What a document's entry means on the day of looking. The register's own word is always shown beside it. */
export function documentState(item: DocumentItem, now: Date): DocumentState {
  const days = item.expiry_date === null ? null : daysUntil(new Date(`${item.expiry_date}T12:00:00`), now);
  const past = days !== null && days < 0;
  if (item.status === 'valabil' && !past) {
    const soon = days !== null && days <= careDays;
    return { current: true, soon, status: soon ? 'soon' : 'valid', tone: soon ? 'care' : 'good', days };
  }
  const rest = { current: false, soon: false, days };
  if (grave.has(item.status)) return { ...rest, status: 'revoked', tone: 'bad' };
  if (past || item.status === 'expirat') return { ...rest, status: 'expired', tone: 'plain' };
  return { ...rest, status: 'unknown', tone: 'plain' };
}

/** How much of its time a document still has, from 0 to 1; null without a limit. */
export function shareLeft(item: DocumentItem, now: Date): number | null {
  if (item.expiry_date === null) return null;
  const from = Date.parse(item.issue_date);
  const until = Date.parse(item.expiry_date);
  if (!(until > from)) return 0;
  return Math.min(1, Math.max(0, (until - now.getTime()) / (until - from)));
}
