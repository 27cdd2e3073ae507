import { Failure } from '../../../contract/failures/failure.ts';
import { Asn1Tag, derCount, Fields } from '../der.ts';
import type { Tlv } from '../tlv.ts';
import type { Pkcs15Application, Pkcs15Path } from './model.ts';

/** Deepest path: eight file identifiers. */
const maxPathBytes = 16;
/** READ BINARY with an offset in P1-P2 ends here. */
const maxIndex = 0x7fff;
const maxFileBytes = 0xffff;

/**
 * A Path of ISO 7816-15, 8.2.5: `SEQUENCE { efidOrPath OCTET STRING, index INTEGER OPTIONAL, length [0] INTEGER OPTIONAL }`.
 * @returns undefined for an empty efidOrPath, which names no file.
 * @throws Failure `card-malformed`, also for a short file identifier (one byte) and for absurd positions.
 */
export function parsePath(sequence: Tlv): Pkcs15Path | undefined {
  const fields = new Fields(sequence.children());
  const file = fields.required(Asn1Tag.octetString, 'path').value;
  const index = fields.optional(Asn1Tag.integer);
  const length = fields.optional(0x80);
  if (file.length === 0) return undefined;
  if (file.length % 2 !== 0 || file.length > maxPathBytes) {
    throw new Failure('card-malformed', { detail: `a path of ${file.length} bytes` });
  }
  return {
    file,
    index: index && derCount(index, maxIndex),
    length: length && derCount(length, maxFileBytes),
  };
}

/** Whether a path begins at the MF. */
export function isAbsolute(file: Uint8Array): boolean {
  return file[0] === 0x3f && file[1] === 0x00;
}

/**
 * The absolute path of a file of an application, or undefined when the application's own path is not known and the file
 * is named from there. 3FFF at the front stands for the current DF.
 */
export function absolutePath(application: Pkcs15Application, file: Uint8Array): Uint8Array | undefined {
  if (isAbsolute(file)) return file;
  if (!application.path) return undefined;
  return new Uint8Array(Buffer.concat([application.path, relativePath(file)]));
}

/** A path without a leading 3FFF. */
export function relativePath(file: Uint8Array): Uint8Array {
  return file.length > 2 && file[0] === 0x3f && file[1] === 0xff ? file.subarray(2) : file;
}
