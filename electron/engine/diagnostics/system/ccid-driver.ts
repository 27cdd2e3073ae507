/** The readers' drivers that pcscd has: bundles in its drivers folder, and the USB devices each says it drives. */
import type { UsbIdentity } from '../../readers/knowledge/reader-knowledge.ts';
import type { SystemView } from './system-view.ts';

const folders = [
  '/usr/lib/pcsc/drivers',
  '/usr/lib64/pcsc/drivers',
  '/usr/local/lib/pcsc/drivers',
  '/usr/lib/readers/usb',
];
const maxListBytes = 4 * 1024 * 1024;

export interface PcscDrivers {
  /** Names of the bundles, as `ifd-ccid.bundle`. */
  readonly bundles: readonly string[];
  /** Whether a bundle names this device. */
  drives(usb: UsbIdentity): boolean;
}

export async function lookAtDrivers(system: SystemView): Promise<PcscDrivers> {
  const bundles: string[] = [];
  const devices = new Set<string>();
  for (const folder of folders) {
    for (const name of await system.list(folder)) {
      if (!name.endsWith('.bundle')) continue;
      const list = await system.text(`${folder}/${name}/Contents/Info.plist`, maxListBytes);
      if (list === undefined) continue;
      bundles.push(name);
      for (const device of devicesOf(list)) devices.add(device);
    }
  }
  return { bundles, drives: ({ vendor, product }) => devices.has(`${vendor}:${product}`) };
}

/** Pairs of the arrays `ifdVendorID` and `ifdProductID`, which stand in the same order. */
function devicesOf(list: string): string[] {
  const numbers = (key: string): number[] => {
    const array = new RegExp(`<key>${key}</key>\\s*<array>([^]*?)</array>`).exec(list)?.[1] ?? '';
    return [...array.matchAll(/<string>\s*(0x[0-9a-fA-F]{1,4}|\d{1,5})\s*<\/string>/g)].map(([, text]) =>
      Number(text),
    );
  };
  const products = numbers('ifdProductID');
  return numbers('ifdVendorID').map((vendor, at) => `${vendor}:${products[at]}`);
}
