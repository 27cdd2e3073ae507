/** Engine objects as the contract's JSON. */
import type { X509Certificate } from 'node:crypto';
import { idnpOfSerialNumber } from '../../contract/idnp.ts';
import type { CertificateJson, PinJson, ReaderJson, TokenJson } from '../../contract/model/card.ts';
import { distinguishedName } from '../diagnostics/inspect/distinguished-name.ts';
import type { ReaderInfo } from '../readers/reader-service.ts';
import type { IdentityToken, TokenCertificate, TokenPin } from '../token/identity-token.ts';

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
}

export function readerJson(reader: ReaderInfo): ReaderJson {
  return {
    name: reader.name,
    simulated: reader.simulated,
    state: reader.state,
    atr: reader.atr ? toHex(reader.atr) : null,
  };
}

export function pinJson(pin: TokenPin): PinJson {
  return {
    name: pin.name,
    role: pin.role,
    length: { min: pin.length.min, max: pin.length.max },
    tries: pin.tries,
    changeFirst: pin.changeFirst,
  };
}

/** An attribute of the subject. One given twice counts as absent: which of two numbers is the person's, nobody can tell. */
function subjectAttribute(x509: X509Certificate, name: string): string | null {
  const subject = x509.toLegacyObject().subject as unknown as Record<string, string | string[] | undefined>;
  const value = subject[name];
  return typeof value === 'string' ? value : null;
}

const curveBits: Record<string, number> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};
/** Names as NIST gives them, where OpenSSL has its own. */
const curveNames: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

function keyJson(x509: X509Certificate): CertificateJson['key'] {
  const details = x509.publicKey.asymmetricKeyDetails ?? {};
  if (details.namedCurve) {
    const curve = details.namedCurve;
    return { type: 'EC', bits: curveBits[curve] ?? 1, curve: curveNames[curve] ?? curve };
  }
  return { type: 'RSA', bits: details.modulusLength ?? 1, curve: null };
}

export function certificateJson(certificate: TokenCertificate, now = new Date()): CertificateJson {
  const { x509 } = certificate;
  const serialNumber = subjectAttribute(x509, 'serialNumber');
  const notBefore = x509.validFromDate;
  const notAfter = x509.validToDate;
  return {
    id: certificate.id,
    role: certificate.role,
    subject: {
      commonName: subjectAttribute(x509, 'CN'),
      givenName: subjectAttribute(x509, 'GN'),
      surname: subjectAttribute(x509, 'SN'),
      serialNumber,
      idnp: serialNumber === null ? null : (idnpOfSerialNumber(serialNumber)?.digits ?? null),
    },
    issuer: distinguishedName(x509.issuer),
    serialNumber: x509.serialNumber.toUpperCase(),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    key: keyJson(x509),
    status: now < notBefore ? 'not-yet-valid' : now > notAfter ? 'expired' : 'valid',
    pem: x509.toString(),
  };
}

export function tokenJson(token: IdentityToken, pins: readonly TokenPin[]): TokenJson {
  return {
    source: token.source,
    label: token.label,
    // Bytes of TokenInfo or a PKCS#11 token are hex, and hex is upper case here; other numbers stay as written.
    serial: /^(?:[0-9a-f]{2})+$/.test(token.serial) ? token.serial.toUpperCase() : token.serial,
    simulated: token.simulated,
    certificates: token.certificates.map((certificate) => certificateJson(certificate)),
    pins: pins.map(pinJson),
  };
}
