/** A time-stamp query about nothing, and whether an answer is a time stamp of it (RFC 3161). */

/** SHA-256 of no bytes at all. */
const imprint = Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex');

/** TimeStampReq (RFC 3161, 2.4.1): version 1, SHA-256 of the empty message, no nonce, no certificate wanted. */
export function timestampQuery(): Uint8Array {
  const algorithm = '300d06096086480165030402010500';
  const messageImprint = Buffer.concat([Buffer.from(`3031${algorithm}0420`, 'hex'), imprint]);
  return Buffer.concat([Buffer.from('3036020101', 'hex'), messageImprint]);
}

/** Whether an answer is a TimeStampResp (2.4.2) whose token holds our imprint: PKIStatus 0 or 1 and the digest. */
export function answersTimestampQuery(contentType: string, body: Buffer): boolean {
  if (!/^application\/timestamp-reply\b/i.test(contentType) || body[0] !== 0x30) return false;
  // PKIStatusInfo stands first: SEQUENCE { INTEGER 0 (granted) or 1 (grantedWithMods), … }.
  const status = /^30(?:[0-7].|81..|82....)30(?:[0-7].|81..)0201(00|01)/.exec(
    body.subarray(0, 16).toString('hex'),
  );
  return status !== null && body.includes(imprint);
}
