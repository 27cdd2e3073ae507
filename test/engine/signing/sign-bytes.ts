import type { ByteSink } from '../../../electron/engine/signing/byte-source.ts';
import { MemorySource } from '../../../electron/engine/signing/byte-source.ts';
import {
  completeSignature,
  prepareSignature,
  type SignatureOptions,
} from '../../../electron/engine/signing/prepared-signature.ts';
import type { SignKey } from '../../../electron/engine/signing/sign-key.ts';

/** Collects what is written. */
export class MemorySink implements ByteSink {
  readonly #parts: Buffer[] = [];

  async write(bytes: Uint8Array): Promise<void> {
    this.#parts.push(Buffer.from(bytes));
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** A PDF in memory, signed. */
export async function signBytes(
  pdf: Uint8Array,
  key: SignKey,
  options: SignatureOptions = {},
): Promise<Buffer> {
  const sink = new MemorySink();
  const prepared = await prepareSignature(new MemorySource(pdf), key, options, { copy: sink });
  await completeSignature(prepared, await key.sign(prepared.digestToSign), sink);
  return sink.bytes();
}

/** CMS and signed bytes of the last signature, found without our own reader: by the last ByteRange in the text. */
export function lastSignature(pdf: Buffer): {
  readonly cms: Buffer;
  readonly content: Buffer;
  readonly gap: number;
} {
  const ranges = [...pdf.toString('latin1').matchAll(/\/ByteRange \[0 (\d+) +(\d+) +(\d+) *\]/g)];
  const [, before = 0, after = 0, length = 0] = (ranges.at(-1) ?? []).map(Number);
  const padded = Buffer.from(pdf.subarray(before + 1, after - 1).toString('latin1'), 'hex');
  return {
    cms: padded.subarray(0, 4 + padded.readUInt16BE(2)),
    content: Buffer.concat([pdf.subarray(0, before), pdf.subarray(after, after + length)]),
    gap: after - before,
  };
}
