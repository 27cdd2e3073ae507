import { createHash, type Hash, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../contract/failures/failure.ts';
import { type HashName, opensslHash } from '../token/digest-info.ts';
import { type ByteSink, type ByteSource, eachPiece } from './byte-source.ts';
import { type CmsSigner, digestOf, signedAttributes, signedData } from './cms/signed-data.ts';
import { verifySignedData } from './cms/verification.ts';
import { PdfDocument } from './pdf/document.ts';
import { type CheckedSigner, checkSigner } from './sign-key.ts';
import { layOutSignature, rangeDigits, type SignatureWords } from './signature-objects.ts';

/** How a PDF is to be signed. */
export interface SignatureOptions {
  /** The claimed time of signing; default now. */
  readonly moment?: Date;
  /** The full name of an empty signature field to be signed; default: a new invisible field. */
  readonly field?: string;
  /** Why, and where: shown by PDF programs. */
  readonly reason?: string;
  readonly location?: string;
  /**
   * Bytes kept for the CMS; default 16,384, or more where the certificates need it. What comes later into the CMS
   * (a timestamp) needs room here.
   */
  readonly contentsLength?: number;
}

/** A half-open range of bytes of the signed file. */
export type ByteRange = readonly [start: number, length: number, secondStart: number, secondLength: number];

/** An update laid out for a source: what follows the source's bytes, and which bytes of both are signed. */
export interface SignaturePlan {
  readonly signer: CheckedSigner;
  readonly sourceLength: number;
  /** The whole update; the place of the CMS is filled with zeros. */
  readonly update: Buffer;
  /** Where in `update` the hexadecimal digits of the CMS go. */
  readonly contentsAt: number;
  /** Bytes kept for the CMS; twice as many digits. */
  readonly contentsLength: number;
  readonly byteRange: ByteRange;
  readonly fieldName: string;
}

/** A document that waits for its signature. Holds no file and may wait as long as it takes. */
export interface PreparedSignature {
  readonly plan: SignaturePlan;
  /** The hash of the document and of the signature. */
  readonly hash: HashName;
  /** Of the bytes that ByteRange names. */
  readonly documentDigest: Uint8Array;
  /** The CMS signed attributes, DER. */
  readonly attributes: Uint8Array;
  /** What the key signs: the digest of `attributes`. */
  readonly digestToSign: Uint8Array;
}

/** A finished signature. */
export interface CompletedSignature {
  readonly fieldName: string;
  readonly byteRange: ByteRange;
  readonly documentDigest: Uint8Array;
  readonly cms: Uint8Array;
}

const defaultContentsLength = 16_384;

/**
 * Reads what is needed of a PDF and lays out the update that signs it. Nothing is hashed or written yet.
 * @throws Failure `pdf-broken`, `pdf-encrypted`, `pdf-locked`, `pdf-too-complex`, `pdf-field-unusable`,
 * `signature-too-large` (the room asked for is too small), `algorithm-unsupported`.
 */
export async function planSignature(
  source: ByteSource,
  signer: CmsSigner,
  options: SignatureOptions = {},
): Promise<SignaturePlan> {
  const checked = checkSigner(signer);
  const contentsLength = roomFor(checked, options.contentsLength);
  const document = await PdfDocument.open(source);
  const { hash } = signer.algorithm;
  const words: SignatureWords = { ...options, moment: options.moment ?? new Date() };
  const objects = await layOutSignature(document, words, hash, contentsLength);

  const lastByte = (await source.read(source.size - 1, 1))[0];
  const lineEnd = lastByte !== 0x0a && lastByte !== 0x0d;
  const { bytes, textAt } = objects.increment.bytes(source.size, lineEnd);
  const contents = textAt(objects.signature) + objects.contentsAt;
  const gapStart = source.size + contents;
  const gapEnd = gapStart + 2 * contentsLength + 2;
  const total = source.size + bytes.length;
  const byteRange: ByteRange = [0, gapStart, gapEnd, total - gapEnd];
  const range = byteRange.slice(1).map((number) => String(number).padEnd(rangeDigits));
  bytes.write(range.join(' '), textAt(objects.signature) + objects.byteRangeAt, 'latin1');
  return {
    signer: checked,
    sourceLength: source.size,
    update: bytes,
    contentsAt: contents + 1,
    contentsLength,
    byteRange,
    fieldName: objects.fieldName,
  };
}

/**
 * First half of a signature: plans it, and hashes source and update in one pass, which can copy the source.
 *
 * @param copy Receives the source's bytes as they are hashed, so that what was hashed is what was copied.
 * @throws Failure as `planSignature`; `cancelled`; `input-changed` when the source ends early.
 */
export async function prepareSignature(
  source: ByteSource,
  signer: CmsSigner,
  options: SignatureOptions = {},
  { copy, signal }: { readonly copy?: ByteSink; readonly signal?: AbortSignal } = {},
): Promise<PreparedSignature> {
  const plan = await planSignature(source, signer, options);
  const hash = createHash(opensslHash[signer.algorithm.hash]);
  await hashSource(source, hash, copy, signal);
  return prepared(plan, hash);
}

/**
 * The first half for a plan whose source has been hashed already.
 * @param hash Has taken the source's bytes and nothing else; is used up.
 */
export function prepared(plan: SignaturePlan, hash: Hash): PreparedSignature {
  const { update, contentsAt, contentsLength, signer } = plan;
  hash.update(update.subarray(0, contentsAt - 1));
  hash.update(update.subarray(contentsAt + 2 * contentsLength + 1));
  const documentDigest = hash.digest();
  const attributes = signedAttributes(signer, documentDigest);
  return {
    plan,
    hash: signer.algorithm.hash,
    documentDigest,
    attributes,
    digestToSign: digestOf(signer.algorithm.hash, attributes),
  };
}

/**
 * Second half: puts the signature into the update and writes the update. The source's bytes must stand before it,
 * in `sink` or wherever the sink leads.
 *
 * @param signature As `SignKey.sign` returns it.
 * @throws Failure `signature-invalid` when it does not hold for the certificate: nothing is written then;
 * `signature-too-large`.
 */
export async function completeSignature(
  { plan, attributes, documentDigest }: PreparedSignature,
  signature: Uint8Array,
  sink: ByteSink,
): Promise<CompletedSignature> {
  const { signer, contentsLength, contentsAt, update, fieldName, byteRange } = plan;
  if (signature.length !== signer.signatureLength) {
    throw new Failure('signature-invalid', { detail: `a signature of ${signature.length} bytes` });
  }
  const cms = signedData(signer, attributes, signature);
  if (cms.length > contentsLength) throw tooLarge(cms.length, contentsLength);
  const { certificate, contentDigest } = verifySignedData(cms, 'signature-invalid');
  const ours = Buffer.from(signer.certificate).equals(certificate);
  if (!ours || !timingSafeEqual(contentDigest, documentDigest)) {
    throw new Failure('signature-invalid', { detail: 'a signature over something else' });
  }
  const filled = Buffer.from(update);
  filled.write(Buffer.from(cms).toString('hex'), contentsAt, 'latin1');
  await sink.write(filled);
  return { fieldName, byteRange, documentDigest, cms };
}

/**
 * Hashes a source, and copies it where asked, in pieces.
 * @throws Failure `input-changed` when the source ends early, `cancelled`.
 */
export async function hashSource(
  source: ByteSource,
  hash: Hash,
  copy?: ByteSink,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const take = async (bytes: Uint8Array): Promise<void> => {
      // The copy goes out while the hash is made.
      const written = copy?.write(bytes);
      hash.update(bytes);
      await written;
    };
    await eachPiece(source, 0, source.size, take, signal);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure('input-changed', { detail: error.message });
  }
}

/** Bytes to keep for the CMS. */
function roomFor(signer: CheckedSigner, wanted: number | undefined): number {
  const needed = largestCms.get(signer) ?? cmsLength(signer);
  largestCms.set(signer, needed);
  if (wanted !== undefined && wanted < needed) throw tooLarge(needed, wanted);
  return wanted ?? Math.max(defaultContentsLength, needed);
}

/** The length of a signer's CMS with a signature of the greatest length, reckoned once. */
const largestCms = new WeakMap<CheckedSigner, number>();

function cmsLength(signer: CheckedSigner): number {
  const longest = new Uint8Array(signer.signatureLength).fill(0xff);
  return signedData(signer, signedAttributes(signer, new Uint8Array(64)), longest).length;
}

function tooLarge(needed: number, kept: number): Failure {
  return new Failure('signature-too-large', { detail: `${needed} bytes, ${kept} kept` });
}
