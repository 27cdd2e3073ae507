/**
 * Whether the bytes are one SEQUENCE of definite length with nothing after it (X.690 clauses 8.1.3 and 10.1). The
 * schema decoder looks at the first object only; what follows it would be read by nobody.
 */
export function isWholeSequence(bytes: Uint8Array): boolean {
  const [tag, first] = bytes;
  if (tag !== 0x30 || first === undefined) return false;
  if (first < 0x80) return bytes.length === 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.length < 2 + count) return false;
  const length = bytes.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.length === 2 + count + length;
}
