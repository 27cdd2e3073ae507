/** Laying out labels and values on a page of fixed width. Widths are columns of a terminal. */

/** Width of a page: what every terminal and every sheet of paper has room for. */
export const pageWidth = 80;

/** Columns that a text takes: combining marks take none, East Asian characters and emoji two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) continue;
    width +=
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** Like `padEnd`, by columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * Breaks a text into lines of at most `width` columns, between words where it can, else within them. Never an empty
 * list.
 */
export function wrapped(text: string, width: number): string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(/ +/)) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (displayWidth(word) > room) {
      let head = '';
      for (const character of word) {
        if (head !== '' && displayWidth(head + character) > room) break;
        head += character;
      }
      lines.push(head);
      word = word.slice(head.length);
      if (displayWidth(head) > room && word === '') break;
    }
    line = word;
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/** What stands in front of the lines after the first, so that they hang under it. */
export function hanging(first: string, text: string, width: number = pageWidth): string[] {
  const indent = displayWidth(first);
  return wrapped(text, width - indent).map(
    (line, index) => (index === 0 ? first : ' '.repeat(indent)) + line,
  );
}

export type Row = readonly [label: string, value: string];

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(displayWidth));

/**
 * Rows of one or two fields each, labels and values under each other. When the pairs do not all fit into the page,
 * every field gets a row of its own; a long value goes on under itself.
 */
export function fieldRows(rows: readonly (readonly Row[])[], indent: number): string[] {
  const margin = ' '.repeat(indent);
  const leftLabel = widest(rows.map((row) => row[0]?.[0] ?? '')) + 2;
  const label = widest(rows.flat().map(([text]) => text)) + 2;
  const pairs = rows.filter(({ length }) => length === 2);
  const left = widest(pairs.map((row) => row[0]?.[1] ?? '')) + 2;
  const rightLabel = widest(pairs.map((row) => row[1]?.[0] ?? '')) + 2;
  const right = widest(pairs.map((row) => row[1]?.[1] ?? ''));
  const fit = indent + leftLabel + left + rightLabel + right <= pageWidth;
  return rows.flatMap((row) => {
    const [first, second] = row;
    if (fit && first && second) {
      const start = `${margin}${padded(first[0], leftLabel)}${padded(first[1], left)}`;
      return [`${start}${padded(second[0], rightLabel)}${second[1]}`];
    }
    const width = fit ? leftLabel : label;
    return row.flatMap(([name, value]) => hanging(`${margin}${padded(name, width)}`, value));
  });
}
