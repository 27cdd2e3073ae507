import * as x509 from '@peculiar/x509';
import type { SandboxPerson } from '../people.ts';
import type { SandboxCa } from './certificate-issuing.ts';
import { derNull, objectIdentifier, sequence } from './der.ts';

/**
 * Names and extensions of the sandbox's certificates. Every name says SIMULATED, and the policies lie in the
 * arc that RFC 5612 keeps for documentation (enterprise number 32473): nothing here can be taken for a
 * certificate of a state authority.
 */

/** Policy identifiers of the sandbox, below 1.3.6.1.4.1.32473 (RFC 5612). */
export const sandboxPolicies = {
  authentication: '1.3.6.1.4.1.32473.498.1.1',
  signature: '1.3.6.1.4.1.32473.498.1.2',
  server: '1.3.6.1.4.1.32473.498.1.3',
  /** Of the time-stamping authority's certificate and of its time stamps. */
  timestamp: '1.3.6.1.4.1.32473.498.1.4',
} as const;

/** id-pkix-ocsp-nocheck, RFC 6960 clause 4.2.2.2.1. */
const ocspNoCheckOid = '1.3.6.1.5.5.7.48.1.5';

/** QCStatements (ETSI EN 319 412-5): qualified, key on a qualified device, type eSign. */
const qcStatementsOid = '1.3.6.1.5.5.7.1.3';
const qcCompliance = '0.4.0.1862.1.1';
const qcSscd = '0.4.0.1862.1.4';
const qcType = '0.4.0.1862.1.6';
const qcTypeEsign = '0.4.0.1862.1.6.1';

/** Attribute types of X.520 that the X.509 library does not know by a short name. */
const surname = '2.5.4.4';
const serialNumber = '2.5.4.5';
const givenName = '2.5.4.42';

/** Upper bound of a common name in characters (X.520, ub-common-name). */
const commonNameLimit = 64;

const organisation = (commonName: string): x509.Name =>
  new x509.Name([
    { C: [{ printableString: 'MD' }] },
    { O: [{ utf8String: 'Buletin SIMULATED' }] },
    { CN: [{ utf8String: commonName }] },
  ]);

export const rootName = organisation('Buletin SIMULATED Root CA');
export const issuingName = organisation('Buletin SIMULATED Issuing CA');
export const serverName = organisation('Buletin SIMULATED server');
export const timestampSignerName = organisation('Buletin SIMULATED TSA');

/** Name of the OCSP responder for a CA's certificates. */
export const ocspSignerName = (ca: SandboxCa): x509.Name =>
  organisation(`Buletin SIMULATED OCSP, ${ca === 'root' ? 'Root CA' : 'Issuing CA'}`);

/**
 * The holder's subject: C, GN, SN, serialNumber, CN "family given" (at most 64 characters, cut at a word).
 * `bareIdnp` writes the IDNP without the `PNOMD-` of ETSI EN 319 412-1; both occur in the field.
 */
export function holderName(person: SandboxPerson, bareIdnp: boolean): x509.Name {
  return new x509.Name([
    { C: [{ printableString: 'MD' }] },
    { [surname]: [{ utf8String: person.familyName }] },
    { [givenName]: [{ utf8String: person.givenName }] },
    { [serialNumber]: [{ printableString: bareIdnp ? person.idnp : `PNOMD-${person.idnp}` }] },
    { CN: [{ utf8String: commonName(person) }] },
  ]);
}

/** Family and given name, cut to what X.520 allows. */
export function commonName(person: Pick<SandboxPerson, 'familyName' | 'givenName'>): string {
  const full = `${person.familyName} ${person.givenName}`;
  if (full.length <= commonNameLimit) return full;
  const cut = full.slice(0, commonNameLimit + 1);
  return cut.slice(0, Math.max(cut.lastIndexOf(' '), cut.lastIndexOf('-')));
}

/** Extensions that say what a holder's certificate may be used for. */
export function holderExtensions(role: 'authentication' | 'signature'): x509.Extension[] {
  if (role === 'authentication') {
    return [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      new x509.CertificatePolicyExtension([sandboxPolicies.authentication]),
    ];
  }
  return [
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.nonRepudiation, true),
    new x509.CertificatePolicyExtension([sandboxPolicies.signature]),
    new x509.Extension(qcStatementsOid, false, qcStatements()),
  ];
}

/** Extensions of a delegated OCSP responder (RFC 6960 clause 4.2.2.2). */
export function ocspSignerExtensions(noCheck: boolean): x509.Extension[] {
  return [
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.ocspSigning]),
    ...(noCheck ? [new x509.Extension(ocspNoCheckOid, false, Uint8Array.from(derNull()))] : []),
  ];
}

/** Extensions of a time-stamping authority: time stamping alone, and critical (RFC 3161 clause 2.3). */
export function timestampSignerExtensions(): x509.Extension[] {
  return [
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.timeStamping], true),
    new x509.CertificatePolicyExtension([sandboxPolicies.timestamp]),
  ];
}

function qcStatements(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    sequence(
      sequence(objectIdentifier(qcCompliance)),
      sequence(objectIdentifier(qcSscd)),
      sequence(objectIdentifier(qcType), sequence(objectIdentifier(qcTypeEsign))),
    ),
  );
}
