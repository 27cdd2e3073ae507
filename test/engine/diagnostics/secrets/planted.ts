/** Finds planted secrets in anything that is written, however they may have been written down. */

/** One thing that must not be found. */
export interface Planted {
  readonly name: string;
  /** Every form in which it would be found. */
  readonly forms: readonly RegExp[];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Base64 of a text somewhere inside other bytes: the three ways in which it can lie, without its edges. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const cut = shift === 0 ? 0 : shift + 1;
    return text.replace(/=+$/, '').slice(cut, bytes.length % 3 === (3 - shift) % 3 ? undefined : -1);
  });
}

function encodings(text: string): Buffer[] {
  const little = Buffer.from(text, 'utf16le');
  return [Buffer.from(text, 'utf8'), little, Buffer.from(little).swap16()];
}

/**
 * A text: plain, in hex, in base64 and percent-encoded, each from UTF-8, UTF-16LE and UTF-16BE.
 * @param word digits so few that they could stand in any longer number: plain they are searched for by themselves
 */
export function plantedText(name: string, text: string, word = false): Planted {
  const plain = word ? `(?<![0-9A-Za-z])${escaped(text)}(?![0-9A-Za-z])` : escaped(text);
  const forms = [new RegExp(plain, 'iu'), new RegExp(escaped(encodeURIComponent(text)), 'i')];
  for (const bytes of encodings(text)) {
    forms.push(new RegExp(bytes.toString('hex'), 'i'));
    // Of four digits base64 leaves too little to be sure of; the longer ones are found in any position.
    if (bytes.length >= 6) forms.push(...base64Forms(bytes).map((form) => new RegExp(escaped(form))));
  }
  if (!word) forms.push(new RegExp(escaped(JSON.stringify(text).slice(1, -1)), 'i'));
  // As bytes in a row: "[52,50,55,49]".
  forms.push(new RegExp([...Buffer.from(text)].join(',\\s*')));
  return { name, forms: word ? [forms[0] as RegExp, ...forms.slice(2)] : forms };
}

/** Bytes, such as a key: in hex and base64, any run of 16 of them. */
export function plantedBytes(name: string, bytes: Uint8Array): Planted {
  const forms: RegExp[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const part = Buffer.from(bytes.subarray(at, at + 16));
    // Filler of real encodings: runs of one byte.
    if (part.every((byte) => byte === part[0])) continue;
    forms.push(new RegExp(part.toString('hex'), 'i'));
    forms.push(...base64Forms(part).map((form) => new RegExp(escaped(form))));
  }
  return { name, forms };
}

/** Names of what was found, none when all is well. */
export function findPlanted(document: string, planted: readonly Planted[]): string[] {
  return planted.filter(({ forms }) => forms.some((form) => form.test(document))).map(({ name }) => name);
}
