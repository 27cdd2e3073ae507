// @peculiar/x509 needs the Reflect metadata API before it is loaded.
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { idnpOfSerialNumber } from '../../../contract/idnp.ts';

/** Why a provider does not accept a certificate. */
export type CertificateRefusal =
  | 'CertificateInvalid'
  | 'CertificateNotTrusted'
  | 'CertificateExpired'
  | 'HolderNotIdentified';

/** The authorities a provider recognises. */
export interface TrustedAuthorities {
  /** DER of the roots. */
  readonly roots: readonly Uint8Array[];
  /** DER of the CAs between a root and a holder. */
  readonly intermediates: readonly Uint8Array[];
}

export type CertificateVerdict =
  | { readonly accepted: true; readonly certificate: X509Certificate; readonly idnp: string }
  | { readonly accepted: false; readonly refusal: CertificateRefusal };

/** One certificate, parsed by both libraries: Node verifies signatures, the other reads extensions. */
interface Parsed {
  readonly node: X509Certificate;
  readonly fields: x509.X509Certificate;
}

const refuse = (refusal: CertificateRefusal): CertificateVerdict => ({ accepted: false, refusal });

/** Longest path looked for: holder, three CAs, root. */
const maxPath = 5;
/** Attribute type serialNumber, X.520. */
const serialNumberType = '2.5.4.5';
/** Extensions that this validation understands, so that they may be critical (RFC 5280 clause 4.2). */
const understood = new Set([
  '2.5.29.14', // subjectKeyIdentifier
  '2.5.29.15', // keyUsage
  '2.5.29.17', // subjectAltName
  '2.5.29.19', // basicConstraints
  '2.5.29.32', // certificatePolicies: any policy is accepted
  '2.5.29.35', // authorityKeyIdentifier
  '2.5.29.37', // extKeyUsage
]);

/**
 * Judges the certificate of someone who signs in: path to a root, validity, what its key may do, whose it is
 * (RFC 5280 clause 6, without policies and name constraints; revocation is another step).
 * @param at moment at which the path must be valid
 */
export function judgeCertificate(der: Uint8Array, trusted: TrustedAuthorities, at: Date): CertificateVerdict {
  const holder = parse(der);
  if (holder === null || isAuthority(holder) || !maySign(holder)) return refuse('CertificateInvalid');
  if (!isUsableKey(holder.node)) return refuse('CertificateInvalid');
  const path = findPath(holder, trusted);
  if (path === null) return refuse('CertificateNotTrusted');
  if (path.some(({ node }) => at < node.validFromDate || at > node.validToDate)) {
    return refuse('CertificateExpired');
  }
  const numbers = holder.fields.subjectName.getField(serialNumberType);
  const idnp = numbers.length === 1 ? idnpOfSerialNumber(numbers[0] ?? '') : null;
  if (idnp === null) return refuse('HolderNotIdentified');
  return { accepted: true, certificate: holder.node, idnp: idnp.digits };
}

function parse(der: Uint8Array): Parsed | null {
  try {
    const node = new X509Certificate(der);
    // Bytes after the certificate would be signed by nobody.
    if (node.raw.length !== der.length) return null;
    const fields = new x509.X509Certificate(Uint8Array.from(der));
    const unknown = fields.extensions.some(({ critical, type }) => critical && !understood.has(type));
    return unknown ? null : { node, fields };
  } catch {
    return null;
  }
}

/** The path from the holder to a root, holder first; null when there is none. */
function findPath(holder: Parsed, trusted: TrustedAuthorities): readonly Parsed[] | null {
  const roots = trusted.roots.map(parse).filter((one) => one !== null);
  const intermediates = trusted.intermediates.map(parse).filter((one) => one !== null);
  const path = [holder];
  while (path.length < maxPath) {
    const last = path.at(-1) as Parsed;
    // CAs below the one sought, not counting the holder (pathLenConstraint, RFC 5280 clause 4.2.1.9).
    const below = path.length - 1;
    const root = roots.find((one) => issued(one, last, below));
    if (root !== undefined) return [...path, root];
    const next = intermediates.find((one) => !path.includes(one) && issued(one, last, below));
    if (next === undefined) return null;
    path.push(next);
  }
  return null;
}

/** Whether a CA issued a certificate, and was allowed to. */
function issued(authority: Parsed, subject: Parsed, below: number): boolean {
  if (!isAuthority(authority) || !subject.node.checkIssued(authority.node)) return false;
  const { pathLength } = authority.fields.getExtension(x509.BasicConstraintsExtension) ?? {};
  if (pathLength !== undefined && below > pathLength) return false;
  const hash = (subject.fields.signatureAlgorithm as { hash?: { name?: string } }).hash?.name ?? '';
  if (!/^SHA-(?:256|384|512)$/.test(hash)) return false;
  return subject.node.verify(authority.node.publicKey);
}

function isAuthority({ fields }: Parsed): boolean {
  const usage = fields.getExtension(x509.KeyUsagesExtension);
  const mayIssue = usage !== null && (usage.usages & x509.KeyUsageFlags.keyCertSign) !== 0;
  return fields.getExtension(x509.BasicConstraintsExtension)?.ca === true && mayIssue;
}

/** digitalSignature (authentication) or nonRepudiation (a qualified signature certificate). */
function maySign({ fields }: Parsed): boolean {
  const usage = fields.getExtension(x509.KeyUsagesExtension);
  if (usage === null) return false;
  return (usage.usages & (x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation)) !== 0;
}

function isUsableKey({ publicKey }: X509Certificate): boolean {
  const details = publicKey.asymmetricKeyDetails ?? {};
  if (publicKey.asymmetricKeyType === 'rsa') return (details.modulusLength ?? 0) >= 2048;
  return (
    publicKey.asymmetricKeyType === 'ec' &&
    /^(?:prime256v1|secp384r1|secp521r1)$/.test(details.namedCurve ?? '')
  );
}
