import path from 'node:path';

/** Bytes of a file name on the file systems in use. */
const longestName = 255;

/**
 * The names for a signed file when none was given, best first: `NAME.signed.pdf` beside the input, then
 * `NAME.signed-2.pdf` and so on. NAME is shortened, at the end of a character, where the whole would be longer than
 * 255 bytes.
 */
export function* signedNames(input: string): Generator<string, never> {
  const { dir, base } = path.parse(input);
  const stem = base.replace(/\.pdf$/i, '');
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '.signed.pdf' : `.signed-${number}.pdf`;
    yield path.join(dir, shortened(stem, longestName - suffix.length) + suffix);
  }
}

function shortened(text: string, bytes: number): string {
  let result = '';
  let length = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    length += Buffer.byteLength(segment);
    if (length > bytes) break;
    result += segment;
  }
  return result;
}
