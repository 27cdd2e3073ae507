/** A command APDU taken apart (ISO 7816-4 clause 5.1). */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** Ne, the greatest number of response bytes expected: 0 when there is no Le, else 1 to 65,536. */
  readonly ne: number;
  /** Lc or Le is written in extended form. */
  readonly extended: boolean;
}

/**
 * Takes a command APDU apart: cases 1 to 4, short and extended.
 * @returns undefined when the lengths do not add up (the card answers 6700).
 */
export function parseCommandApdu(bytes: Uint8Array): CommandApdu | undefined {
  const [cla, ins, p1, p2] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const body = parseBody(bytes.subarray(4));
  return body && { cla, ins, p1, p2, ...body };
}

type Body = Pick<CommandApdu, 'data' | 'ne' | 'extended'>;

function parseBody(body: Uint8Array): Body | undefined {
  const none = body.subarray(0, 0);
  const first = body[0];
  if (first === undefined) return { data: none, ne: 0, extended: false };
  if (body.length === 1) return { data: none, ne: first || 256, extended: false };
  if (first !== 0) {
    if (body.length === 1 + first) return { data: body.subarray(1), ne: 0, extended: false };
    if (body.length !== 2 + first) return undefined;
    return { data: body.subarray(1, 1 + first), ne: body[1 + first] || 256, extended: false };
  }
  if (body.length < 3) return undefined;
  const length = ((body[1] ?? 0) << 8) | (body[2] ?? 0);
  if (body.length === 3) return { data: none, ne: length || 65_536, extended: true };
  if (length === 0) return undefined;
  if (body.length === 3 + length) return { data: body.subarray(3), ne: 0, extended: true };
  if (body.length !== 5 + length) return undefined;
  const ne = ((body[3 + length] ?? 0) << 8) | (body[4 + length] ?? 0);
  return { data: body.subarray(3, 3 + length), ne: ne || 65_536, extended: true };
}
