import type { CertificateJson, TokenJson } from '../../contract/model/card.ts';
import type { Text } from '../../contract/text/text.ts';

/** Whole years and months between now and then, and days when less than a month is left. */
function remaining(notAfter: string, now = new Date()): { years: number; months: number; days: number } {
  const end = new Date(notAfter);
  let months = (end.getUTCFullYear() - now.getUTCFullYear()) * 12 + end.getUTCMonth() - now.getUTCMonth();
  if (end.getUTCDate() < now.getUTCDate()) months -= 1;
  months = Math.max(0, months);
  const days = Math.max(0, Math.floor((end.getTime() - now.getTime()) / 86_400_000));
  return { years: Math.floor(months / 12), months: months % 12, days };
}

function validityLine(certificate: CertificateJson, text: Text): string {
  const until = text.date(certificate.notAfter);
  if (certificate.status === 'expired') return text.t('validity.expired', { until });
  if (certificate.status === 'not-yet-valid') {
    return text.t('validity.not-yet', { from: text.date(certificate.notBefore) });
  }
  const { years, months, days } = remaining(certificate.notAfter);
  if (years === 0 && months === 0) return text.t('validity.days', { days, until });
  if (years === 0) return text.t('validity.months', { months, until });
  if (months === 0) return text.t('validity.years', { years, until });
  return text.t('validity.years-months', { years, months, until });
}

/** The IDNP in groups of 4-3-3-3. */
export function spacedIdnp(idnp: string): string {
  return idnp.replace(/^(\d{4})(\d{3})(\d{3})(\d{3})$/, '$1 $2 $3 $4');
}

export function certificateLines(token: TokenJson, text: Text): string[] {
  if (token.certificates.length === 0) return [text.t('certificates.none'), ''];
  return token.certificates.flatMap((certificate) => {
    const { subject, key } = certificate;
    const rows: [string, string][] = [
      [text.t('certificate.holder'), subject.commonName ?? text.t('unknown')],
      ['IDNP', subject.idnp ? spacedIdnp(subject.idnp) : text.t('unknown')],
      [text.t('certificate.validity'), validityLine(certificate, text)],
      [text.t('certificate.key'), key.type === 'EC' ? `EC ${key.curve ?? key.bits}` : `RSA ${key.bits}`],
      [text.t('certificate.issuer'), certificate.issuer],
      [text.t('certificate.serial'), certificate.serialNumber],
    ];
    const simulated = token.simulated ? ` [${text.t('simulated')}]` : '';
    return [`${text.t(`certificate.role.${certificate.role}`)}${simulated}`, ...alignedRows(rows), ''];
  });
}

/** Label and value, values under each other. */
export function alignedRows(rows: readonly (readonly [label: string, value: string])[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `  ${`${label}:`.padEnd(width + 2)}${value}`);
}
