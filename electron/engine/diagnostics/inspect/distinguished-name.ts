/**
 * A distinguished name in the order of RFC 4514, at most 2,000 characters. Node writes one RDN a line, root first, and
 * has escaped what RFC 4514 clause 2.4 escapes; RFC 4514 wants the last first, with commas.
 */
export function distinguishedName(lines: string): string {
  return lines
    .split('\n')
    .filter((line) => line.length > 0)
    .map((line) => line.slice(0, 300))
    .reverse()
    .join(', ')
    .slice(0, 2_000);
}
