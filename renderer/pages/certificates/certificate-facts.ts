import type { CertificateJson } from '../../../electron/contract/model/card.ts';
import type { TextKey, WindowText } from '../../app/text.tsx';

export interface Fact {
  readonly name: TextKey;
  /** Null when the certificate does not say. */
  readonly value: string | null;
  /** What the copy button copies; absent where copying is of no use. */
  readonly copy?: string;
}

/** Hex in groups of four letters, as people read it aloud. */
const grouped = (hex: string): string => hex.replace(/(.{4})(?=.)/g, '$1\u2009');

/** The IDNP in its groups 4-3-3-3; anything else as it is. */
export const groupedIdnp = (idnp: string): string =>
  idnp.replace(/^(\d{4})(\d{3})(\d{3})(\d{3})$/, '$1\u2009$2\u2009$3\u2009$4');

function keyText({ type, bits, curve }: CertificateJson['key'], { t }: WindowText): string {
  if (type === 'RSA') return t('page.certificates.key.rsa', { bits });
  return curve === null
    ? t('page.certificates.key.ec-unnamed', { bits })
    : t('page.certificates.key.ec', { curve, bits });
}

/** Everything that a certificate says, for the table below its tile. */
export function certificateFacts(certificate: CertificateJson, text: WindowText): readonly Fact[] {
  const { subject, issuer, serialNumber, notBefore, notAfter } = certificate;
  const full = [subject.surname, subject.givenName].filter((part) => part !== null).join(' ');
  const holder = full === '' ? subject.commonName : full;
  const copied = (value: string | null): { copy?: string } => (value === null ? {} : { copy: value });
  return [
    { name: 'page.certificates.holder', value: holder, ...copied(holder) },
    {
      name: 'page.certificates.idnp',
      value: subject.idnp === null ? null : groupedIdnp(subject.idnp),
      ...copied(subject.idnp),
    },
    { name: 'page.certificates.from', value: text.longDate(notBefore) },
    {
      name: 'page.certificates.until',
      value: `${text.longDate(notAfter)}, ${text.time(notAfter)}`,
    },
    { name: 'page.certificates.key', value: keyText(certificate.key, text) },
    { name: 'page.certificates.serial', value: grouped(serialNumber), copy: serialNumber },
    { name: 'page.certificates.issuer', value: issuer, copy: issuer },
  ];
}
