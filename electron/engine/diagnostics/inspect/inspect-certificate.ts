/** Everything about one certificate: its structure, whom it leads to, what its authority says of it now. */
// The ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import type { CertificateInspection, RevocationAnswer } from '../../../contract/diagnostics/inspect.ts';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import { Failure } from '../../../contract/failures/failure.ts';
import { failureToWire } from '../../../contract/model/failure.ts';
import { probe } from '../network/probe.ts';
import { addressesOf, askRevocation } from '../network/revocation.ts';
import type { SystemView } from '../system/system-view.ts';
import { asn1Tree } from './asn1-tree.ts';
import { certificateChain, sha256 } from './certificate-chain.ts';

const maxIssuerBytes = 64 * 1024;
const maxCertificateBytes = 16 * 1024;

export interface InspectionOptions {
  readonly system: SystemView;
  /** The card's other certificates. */
  readonly onCard: readonly X509Certificate[];
  /** Authorities that this world knows beside those of the list, such as the sandbox's. */
  readonly authorities: readonly X509Certificate[];
  /** Also what has to be asked over the network. */
  readonly online: boolean;
  /** Each question, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * A certificate as it is given by hand.
 * @throws Failure `contract-violation` for what is none
 */
export function certificateOfPem(pem: string): X509Certificate {
  try {
    const certificate = new X509Certificate(pem);
    if (certificate.raw.length <= maxCertificateBytes) return certificate;
  } catch (cause) {
    throw new Failure('contract-violation', { detail: 'not a certificate', cause });
  }
  throw new Failure('contract-violation', { detail: 'a certificate that is too large' });
}

export async function inspectCertificate(
  certificate: X509Certificate,
  options: InspectionOptions,
): Promise<CertificateInspection> {
  const { system, onCard, authorities, online, timeoutMs, signal } = options;
  const among = [
    ...authorities.map((one) => ({ certificate: one, from: 'known' as const })),
    ...onCard.map((one) => ({ certificate: one, from: 'card' as const })),
  ];
  const issuers = among.map((found) => found.certificate);
  const question = { system, certificate, issuers, timeoutMs, signal };
  const [chain, ocsp, crl] = await Promise.all([
    certificateChain(certificate, {
      among,
      authorities: new Map(authorities.map((one) => [sha256(one), commonName(one)])),
      now: new Date(system.now()),
      ...(online ? { fetch: (of: X509Certificate) => fetchIssuer(of, options) } : {}),
    }),
    online ? askRevocation(question, 'ocsp') : undefined,
    online ? askRevocation(question, 'crl') : undefined,
  ]);
  return {
    structure: asn1Tree(certificate.raw),
    chain,
    ...(ocsp ? { ocsp: withFailure(ocsp) } : {}),
    ...(crl ? { crl: withFailure(crl) } : {}),
  };
}

/** The issuer's certificate from where authorityInfoAccess says it is; DER or PEM. */
async function fetchIssuer(
  of: X509Certificate,
  { system, timeoutMs, signal }: InspectionOptions,
): Promise<X509Certificate | undefined> {
  const url = addressesOf(of).issuer;
  if (url === undefined) return undefined;
  const { answer } = await probe(system, { url, timeoutMs, signal, maxBytes: maxIssuerBytes });
  if (answer?.status !== 200 || answer.cut) return undefined;
  try {
    return new X509Certificate(answer.body);
  } catch {
    return undefined;
  }
}

const failures: { readonly [Problem in NonNullable<RevocationAnswer['problem']>]?: FailureCode } = {
  unreachable: 'portal-unreachable',
  timeout: 'portal-timeout',
  'http-status': 'portal-fault',
  'too-large': 'portal-answer-too-large',
  malformed: 'portal-answer-invalid',
};

/** What is at fault in the words of the catalogue: the certificate, or the way to its authority. */
function withFailure(answer: RevocationAnswer): RevocationAnswer {
  const { status, problem, host } = answer;
  const code =
    status === 'revoked'
      ? 'certificate-revoked'
      : status === 'suspended'
        ? 'certificate-suspended'
        : problem && failures[problem];
  if (code === undefined) return answer;
  const parameters = host === undefined ? {} : { host };
  return { ...answer, failure: failureToWire(new Failure(code, { parameters })) };
}

function commonName({ subject }: X509Certificate): string {
  return (/^CN=(.+)$/m.exec(subject)?.[1] ?? subject).slice(0, 200);
}
