import { bytes } from './scripted-channel.ts';

/** Hex of a data object: tag, length in DER form, and the parts (hex) one after another. */
export function der(tag: string, ...parts: string[]): string {
  const value = parts.join('').replaceAll(/\s/g, '');
  const length = value.length / 2;
  const head =
    length < 0x80
      ? length.toString(16).padStart(2, '0')
      : length < 0x100
        ? `81${length.toString(16)}`
        : `82${length.toString(16).padStart(4, '0')}`;
  return `${tag}${head}${value}`;
}

/** A CIO of ISO 7816-15: common, class and type attributes, each as the hex of its fields. */
export function cio(tag: string, common: string, classFields: string, typeFields: string): string {
  return der(tag, der('30', common), der('30', classFields), der('A1', der('30', typeFields)));
}

/** The same, as bytes. */
export function cioBytes(...parts: Parameters<typeof cio>): Uint8Array {
  return bytes(cio(...parts));
}
