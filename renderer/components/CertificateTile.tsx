import type { CertificateJson, PinJson } from '../../electron/contract/model/card.ts';
import { daysUntil, remainingUntil } from '../app/remaining.ts';
import { type TextKey, useText, type WindowText } from '../app/text.tsx';
import { useNow } from '../app/use-now.ts';
import { KeyDisc, Seal } from '../drawings/emblems.tsx';
import { type Status, StatusBadge } from './Tag.tsx';
import { TriesMarks } from './Tries.tsx';

/** Days before its end in which a certificate or document asks for care. */
export const careDays = 60;

/** How long something is still valid, in words and with its last day. */
export function validityText(end: string, now: Date, { t, longDate }: WindowText): string {
  const until = longDate(end);
  const left = remainingUntil(new Date(/^\d{4}-\d{2}-\d{2}$/.test(end) ? `${end}T23:59:59` : end), now);
  if (left === null) return t('validity.expired', { until });
  const { years, months, days } = left;
  if (years > 0) return t(months > 0 ? 'validity.years-months' : 'validity.years', { years, months, until });
  if (months > 1) return t('validity.months', { months, until });
  return t('validity.days', { days: months > 0 ? daysUntil(new Date(end), now) : days, until });
}

export function certificateStatus(certificate: CertificateJson, now: Date): Status {
  if (certificate.status !== 'valid') return certificate.status;
  return daysUntil(new Date(certificate.notAfter), now) <= careDays ? 'soon' : 'valid';
}

const roles: Readonly<Record<CertificateJson['role'], TextKey>> = {
  authentication: 'certificate.authentication',
  signature: 'certificate.signature',
  other: 'certificate.other',
};

export interface CertificateTileProps {
  readonly certificate: CertificateJson;
  /** The PIN that guards its key. */
  readonly pin?: PinJson | undefined;
}

/** A certificate: what it is for, how long, and how many tries its PIN has. */
export function CertificateTile({ certificate, pin }: CertificateTileProps) {
  const text = useText();
  const now = useNow(60_000);
  const sign = certificate.role === 'signature';
  return (
    <section className="certificate-tile" data-role={certificate.role}>
      {sign ? <Seal size={56} /> : <KeyDisc size={56} />}
      <div className="grow">
        <h2>
          {text.t(roles[certificate.role])}
          {pin && `, ${pin.name}`}
        </h2>
        <p className="second">
          {certificate.status === 'not-yet-valid'
            ? text.t('validity.not-yet', { from: text.longDate(certificate.notBefore) })
            : validityText(certificate.notAfter, now, text)}
        </p>
        {pin && <TriesMarks pin={pin.name} tries={pin.tries} />}
      </div>
      <StatusBadge status={certificateStatus(certificate, now)} />
    </section>
  );
}
