/** Values of a PDF (ISO 32000-1, 7.3). `raw` are the bytes as they stand in the file, for writing them again. */
export type PdfValue =
  | PdfPlain
  | PdfNumber
  | PdfName
  | PdfString
  | PdfArray
  | PdfDictionary
  | PdfReference
  | PdfBoolean;

interface Raw {
  readonly raw: Uint8Array;
}
export interface PdfPlain extends Raw {
  readonly kind: 'null';
}
export interface PdfBoolean extends Raw {
  readonly kind: 'boolean';
  readonly value: boolean;
}
export interface PdfNumber extends Raw {
  readonly kind: 'number';
  /** NaN when the token only begins like a number. */
  readonly value: number;
}
export interface PdfName extends Raw {
  readonly kind: 'name';
  /** Without the solidus, `#` escapes resolved, one character for each byte. */
  readonly name: string;
}
export interface PdfString extends Raw {
  readonly kind: 'string';
}
export interface PdfArray extends Raw {
  readonly kind: 'array';
  readonly items: readonly PdfValue[];
}
export interface PdfDictionary extends Raw {
  readonly kind: 'dictionary';
  /** By decoded key; of a key that stands twice the last. */
  readonly entries: ReadonlyMap<string, PdfValue>;
}
export interface PdfReference extends Raw {
  readonly kind: 'reference';
  readonly number: number;
  readonly generation: number;
}

/** The value if it is an integer from `min` to `max`. */
export function integerOf(value: PdfValue | undefined, min: number, max: number): number | undefined {
  if (value?.kind !== 'number' || !Number.isInteger(value.value)) return undefined;
  return value.value >= min && value.value <= max ? value.value : undefined;
}

/** The name's characters if it is a name. */
export function nameOf(value: PdfValue | undefined): string | undefined {
  return value?.kind === 'name' ? value.name : undefined;
}

const escapes: Readonly<Record<string, number>> = {
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  b: 0x08,
  f: 0x0c,
};

/** The bytes that a string stands for (ISO 32000-1, 7.3.4). */
export function bytesOf(string: PdfString): Uint8Array {
  const text = Buffer.from(string.raw).toString('latin1');
  if (text.startsWith('<')) {
    const inner = text.slice(1, -1);
    const digits = /[^0-9a-f]/i.test(inner) ? inner.replace(/[^0-9a-f]/gi, '') : inner;
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
  }
  const inner = text.slice(1, -1);
  const plain = inner.replace(/\\(\r\n|[0-7]{1,3}|[\s\S])|\r\n?/g, (_, escaped: string | undefined) => {
    if (escaped === undefined) return '\n';
    if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 0xff);
    if (/^[\r\n]/.test(escaped)) return '';
    return String.fromCharCode(escapes[escaped] ?? escaped.charCodeAt(0));
  });
  return Buffer.from(plain, 'latin1');
}

/** A text string (ISO 32000-1, 7.9.2.2): UTF-16BE or UTF-8 by their marks, else taken as Latin-1. */
export function textOf(value: PdfValue | undefined): string | undefined {
  if (value?.kind !== 'string') return undefined;
  const bytes = bytesOf(value);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2));
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return new TextDecoder().decode(bytes.subarray(3));
  }
  return Buffer.from(bytes).toString('latin1');
}
