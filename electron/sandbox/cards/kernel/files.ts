import { concatBytes, integer, tlv } from '../../pki/der.ts';

/** An elementary file. Its content is asked for at each read, so that it can follow the card's state. */
export interface ElementaryFile {
  readonly kind: 'transparent' | 'internal';
  /** File identifier, 2 bytes as a number. */
  readonly id: number;
  /** Short EF identifier, 1 to 30. */
  readonly shortId?: number;
  /** `internal` files (keys) have a size but cannot be read. */
  readonly content: () => Uint8Array;
}

/** A dedicated file or the MF. */
export interface DedicatedFile {
  readonly kind: 'dedicated';
  readonly id: number;
  /** DF name, usually an application identifier; up to 16 bytes. */
  readonly name?: Uint8Array;
  readonly children: readonly CardFile[];
}

export type CardFile = ElementaryFile | DedicatedFile;

/** A transparent file with content that never changes, or that is made anew for each read. */
export function transparentFile(
  id: number,
  content: Uint8Array | (() => Uint8Array),
  shortId?: number,
): ElementaryFile {
  return {
    kind: 'transparent',
    id,
    content: typeof content === 'function' ? content : () => content,
    ...(shortId === undefined ? {} : { shortId }),
  };
}

/** The file that stands for a private key of `size` bytes. */
export function keyFile(id: number, size: number): ElementaryFile {
  return { kind: 'internal', id, content: () => new Uint8Array(size) };
}

/** A dedicated file with its children. */
export function dedicatedFile(
  id: number,
  name: Uint8Array | undefined,
  children: readonly CardFile[],
): DedicatedFile {
  return { kind: 'dedicated', id, children, ...(name === undefined ? {} : { name }) };
}

/** File descriptor byte (ISO 7816-4 table 12): working EF, internal EF, DF. */
const descriptors = { transparent: 0x01, internal: 0x11, dedicated: 0x38 } as const;
/** Life cycle status: operational, activated (ISO 7816-4 table 13). */
const operational = 0x05;

/** The data objects of a file's control parameters (ISO 7816-4 table 10). */
function controlParameters(file: CardFile): Uint8Array {
  const identifier = tlv(0x83, Uint8Array.of(file.id >> 8, file.id & 0xff));
  const descriptor = tlv(0x82, Uint8Array.of(descriptors[file.kind]));
  const lifeCycle = integer(operational, 0x8a);
  if (file.kind === 'dedicated') {
    const name = file.name === undefined ? new Uint8Array() : tlv(0x84, file.name);
    return concatBytes(descriptor, identifier, name, lifeCycle);
  }
  const size = file.content().length;
  const shortId = file.shortId === undefined ? new Uint8Array() : tlv(0x88, Uint8Array.of(file.shortId << 3));
  return concatBytes(
    tlv(0x80, Uint8Array.of(size >> 8, size & 0xff)),
    descriptor,
    identifier,
    shortId,
    lifeCycle,
  );
}

/** FCI template (tag 6F) or FCP template (tag 62) of a file. */
export function fileTemplate(file: CardFile, tag: 0x6f | 0x62): Uint8Array {
  return tlv(tag, controlParameters(file));
}
