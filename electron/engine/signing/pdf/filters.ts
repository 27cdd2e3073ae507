import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { bounds } from './bounds.ts';
import { broken, tooComplex } from './pdf-failures.ts';
import { integerOf, nameOf, type PdfDictionary, type PdfValue } from './values.ts';

const inflated = promisify(inflate);

/** A direct value, or the only item of an array. */
function single(value: PdfValue | undefined): PdfValue | undefined {
  if (value?.kind !== 'array') return value;
  if (value.items.length > 1) throw tooComplex('a chain of filters');
  return value.items[0];
}

/**
 * The decoded bytes of a cross-reference or object stream: not filtered, or FlateDecode with or without the
 * predictors of ISO 32000-1, 7.4.4.4.
 * @param limit Most bytes that may come out.
 * @throws Failure `pdf-broken`, `pdf-too-complex` (another filter, or more than `limit` bytes).
 */
export async function decodeStream(
  dictionary: PdfDictionary,
  data: Uint8Array,
  limit: number,
): Promise<Uint8Array> {
  const filter = single(dictionary.entries.get('Filter'));
  if (filter === undefined || filter.kind === 'null') return data;
  const name = nameOf(filter);
  if (name !== 'FlateDecode' && name !== 'Fl') throw tooComplex('a filter other than FlateDecode');
  const plain = await unpack(data, limit);
  const parameters = single(dictionary.entries.get('DecodeParms'));
  return parameters?.kind === 'dictionary' ? unpredicted(plain, parameters) : plain;
}

async function unpack(data: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await inflated(data, { maxOutputLength: Math.max(1, limit) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooComplex(`a stream of more than ${limit} bytes`);
    }
    throw broken('object', 'a stream that cannot be decompressed');
  }
}

function unpredicted(bytes: Uint8Array, parameters: PdfDictionary): Uint8Array {
  const parameter = (name: string, otherwise: number, max: number): number => {
    const value = parameters.entries.get(name);
    const number = value === undefined ? otherwise : integerOf(value, 1, max);
    if (number === undefined) throw broken('object', `a predictor's ${name}`);
    return number;
  };
  const predictor = parameter('Predictor', 1, 15);
  if (predictor === 1) return bytes;
  if (predictor < 10) throw tooComplex('a predictor other than those of PNG');
  const bits = parameter('BitsPerComponent', 8, 16) * parameter('Colors', 1, 32);
  const rowLength = Math.ceil((bits * parameter('Columns', 1, bounds.streamLength)) / 8);
  return unfiltered(bytes, rowLength, Math.ceil(bits / 8));
}

/** Takes the PNG filters off (RFC 2083, clause 6): each row has a byte before it that names its filter. */
function unfiltered(bytes: Uint8Array, rowLength: number, pixel: number): Uint8Array {
  const rows = Math.ceil(bytes.length / (rowLength + 1));
  const result = Buffer.alloc(Math.max(0, bytes.length - rows));
  for (let row = 0; row < rows; row++) {
    const from = row * (rowLength + 1);
    const to = row * rowLength;
    const filter = bytes[from] as number;
    if (filter > 4) throw broken('object', 'an unknown PNG filter');
    const length = Math.min(rowLength, bytes.length - from - 1);
    for (let at = 0; at < length; at++) {
      const left = at >= pixel ? (result[to + at - pixel] as number) : 0;
      const up = row > 0 ? (result[to + at - rowLength] as number) : 0;
      const upLeft = row > 0 && at >= pixel ? (result[to + at - rowLength - pixel] as number) : 0;
      const raw = bytes[from + 1 + at] as number;
      result[to + at] = raw + prediction(filter, left, up, upLeft);
    }
  }
  return result;
}

function prediction(filter: number, left: number, up: number, upLeft: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const estimate = left + up - upLeft;
      const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - upLeft)];
      if (a <= b && a <= c) return left;
      return b <= c ? up : upLeft;
    }
    default:
      return 0;
  }
}
