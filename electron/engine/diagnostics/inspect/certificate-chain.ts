/** Whom a certificate leads to, link by link, and what is wrong with each. */
import { createHash, type X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { BasicConstraints, Certificate, KeyUsage, KeyUsageFlags } from '@peculiar/asn1-x509';
import type { CertificateInspection, ChainLink, ChainReason } from '../../../contract/diagnostics/inspect.ts';
import { distinguishedName } from './distinguished-name.ts';
import { knownAuthorities } from './known-authorities.ts';

const maxLinks = 10;

/** A certificate, and where it was found. */
export interface Found {
  readonly certificate: X509Certificate;
  readonly from: ChainLink['from'];
}

export interface ChainOptions {
  /** Where issuers may be found: the card's certificates, authorities that this world knows. */
  readonly among: readonly Found[];
  /** Names of authorities beside the list, by SHA-256. */
  readonly authorities?: ReadonlyMap<string, string>;
  /** Fetches the certificate that another names as its issuer's. */
  readonly fetch?: (of: X509Certificate) => Promise<X509Certificate | undefined>;
  readonly now: Date;
}

/** Follows issuers until an authority of the list, a certificate that is its own issuer, or nothing is found. */
export async function certificateChain(
  certificate: X509Certificate,
  options: ChainOptions,
): Promise<CertificateInspection['chain']> {
  const chain: Found[] = [{ certificate, from: 'asked' }];
  let missing = false;
  for (;;) {
    const { certificate: last } = chain.at(-1) as Found;
    if (isOwnIssuer(last) || chain.length >= maxLinks) break;
    const issuer = await issuerOf(last, options);
    if (issuer === undefined) {
      missing = !isKnown(last, options);
      break;
    }
    // A ring of certificates leads nowhere.
    if (chain.some(({ certificate: seen }) => seen.fingerprint256 === issuer.certificate.fingerprint256))
      break;
    chain.push(issuer);
  }
  const links = chain.map((found, at) => linkOf(found, at, chain, missing, options));
  const broken = links.some(({ reasons }) =>
    reasons.some((reason) => reason !== 'root-unknown' && reason !== 'issuer-missing'),
  );
  const leads = links.some(({ known }) => known !== undefined);
  return { links, verdict: broken ? 'broken' : leads ? 'known' : 'unknown' };
}

async function issuerOf(of: X509Certificate, { among, fetch }: ChainOptions): Promise<Found | undefined> {
  const named = among.filter(({ certificate }) => of.checkIssued(certificate));
  // Two authorities may have one name: the one whose key fits, else the first, so that the fault can be told.
  const local = named.find(({ certificate }) => verifies(of, certificate)) ?? named[0];
  if (local || !fetch) return local;
  const fetched = await fetch(of);
  return fetched && of.checkIssued(fetched) ? { certificate: fetched, from: 'fetched' } : undefined;
}

function linkOf(
  { certificate, from }: Found,
  at: number,
  chain: readonly Found[],
  missing: boolean,
  options: ChainOptions,
): ChainLink {
  const known = nameOf(certificate, options);
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    serialNumber: certificate.serialNumber.toUpperCase().padStart(2, '0'),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    fingerprint: sha256(certificate),
    from,
    ...(known === undefined ? {} : { known }),
    reasons: reasonsOf(certificate, at, chain, missing, options),
  };
}

function reasonsOf(
  certificate: X509Certificate,
  at: number,
  chain: readonly Found[],
  missing: boolean,
  options: ChainOptions,
): ChainReason[] {
  const reasons: ChainReason[] = [];
  const { now } = options;
  if (now < certificate.validFromDate) reasons.push('not-yet-valid');
  if (now > certificate.validToDate) reasons.push('expired');
  const issuer = chain[at + 1]?.certificate ?? (isOwnIssuer(certificate) ? certificate : undefined);
  if (issuer === undefined) {
    if (missing) reasons.push('issuer-missing');
  } else if (!verifies(certificate, issuer)) reasons.push('signature-wrong');
  if (at > 0) {
    const { authority, pathLength, maySign } = constraintsOf(certificate);
    if (!authority) reasons.push('issuer-no-authority');
    if (!maySign) reasons.push('issuer-may-not-sign');
    // How many authorities may stand between it and the end (RFC 5280, 4.2.1.9).
    if (pathLength !== undefined && at - 1 > pathLength) reasons.push('path-too-long');
  }
  const isRoot = issuer === certificate;
  if (isRoot && !isKnown(certificate, options)) reasons.push('root-unknown');
  if (!isRoot && isWeak(certificate)) reasons.push('algorithm-weak');
  return reasons;
}

/** Signatures with SHA-1 or MD5, and RSA keys below 2,048 bits. */
function isWeak(certificate: X509Certificate): boolean {
  const { signatureAlgorithm } = AsnConvert.parse(certificate.raw, Certificate);
  const weak = ['1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5', '1.2.840.10045.4.1', '1.3.14.3.2.29'];
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength;
  return weak.includes(signatureAlgorithm.algorithm) || (bits !== undefined && bits < 2048);
}

function constraintsOf(certificate: X509Certificate) {
  const { extensions = [] } = AsnConvert.parse(certificate.raw, Certificate).tbsCertificate;
  const value = (id: string) => extensions.find(({ extnID }) => extnID === id)?.extnValue.buffer;
  const basic = value('2.5.29.19');
  const usage = value('2.5.29.15');
  const constraints = basic && AsnConvert.parse(basic, BasicConstraints);
  const flags = usage && AsnConvert.parse(usage, KeyUsage).toNumber();
  return {
    authority: constraints?.cA === true,
    pathLength: constraints?.pathLenConstraint,
    maySign: flags === undefined || (flags & KeyUsageFlags.keyCertSign) !== 0,
  };
}

function isOwnIssuer(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.checkIssued(certificate);
}

function verifies(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function isKnown(certificate: X509Certificate, options: ChainOptions): boolean {
  return nameOf(certificate, options) !== undefined;
}

function nameOf(certificate: X509Certificate, { authorities }: ChainOptions): string | undefined {
  const fingerprint = sha256(certificate);
  return knownAuthorities[fingerprint] ?? authorities?.get(fingerprint);
}

/** SHA-256 of a certificate, upper-case hex. */
export function sha256(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('hex').toUpperCase();
}
