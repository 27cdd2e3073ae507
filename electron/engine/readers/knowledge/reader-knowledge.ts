/**
 * What is known of card readers: which USB device is which reader, which driver it needs, what it claims and cannot
 * do. Data in `readers.json`, checked by schema when it is first used.
 */
import { z } from 'zod';
import data from './readers.json' with { type: 'json' };

const usbId = z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/);
/** A regular expression over PC/SC reader names. */
const namePattern = z.string().min(3).max(80);

export const knownReaderSchema = z.strictObject({
  title: z.string().min(1).max(60),
  /** `vendor:product`, lower-case hex. */
  usb: z.array(usbId).min(1),
  names: z.array(namePattern).min(1),
  interfaces: z.array(z.enum(['contact', 'contactless'])).min(1),
  /** `ccid`: the free driver of the system (libccid, Windows' and Apple's own). `vendor`: the maker's. */
  driver: z.enum(['ccid', 'vendor']),
  /** Host where the maker offers its driver. */
  driverPage: z.string().max(60).optional(),
  /** Linux kernel drivers that take the device away from the card service. */
  kernelDrivers: z.array(z.string()).optional(),
  /** `real`: a keypad that works. `false`: claims one that is not there. Absent: none. */
  pinPad: z.enum(['real', 'false']).optional(),
  /** Absent: it passes commands of more than 255 bytes. */
  extendedApdu: z.literal(false).optional(),
  support: z.enum(['good', 'limited', 'unsupported']),
  /** One of those that the state gives out with the card. */
  state: z.literal(true).optional(),
});

export const readerDataSchema = z.strictObject({
  readers: z.array(knownReaderSchema).min(1),
  virtualNames: z.array(namePattern),
});

export type KnownReader = z.infer<typeof knownReaderSchema>;

/** USB identity of a device (USB 2.0, 9.6.1: idVendor, idProduct). */
export interface UsbIdentity {
  readonly vendor: number;
  readonly product: number;
}

interface Knowledge {
  readonly readers: readonly { readonly reader: KnownReader; readonly names: readonly RegExp[] }[];
  readonly virtual: readonly RegExp[];
}

let knowledge: Knowledge | undefined;

function known(): Knowledge {
  if (knowledge === undefined) {
    const { readers, virtualNames } = readerDataSchema.parse(data);
    knowledge = {
      readers: readers.map((reader) => ({
        reader,
        names: reader.names.map((name) => new RegExp(name, 'i')),
      })),
      virtual: virtualNames.map((name) => new RegExp(name, 'i')),
    };
  }
  return knowledge;
}

/** `vendor:product` as the data write it. */
export function usbIdText({ vendor, product }: UsbIdentity): string {
  const four = (value: number) => value.toString(16).padStart(4, '0');
  return `${four(vendor)}:${four(product)}`;
}

/**
 * What is known of a reader, by its USB identity where that is known, else by its PC/SC name.
 * @param name as PC/SC lists it; may be empty when only the device is seen
 */
export function readerKnowledge(name: string, usb?: UsbIdentity): KnownReader | undefined {
  const id = usb && usbIdText(usb);
  const byDevice =
    id === undefined ? undefined : known().readers.find(({ reader }) => reader.usb.includes(id));
  if (byDevice) return byDevice.reader;
  return name === ''
    ? undefined
    : known().readers.find(({ names }) => names.some((one) => one.test(name)))?.reader;
}

/** Readers that are programs or chips of the computer, in which nobody can put a card. */
export function isVirtualReader(name: string): boolean {
  return known().virtual.some((pattern) => pattern.test(name));
}

/** Titles of readers that work well and that are given out with the card. */
export function recommendedReaders(): readonly string[] {
  return known()
    .readers.filter(({ reader }) => reader.state && reader.support === 'good')
    .map(({ reader }) => reader.title);
}
