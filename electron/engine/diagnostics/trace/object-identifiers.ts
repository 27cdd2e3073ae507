/** Which OBJECT IDENTIFIERs may stay in a trace: those of the standards' own arcs. */

/** Encoded beginnings (X.690, 8.19). */
const arcs = [
  '5504',
  '551d',
  '551f',
  // 1.2.840.113549 (RSADSI), 1.2.840.10045 (ANSI X9.62)
  '2a864886f70d',
  '2a8648ce3d',
  // 1.3.132.0 (SECG), 1.3.36.3.3.2 (brainpool), 1.3.101 (Edwards curves)
  '2b8104',
  '2b240303',
  '2b65',
  // 2.16.840.1.101.3.4 (NIST)
  '608648016503',
  // 1.3.6.1.5.5.7 (PKIX), 0.4.0 (ETSI)
  '2b060105',
  '0400',
  // 1.2.498.3.32 (Moldova's policies)
  '2a83720320',
].map((hex) => Buffer.from(hex, 'hex'));

const longest = 16;

/** An OBJECT IDENTIFIER that means nothing, with as many bytes. */
export function redactObjectIdentifier(value: Uint8Array): Uint8Array {
  const known = value.length <= longest && arcs.some((arc) => arc.equals(value.subarray(0, arc.length)));
  if (known) return value;
  const filler = new Uint8Array(value.length).fill(0x01);
  if (filler.length > 0) filler[0] = 0x2a;
  return filler;
}
