// The ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  CertStatus,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nonce,
  KeyHash,
  OCSPResponse,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { CRLReason, Extension } from '@peculiar/asn1-x509';
import type { SandboxAuthority } from './authority.ts';
import { type CertificateIdentity, certificateIdentity, digest, hashNames } from './certificate-identity.ts';
import type { SandboxCa } from './certificate-issuing.ts';
import { octetString } from './der.ts';
import type { OcspFault } from './faults.ts';
import {
  type OcspQuestion,
  OcspRefusal,
  type OcspRefusalStatus,
  ocspResponseStatus,
  readOcspRequest,
} from './ocsp-request.ts';
import { type AnswerSigner, answerSigner, signAnswer } from './responder-signing.ts';
import { type CertificateStatus, certificateHold, revocationReasons } from './status-register.ts';

/** How long an answer says it is good for, in milliseconds. */
const answerValidityMs = 10 * 60 * 1000;
/** A signer is replaced after this long, well before its certificate ends. */
const signerAgeMs = 7 * 24 * 60 * 60 * 1000;

/** How a responder names itself (RFC 6960 clause 4.2.2.3). */
export type ResponderNaming = 'byKey' | 'byName';

/**
 * The OCSP responder for one CA's certificates (RFC 6960), with a delegated key that is made when it is first
 * asked. A suspended certificate is `revoked` with the reason certificateHold; one that the CA never issued is
 * `unknown`; a request in which nothing belongs to this CA is `unauthorized`.
 */
export class OcspResponder {
  readonly #authority: SandboxAuthority;
  readonly #ca: SandboxCa;
  readonly #naming: ResponderNaming;
  readonly #issuer: CertificateIdentity;
  #signer: { readonly made: Date; readonly signer: Promise<AnswerSigner> } | undefined;

  constructor(authority: SandboxAuthority, ca: SandboxCa, naming: ResponderNaming) {
    this.#authority = authority;
    this.#ca = ca;
    this.#naming = naming;
    this.#issuer = certificateIdentity(authority.certificateOf(ca).der);
  }

  /** Answers a request, both DER. Never throws for what a client sent. */
  async respond(request: Uint8Array, fault?: OcspFault): Promise<Uint8Array> {
    try {
      if (fault?.kind === 'refused') throw new OcspRefusal(fault.status);
      const question = readOcspRequest(request);
      if (!question.certificates.some((asked) => this.#isOurs(asked))) throw new OcspRefusal('unauthorized');
      return await this.#answer(question, fault);
    } catch (thrown) {
      if (thrown instanceof OcspRefusal) return ocspRefusal(thrown.status);
      throw thrown;
    }
  }

  async #answer(question: OcspQuestion, fault: OcspFault | undefined): Promise<Uint8Array> {
    const signer = fault?.kind === 'signer' ? fault.signer : await this.#currentSigner();
    const responder = certificateIdentity(signer.certificate);
    const now = this.#authority.clock().getTime() + (fault?.kind === 'clock' ? fault.shiftMs : 0);
    const thisUpdate = wholeSeconds(now);
    const nextUpdate = wholeSeconds(now + answerValidityMs);
    const extensions = responseExtensions(question.nonce, fault);
    const tbsResponseData = new ResponseData({
      responderID: this.#responderId(responder),
      producedAt: thisUpdate,
      responses: question.certificates.map(
        (asked) =>
          new SingleResponse({
            certID: fault?.kind === 'other-certificate' ? otherCertificate(asked) : asked,
            certStatus: this.#status(asked),
            thisUpdate,
            ...(fault?.kind === 'no-next-update' ? {} : { nextUpdate }),
          }),
      ),
      ...(extensions.length === 0 ? {} : { responseExtensions: extensions }),
    });
    const { algorithm, signature } = signAnswer(
      signer,
      new Uint8Array(AsnConvert.serialize(tbsResponseData)),
    );
    if (fault?.kind === 'bad-signature') signature.set([(signature.at(-1) ?? 0) ^ 1], signature.length - 1);
    const basic = new BasicOCSPResponse({
      tbsResponseData,
      signatureAlgorithm: algorithm,
      signature: signature.buffer,
      certs: [responder.asn1],
    });
    return new Uint8Array(
      AsnConvert.serialize(
        new OCSPResponse({
          responseStatus: ocspResponseStatus.successful,
          responseBytes: new ResponseBytes({
            responseType: id_pkix_ocsp_basic,
            response: new OctetString(AsnConvert.serialize(basic)),
          }),
        }),
      ),
    );
  }

  #currentSigner(): Promise<AnswerSigner> {
    const now = this.#authority.clock();
    if (this.#signer === undefined || now.getTime() - this.#signer.made.getTime() > signerAgeMs) {
      const ca = this.#ca;
      const signer = answerSigner((publicKey) => this.#authority.issueOcspSigner({ ca, publicKey }));
      this.#signer = { made: now, signer };
    }
    return this.#signer.signer;
  }

  #responderId(responder: CertificateIdentity): ResponderID {
    // KeyHash is SHA-1 whatever else is used (RFC 6960 clause 4.2.1).
    return this.#naming === 'byName'
      ? new ResponderID({ byName: responder.subject })
      : new ResponderID({ byKey: new KeyHash(digest('sha1', responder.keyBits)) });
  }

  /** Whether a CertID names a certificate of this CA. */
  #isOurs({ hashAlgorithm, issuerNameHash, issuerKeyHash }: CertID): boolean {
    const hash = hashNames.get(hashAlgorithm.algorithm);
    if (hash === undefined) return false;
    return (
      Buffer.from(issuerNameHash.buffer).equals(digest(hash, this.#issuer.subjectDer)) &&
      Buffer.from(issuerKeyHash.buffer).equals(digest(hash, this.#issuer.keyBits))
    );
  }

  #status(asked: CertID): CertStatus {
    const serialNumber = Buffer.from(asked.serialNumber).toString('hex');
    const status = this.#isOurs(asked) ? this.#authority.register.status(serialNumber, this.#ca) : undefined;
    if (status === undefined) return new CertStatus({ unknown: null });
    return status.state === 'good'
      ? new CertStatus({ good: null })
      : new CertStatus({ revoked: revoked(status) });
  }
}

/** An answer without content: the status alone (RFC 6960 clause 4.2.1), DER. */
export function ocspRefusal(status: OcspRefusalStatus): Uint8Array {
  return new Uint8Array(
    AsnConvert.serialize(new OCSPResponse({ responseStatus: ocspResponseStatus[status] })),
  );
}

function revoked(status: Exclude<CertificateStatus, { state: 'good' }>): RevokedInfo {
  const code = status.state === 'suspended' ? certificateHold : revocationReasons[status.reason];
  return new RevokedInfo({
    revocationTime: wholeSeconds(status.since.getTime()),
    ...(code === revocationReasons.unspecified ? {} : { revocationReason: new CRLReason(code) }),
  });
}

/** A moment without fractions of a second: OCSP has none (RFC 6960 clause 4.2.2.1, RFC 5280 clause 4.1.2.5.2). */
function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

function otherCertificate(asked: CertID): CertID {
  const serialNumber = Uint8Array.from(new Uint8Array(asked.serialNumber));
  serialNumber[serialNumber.length - 1] = (serialNumber.at(-1) ?? 0) ^ 1;
  return new CertID({ ...asked, serialNumber: serialNumber.buffer });
}

function responseExtensions(nonce: Extension | undefined, fault: OcspFault | undefined): Extension[] {
  const extension = (extnID: string, value: Uint8Array, critical: boolean): Extension =>
    new Extension({ extnID, critical, extnValue: new OctetString(Uint8Array.from(value)) });
  if (fault?.kind === 'critical-extension') {
    return [...(nonce ? [nonce] : []), extension('1.3.6.1.4.1.32473.498.9', octetString(), true)];
  }
  if (fault?.kind === 'other-nonce') {
    return [extension(id_pkix_ocsp_nonce, octetString(randomBytes(16)), false)];
  }
  return nonce === undefined || fault?.kind === 'no-nonce' ? [] : [nonce];
}
