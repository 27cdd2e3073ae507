/** USB devices as Linux shows them in sysfs, and which of them are card readers. */
import { readerKnowledge } from '../../readers/knowledge/reader-knowledge.ts';
import type { SystemView } from './system-view.ts';

/** bInterfaceClass of smart-card readers (USB CCID 1.1, 4.2). */
const ccidClass = 0x0b;
/** Level of exchange in dwFeatures (CCID 1.1, table 5.1-1): short APDUs, without extended ones. */
const shortApduLevel = 0x0002_0000;
const levelMask = 0x0007_0000;
const maxDevices = 256;

export interface UsbReader {
  /** Name of the folder in sysfs, as `1-2.3`. */
  readonly place: string;
  readonly vendor: number;
  readonly product: number;
  /** What people call it: from the list of known readers, else what the device says of itself. */
  readonly name: string;
  readonly ccid: boolean;
  /** Kernel drivers bound to its interfaces, `usbfs` (a program's) left out. */
  readonly kernelDrivers: readonly string[];
  /** `/dev/bus/usb/BBB/DDD` */
  readonly node: string;
  /** Autosuspend is on and the device sleeps. */
  readonly asleep: boolean;
  /** By its CCID descriptor it passes short APDUs only. */
  readonly shortApduOnly: boolean;
}

export interface UsbLook {
  /** Anything at all is on a bus: there is USB in this system. */
  readonly anyDevice: boolean;
  readonly readers: readonly UsbReader[];
}

const root = '/sys/bus/usb/devices';

/** All USB devices that are readers: by their class, or by the list of known ones. */
export async function lookAtUsb(system: SystemView): Promise<UsbLook> {
  const names = (await system.list(root)).slice(0, maxDevices);
  // `1-2:1.0` is an interface, `usb1` a bus.
  const devices = names.filter((name) => /^\d+-[\d.]+$/.test(name));
  const found = await Promise.all(devices.map((place) => readDevice(system, place, names)));
  return { anyDevice: names.length > 0, readers: found.flatMap((one) => one ?? []) };
}

async function readDevice(
  system: SystemView,
  place: string,
  names: readonly string[],
): Promise<UsbReader | undefined> {
  const attribute = async (name: string): Promise<string> =>
    ((await system.text(`${root}/${place}/${name}`, 4096)) ?? '').trim();
  const [vendorText, productText] = await Promise.all([attribute('idVendor'), attribute('idProduct')]);
  const vendor = Number.parseInt(vendorText, 16);
  const product = Number.parseInt(productText, 16);
  if (Number.isNaN(vendor) || Number.isNaN(product)) return undefined;
  const interfaces = names.filter((name) => name.startsWith(`${place}:`));
  const looked = await Promise.all(
    interfaces.map(async (name) => ({
      class: Number.parseInt((await system.text(`${root}/${name}/bInterfaceClass`, 64)) ?? '', 16),
      driver: (await system.link(`${root}/${name}/driver`))?.split('/').at(-1),
    })),
  );
  const known = readerKnowledge('', { vendor, product });
  const ccid = looked.some((one) => one.class === ccidClass);
  if (!ccid && !known) return undefined;
  const [title, maker, busNumber, deviceNumber, control, status] = await Promise.all(
    ['product', 'manufacturer', 'busnum', 'devnum', 'power/control', 'power/runtime_status'].map(attribute),
  );
  const said = [maker, title].filter((part) => part !== '' && part !== undefined).join(' ');
  const three = (text: string | undefined) => (text ?? '').padStart(3, '0');
  const descriptors = await system.bytes(`${root}/${place}/descriptors`, 4096);
  return {
    place,
    vendor,
    product,
    name: known?.title ?? (said || `USB ${vendorText}:${productText}`),
    ccid,
    kernelDrivers: looked.flatMap(({ driver }) =>
      driver === undefined || driver === 'usbfs' ? [] : [driver],
    ),
    node: `/dev/bus/usb/${three(busNumber)}/${three(deviceNumber)}`,
    asleep: control === 'auto' && status === 'suspended',
    shortApduOnly: descriptors !== undefined && passesShortApduOnly(descriptors),
  };
}

/** Reads the class descriptor (bDescriptorType 0x21, 54 bytes, dwFeatures at 40) of a CCID device's descriptors. */
export function passesShortApduOnly(descriptors: Buffer): boolean {
  let inCcid = false;
  for (let at = 0; at + 2 <= descriptors.length; ) {
    const length = descriptors[at] as number;
    if (length < 2 || at + length > descriptors.length) return false;
    const type = descriptors[at + 1];
    // INTERFACE descriptor: bInterfaceClass at 5.
    if (type === 4 && length >= 9) inCcid = descriptors[at + 5] === ccidClass;
    if (inCcid && type === 0x21 && length >= 54) {
      return (descriptors.readUInt32LE(at + 40) & levelMask) === shortApduLevel;
    }
    at += length;
  }
  return false;
}
