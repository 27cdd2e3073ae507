// @peculiar/x509 needs the Reflect metadata API before it is loaded.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { SandboxCa } from './certificate-issuing.ts';

/** Where the sandbox publishes, below the base address: the paths of its HTTP server. */
export const publicationPaths = {
  ocsp: { root: '/ocsp/root', issuing: '/ocsp/issuing' },
  revocationList: { root: '/crl/root.crl', issuing: '/crl/issuing.crl' },
  certificate: { root: '/cer/root.cer', issuing: '/cer/issuing.cer' },
  timestamp: '/tsa',
} as const;

/**
 * The extensions that tell where a certificate's issuer answers: authority information access (caIssuers, OCSP)
 * and CRL distribution point (RFC 5280 clauses 4.2.2.1 and 4.2.1.13).
 * @param pkiUrl base address; without one nothing is told
 * @param issuer the CA that issues the certificate
 */
export function publicationExtensions(pkiUrl: string | undefined, issuer: SandboxCa): x509.Extension[] {
  if (pkiUrl === undefined) return [];
  return [
    new x509.AuthorityInfoAccessExtension({
      ocsp: pkiUrl + publicationPaths.ocsp[issuer],
      caIssuers: pkiUrl + publicationPaths.certificate[issuer],
    }),
    new x509.CRLDistributionPointsExtension([pkiUrl + publicationPaths.revocationList[issuer]]),
  ];
}

/**
 * Checks a base address: plain http (revocation data is signed by itself, RFC 5280 clause 8) on loopback, no path.
 * @throws RangeError
 */
export function checkedPkiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost';
  if (url?.protocol !== 'http:' || !loopback || url.origin !== text) {
    throw new RangeError(`not a base address on loopback: ${text}`);
  }
  return text;
}
