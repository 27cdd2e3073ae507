/** Which reader it is, by numbers: its name may hold a serial number, a host, anything. */
import type { BundleReader } from '../../../contract/diagnostics/bundle.ts';
import {
  isVirtualReader,
  readerKnowledge,
  type UsbIdentity,
  usbIdText,
} from '../../readers/knowledge/reader-knowledge.ts';
import type { ReaderInfo } from '../../readers/reader-service.ts';
import { NodeSystem } from '../system/node-system.ts';
import { lookAtUsb } from '../system/usb-devices.ts';

/** What a bundle tells of a reader beside its state. */
export type ReaderIdentity = Pick<BundleReader, 'kind' | 'usb' | 'pinPad'>;

/** The one card reader on USB, when there is exactly one that the system shows. Never fails. */
export async function onlyUsbReader(): Promise<UsbIdentity | undefined> {
  if (process.platform !== 'linux') return undefined;
  const look = await lookAtUsb(new NodeSystem()).catch(() => undefined);
  return look?.readers.length === 1 ? look.readers[0] : undefined;
}

/** @param device the only reader on USB, where that is known */
export function identifyReader(
  { name, simulated }: ReaderInfo,
  device: UsbIdentity | undefined,
): ReaderIdentity {
  if (simulated) return { kind: 'simulated', usb: null, pinPad: 'none' };
  if (isVirtualReader(name)) return { kind: 'virtual', usb: null, pinPad: 'none' };
  const known = readerKnowledge(name);
  const pinPad = known === undefined ? 'unknown' : padOf(known.pinPad);
  // A model that comes with several numbers is told by the device's own.
  const [first, ...others] = known?.usb ?? [];
  const own = device && usbIdText(device);
  if (own !== undefined && (known === undefined || known.usb.includes(own)))
    return { kind: 'usb', usb: own, pinPad };
  if (first !== undefined) return { kind: 'usb', usb: others.length === 0 ? first : null, pinPad };
  return { kind: 'unknown', usb: null, pinPad };
}

function padOf(pad: 'real' | 'false' | undefined): BundleReader['pinPad'] {
  if (pad === undefined) return 'none';
  return pad === 'real' ? 'used' : 'quirk';
}
