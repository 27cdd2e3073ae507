/** Signing documents: everything that can be refused is refused before the person is asked for a PIN. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { asFailure, Failure } from '../../contract/failures/failure.ts';
import { failureToWire } from '../../contract/model/failure.ts';
import type { SignedDocument, SigningRequest, SigningResult } from '../../contract/model/signing.ts';
import { FileSource } from '../signing/byte-source.ts';
import { planSignature } from '../signing/prepared-signature.ts';
import type { SignKey } from '../signing/sign-key.ts';
import { signPdfFile } from '../signing/sign-pdf-file.ts';
import type { SignatureAlgorithm, TokenCertificate } from '../token/identity-token.ts';
import type { HeldCard } from './held-card.ts';
import type { OperationContext } from './operations.ts';
import { askForPin, type PinServices, refuseTransportPin, withFreshPins } from './pin-operations.ts';
import type { PromptAnswer } from './pin-prompts.ts';
import { certificateJson, toHex } from './presentation.ts';

type Documents = SigningRequest['documents'];
type Outcome = SigningResult['results'][number];

/** Failures that say something about the card or the person, not about the document under way. */
const endsEverything =
  /^(?:pin-|puk-|card-|reader-|service-|module-|agent-|cancelled$|algorithm-unsupported$|signature-invalid$|certificate-)/;

/**
 * Signs PDF files with the card's signature key, as one act: one entry of the PIN serves the documents that the
 * person was shown, and a refused PIN ends it. Documents that cannot be signed are told one by one.
 * @throws Failure when nothing was signed: the first document's, or the card's
 */
export async function signDocuments(
  services: PinServices,
  context: OperationContext,
  reader: string | undefined,
  request: SigningRequest,
): Promise<SigningResult> {
  const { held, pins } = await services.holder.freshCard(reader);
  const certificate = signatureCertificate(held);
  const algorithm = held.token.algorithms(certificate.id)[0];
  if (algorithm === undefined) throw new Failure('algorithm-unsupported');
  const pin = pins.find(({ name }) => name === certificate.pin);
  if (pin === undefined) throw new Failure('card-no-such-key', { parameters: { pin: 'PIN2' } });
  refuseTransportPin(pin);

  const outcomes = new Map<Documents[number], Outcome>();
  const signer = { certificate: certificate.der, chain: chainOf(held, certificate), algorithm };
  for (const document of request.documents) {
    const refusal = await look(document.input, signer);
    if (refusal) outcomes.set(document, { input: document.input, failure: failureToWire(refusal) });
    if (context.signal.aborted) throw new Failure('cancelled');
    if (refusal && request.documents.length === 1) throw refusal;
  }
  const signable = request.documents.filter((document) => !outcomes.has(document));
  if (signable.length > 0) {
    const answer = await askForPin(services, context, held, pins, {
      pin: pin.name,
      entry: 'current',
      purpose: 'sign',
      legalAct: certificate.role === 'signature',
      documents: signable.map(({ input }) => path.basename(input)),
    });
    try {
      const key = keyOf(services, held, certificate, algorithm, signer.chain, answer);
      await withFreshPins(services, held, () =>
        signAll(signable, outcomes, key, signerOf(certificate), request, context.signal),
      );
    } finally {
      answer.code.destroy();
    }
  }
  return {
    results: request.documents.flatMap((document) => outcomes.get(document) ?? []),
  };
}

/** One after the other; what ends everything is thrown when it comes first, else told for the documents left. */
async function signAll(
  documents: Documents,
  outcomes: Map<Documents[number], Outcome>,
  key: SignKey,
  signer: SignedDocument['signer'],
  request: SigningRequest,
  signal: AbortSignal,
): Promise<void> {
  let ended: Failure | undefined;
  for (const document of documents) {
    const { input, output } = document;
    try {
      if (ended) throw ended;
      const { overwrite = false, reason, location } = request;
      const signed = await signPdfFile(input, output, key, {
        overwrite,
        signal,
        ...(reason === undefined ? {} : { reason }),
        ...(location === undefined ? {} : { location }),
      });
      outcomes.set(document, {
        input,
        output: signed.output,
        format: signed.format,
        level: signed.level,
        signer,
        digest: { algorithm: signed.hash, value: toHex(signed.digest) },
        verified: signed.verified,
      });
    } catch (thrown) {
      const failure = asFailure(thrown);
      const nothingSigned = ![...outcomes.values()].some((outcome) => 'output' in outcome);
      if (endsEverything.test(failure.code)) {
        if (nothingSigned) throw failure;
        ended = failure;
      }
      if (documents.length === 1 && outcomes.size === 0) throw failure;
      outcomes.set(document, { input, failure: failureToWire(failure) });
    }
  }
}

/** Why a document cannot be signed, as far as it can be told without a signature and without writing anything. */
async function look(input: string, signer: Omit<SignKey, 'sign'>): Promise<Failure | undefined> {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    file = await open(input, 'r');
    const { size } = await file.stat();
    await planSignature(new FileSource(file, size), signer);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    const detail = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
    return new Failure('input-unreadable', { parameters: { path: input }, detail, cause: thrown });
  } finally {
    await file?.close().catch(() => {});
  }
}

/** The certificate that signs documents: the signature certificate, valid today. */
function signatureCertificate(held: HeldCard): TokenCertificate {
  const usable = held.token.certificates.filter(({ role, hasKey }) => role === 'signature' && hasKey);
  const now = new Date();
  const valid = usable.find(({ x509 }) => x509.validFromDate <= now && now <= x509.validToDate);
  if (valid) return valid;
  const [first] = usable;
  if (!first) {
    const none = held.token.certificates.length === 0;
    throw new Failure(none ? 'card-no-certificate' : 'card-no-such-key', { parameters: { pin: 'PIN2' } });
  }
  const expired = now > first.x509.validToDate;
  const date = (expired ? first.x509.validToDate : first.x509.validFromDate).toISOString().slice(0, 10);
  throw new Failure(expired ? 'certificate-expired' : 'certificate-not-yet-valid', { parameters: { date } });
}

/** The CA certificates that the card carries on the way up from this one. */
function chainOf({ token }: HeldCard, certificate: TokenCertificate): Uint8Array[] {
  const chain: TokenCertificate[] = [];
  const authorities = token.certificates.filter(({ role, hasKey }) => role === 'other' && !hasKey);
  for (let last = certificate; chain.length < 4; ) {
    const issuer = authorities.find(
      (candidate) => !chain.includes(candidate) && last.x509.checkIssued(candidate.x509),
    );
    if (!issuer) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain.map(({ der }) => der);
}

function keyOf(
  { holder }: PinServices,
  held: HeldCard,
  certificate: TokenCertificate,
  algorithm: SignatureAlgorithm,
  chain: readonly Uint8Array[],
  answer: PromptAnswer,
): SignKey {
  return {
    certificate: certificate.der,
    chain,
    algorithm,
    sign: (digest) =>
      holder.use(held, (token) => token.sign(certificate.id, algorithm, digest, answer.code, answer)),
  };
}

function signerOf(certificate: TokenCertificate): SignedDocument['signer'] {
  const { subject, serialNumber } = certificateJson(certificate);
  return { commonName: subject.commonName ?? '', idnp: subject.idnp, serialNumber };
}
