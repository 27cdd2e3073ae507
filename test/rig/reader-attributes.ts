/** SCARD_ATTR_* ids (PC/SC part 3, table 3-1: class << 16 | tag). */
export const attribute = {
  vendorName: 0x0001_0100,
  vendorIfdType: 0x0001_0101,
  vendorIfdVersion: 0x0001_0102,
  vendorIfdSerialNumber: 0x0001_0103,
  channelId: 0x0002_0110,
  asynchronousProtocolTypes: 0x0003_0120,
  characteristics: 0x0006_0150,
  iccPresence: 0x0009_0300,
  iccInterfaceStatus: 0x0009_0301,
  atrString: 0x0009_0303,
  iccTypePerAtr: 0x0009_0304,
  maxInput: 0x0007_a007,
} as const;

/** What a virtual reader says about itself unless a test changes it. Numbers are DWORDs in host order (little-endian). */
export function defaultAttributes(serialNumber: string): Map<number, Uint8Array> {
  return new Map<number, Uint8Array>([
    [attribute.vendorName, text('Buletin test rig')],
    [attribute.vendorIfdType, text('Virtual Reader')],
    [attribute.vendorIfdVersion, number(0x0100_0000)],
    [attribute.vendorIfdSerialNumber, text(serialNumber)],
    [attribute.asynchronousProtocolTypes, number(0b11)],
    [attribute.characteristics, number(0)],
    [attribute.maxInput, number(65_544)],
  ]);
}

/** A text attribute: ASCII with a final NUL. */
export function text(value: string): Uint8Array {
  return new TextEncoder().encode(`${value}\0`);
}

/** A DWORD attribute as drivers on 64-bit Linux return it: 4 bytes, little-endian. */
export function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
