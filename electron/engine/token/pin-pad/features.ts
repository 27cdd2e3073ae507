/** What a reader says it can do (PC/SC part 10, revision 2.02): the list of features and their properties. */

/** Feature tags, clause 2.3. */
export const PinFeature = {
  verifyPinDirect: 0x06,
  modifyPinDirect: 0x07,
  ifdPinProperties: 0x0a,
  getTlvProperties: 0x12,
} as const;

/** Entries in one list, at most; the standard defines some twenty. */
const maxFeatures = 64;
/** Bytes of properties, at most. */
const maxProperties = 1024;
const featureLength = 6;

/**
 * CM_IOCTL_GET_FEATURE_REQUEST, clause 2.2: SCARD_CTL_CODE(3400), which each platform counts its own way
 * (Windows: CTL_CODE of FILE_DEVICE_SMARTCARD; pcsc-lite and macOS: 0x42000000 + function).
 */
export function featureRequestCode(platform: NodeJS.Platform = process.platform): number {
  return platform === 'win32' ? (0x31 << 16) | (3400 << 2) : 0x4200_0000 + 3400;
}

/**
 * Reads a list of PCSC_TLV_STRUCTURE: tag, length (4), control code (big-endian).
 * @returns control codes by tag; empty when the list is not as it must be: half a list is none
 */
export function parseFeatureList(bytes: Uint8Array): ReadonlyMap<number, number> {
  const codes = new Map<number, number>();
  if (bytes.length % featureLength !== 0 || bytes.length > maxFeatures * featureLength) return codes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; at += featureLength) {
    const tag = view.getUint8(at);
    const code = view.getUint32(at + 2);
    if (view.getUint8(at + 1) !== 4 || code === 0 || codes.has(tag)) return new Map();
    codes.set(tag, code);
  }
  return codes;
}

/** What a keypad takes, as far as it says. Lengths in digits. */
export interface PadProperties {
  readonly minDigits?: number;
  readonly maxDigits?: number;
  /** bEntryValidationCondition: bit 0 at the longest length, bit 1 by the validation key, bit 2 after a time. */
  readonly validation?: number;
  /** USB vendor and product. */
  readonly usb?: { readonly vendor: number; readonly product: number };
}

/** Tags of FEATURE_GET_TLV_PROPERTIES, clause 2.6.14; values are little-endian. */
const Property = { validation: 0x02, minDigits: 0x06, maxDigits: 0x07, vendor: 0x0b, product: 0x0c } as const;

/** Reads the answer of FEATURE_GET_TLV_PROPERTIES; what is not understood is passed over, what is cut off ends it. */
export function parseTlvProperties(bytes: Uint8Array): PadProperties {
  const values = new Map<number, number>();
  let at = 0;
  while (at + 2 <= Math.min(bytes.length, maxProperties)) {
    const tag = bytes[at] as number;
    const length = bytes[at + 1] as number;
    const value = bytes.subarray(at + 2, at + 2 + length);
    if (value.length !== length) break;
    if (length >= 1 && length <= 2 && !values.has(tag))
      values.set(tag, (value[0] as number) + 256 * (value[1] ?? 0));
    at += 2 + length;
  }
  const [vendor, product] = [values.get(Property.vendor), values.get(Property.product)];
  const [minDigits, maxDigits] = [values.get(Property.minDigits), values.get(Property.maxDigits)];
  const validation = values.get(Property.validation);
  return {
    // 0 says that the pad has no limit of its own.
    ...(minDigits ? { minDigits } : {}),
    ...(maxDigits ? { maxDigits } : {}),
    ...(validation === undefined ? {} : { validation: validation & 0xff }),
    ...(vendor === undefined || product === undefined ? {} : { usb: { vendor, product } }),
  };
}

/** Reads PIN_PROPERTIES_STRUCTURE (FEATURE_IFD_PIN_PROPERTIES, clause 2.5.5): wLcdLayout, then two bytes. */
export function parsePinProperties(bytes: Uint8Array): PadProperties {
  return bytes.length === 4 ? { validation: bytes[2] as number } : {};
}
