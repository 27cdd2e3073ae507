import { createHash } from 'node:crypto';
import { Failure } from '../../contract/failures/failure.ts';
import { readTlvHeader } from '../card/tlv.ts';
import { opensslHash } from '../token/digest-info.ts';
import { type ByteSource, eachPiece } from './byte-source.ts';
import { verifySignedData } from './cms/verification.ts';
import { PdfDocument } from './pdf/document.ts';
import { readForm } from './pdf/form.ts';
import { bytesOf, integerOf, nameOf } from './pdf/values.ts';
import type { CompletedSignature } from './prepared-signature.ts';

/**
 * Reads a signed PDF as if it were a stranger's and checks the signature of one field, which must be the last: that
 * ByteRange leaves out the CMS and nothing else, that the bytes have the digest that was signed, and that the CMS
 * holds.
 *
 * @throws Failure `signed-file-faulty` when anything of that is not so.
 */
export async function checkSignedPdf(
  source: ByteSource,
  { fieldName, documentDigest, cms }: CompletedSignature,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const document = await PdfDocument.open(source);
    const { dictionary } = await document.catalogue();
    const form = await readForm(document, dictionary);
    const signature = form.signatureFields.find(({ name }) => name === fieldName)?.signature;
    if (!signature) throw faulty('the signature is not in its field');
    if (nameOf(signature.entries.get('SubFilter')) !== 'ETSI.CAdES.detached') throw faulty('SubFilter');

    const range = signature.entries.get('ByteRange');
    const numbers = range?.kind === 'array' ? range.items.map((item) => integerOf(item, 0, source.size)) : [];
    const [start, before, after, length] = numbers;
    if (numbers.length !== 4 || start !== 0 || before === undefined || after === undefined)
      throw faulty('ByteRange');
    if (length === undefined || after + length !== source.size) throw faulty('ByteRange ends elsewhere');
    const contents = signature.entries.get('Contents');
    if (contents?.kind !== 'string' || contents.raw[0] !== 0x3c) throw faulty('Contents');
    const gap = await source.read(before, after - before);
    if (!Buffer.from(contents.raw).equals(gap)) throw faulty('ByteRange leaves out something else');

    const held = bytesOf(contents);
    const header = readTlvHeader(held);
    const found = held.subarray(0, header ? header.headerLength + header.valueLength : 0);
    if (!Buffer.from(found).equals(cms)) throw faulty('another CMS');
    const padding = Buffer.alloc(held.length - found.length);
    if (!padding.equals(held.subarray(found.length))) throw faulty('something behind the CMS');
    const { hash, contentDigest } = verifySignedData(found, 'signed-file-faulty');
    const state = createHash(opensslHash[hash]);
    const take = (bytes: Uint8Array): void => {
      state.update(bytes);
    };
    await eachPiece(source, 0, before, take, signal);
    await eachPiece(source, after, source.size, take, signal);
    const digest = state.digest();
    if (!digest.equals(contentDigest) || !digest.equals(documentDigest)) throw faulty('the digest');
  } catch (error) {
    if (error instanceof Failure && ['signed-file-faulty', 'cancelled'].includes(error.code)) throw error;
    throw new Failure('signed-file-faulty', { detail: 'it cannot be read again', cause: error });
  }
}

function faulty(detail: string): Failure {
  return new Failure('signed-file-faulty', { detail });
}
