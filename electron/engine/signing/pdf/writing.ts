import type { PdfArray, PdfDictionary, PdfReference } from './values.ts';

/** Syntax of PDF objects, one character for each byte (Latin-1). */
export type PdfText = string;

const latin1 = (bytes: Uint8Array): PdfText => Buffer.from(bytes).toString('latin1');

/** A reference as it is written. */
export function referenceText({ number, generation }: Pick<PdfReference, 'number' | 'generation'>): PdfText {
  return `${number} ${generation} R`;
}

/** A name with `#` escapes where it needs them (ISO 32000-1, 7.3.5). */
export function nameText(name: string): PdfText {
  const escaped = name.replace(
    /[^!-~]|[#()<>[\]{}/%]/g,
    (character) => `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `/${escaped}`;
}

/** A text string: plain where it is ASCII, else UTF-16BE with its mark, in hex. */
export function textString(text: string): PdfText {
  if (/^[ -~]*$/.test(text)) return `(${text.replace(/[\\()]/g, '\\$&')})`;
  const units = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  return `<${units.toString('hex').toUpperCase()}>`;
}

/** A byte string in hex. */
export function hexString(bytes: Uint8Array): PdfText {
  return `<${Buffer.from(bytes).toString('hex').toUpperCase()}>`;
}

/** A moment as a date in UTC (ISO 32000-1, 7.9.4). */
export function dateText(moment: Date): PdfText {
  return `(D:${moment.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z)`;
}

/** A dictionary written again with some values set; all others byte by byte as they stood. */
export function withEntries(dictionary: PdfDictionary, set: Readonly<Record<string, PdfText>>): PdfText {
  const kept = [...dictionary.entries].map(([key, value]): [string, PdfText] => [
    key,
    set[key] ?? latin1(value.raw),
  ]);
  const added = Object.entries(set).filter(([key]) => !dictionary.entries.has(key));
  return `<<\n${[...kept, ...added].map(([key, text]) => `${nameText(key)} ${text}`).join('\n')}\n>>`;
}

/** An array written again with one more item at its end. */
export function withItem(array: PdfArray | undefined, item: PdfText): PdfText {
  return `[${[...(array?.items ?? []).map(({ raw }) => latin1(raw)), item].join(' ')}]`;
}
