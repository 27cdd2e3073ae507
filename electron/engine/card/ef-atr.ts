import { type CardCapabilities, parseCardCapabilities } from './atr.ts';
import { derReference } from './der.ts';
import { readTlvList, type Tlv } from './tlv.ts';

/** EF.ATR/INFO (ISO 7816-4, 12.2.2), as far as transport is concerned. */
export interface AtrInformation {
  /** Tag 47. */
  readonly capabilities: CardCapabilities | undefined;
  /** From tag 7F66: bytes in the longest response data field with extended length, without the status word. */
  readonly maxResponseData: number | undefined;
}

/**
 * Decodes EF.ATR/INFO (2F01). What it does not know is passed over.
 * @throws Failure `card-malformed` for broken data.
 */
export function parseEfAtr(bytes: Uint8Array): AtrInformation {
  const objects = readTlvList(bytes, { padding: true });
  const capabilities = objects.find(({ tag }) => tag === 0x47)?.value;
  const limits = objects.find(({ tag }) => tag === 0x7f66)?.children() ?? [];
  return { capabilities: parseCardCapabilities(capabilities), maxResponseData: responseLimit(limits) };
}

/** `7F66 { 02 longest command APDU, 02 longest response APDU }`, both with all their bytes. */
function responseLimit([, response]: readonly Tlv[]): number | undefined {
  if (response?.tag !== 0x02) return undefined;
  const apdu = derReference(response, 4);
  return apdu > 2 ? apdu - 2 : undefined;
}
