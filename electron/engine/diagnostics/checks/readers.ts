/** D05, D06, D07, D10, D15: there is a reader, and nothing keeps it from the card service. */
import { type CheckId, causes } from '../../../contract/diagnostics/causes.ts';
import { readerKnowledge } from '../../readers/knowledge/reader-knowledge.ts';
import type { Check, CheckContext, Observation } from '../doctor/check.ts';
import { installCommand, packageName } from '../system/packages.ts';
import { programsAtDevice } from '../system/processes.ts';
import type { UsbReader } from '../system/usb-devices.ts';
import { byPerson } from './fixes.ts';
import { gnupgFix } from './gnupg.ts';
import { sessionKind } from './session.ts';

/** Why the service shows no reader; undefined when it shows one, or does not run. */
export function whyNoReader(context: CheckContext): Promise<Observation | undefined> {
  return context.facts.remember('why no reader', () => find(context));
}

async function find(context: CheckContext): Promise<Observation | undefined> {
  const { facts, system, world } = context;
  const { running } = await facts.service();
  // Without our own eyes on the service nobody knows what it shows.
  if (!running || !world.readers) return undefined;
  if ((await facts.realReaders()).length > 0) return undefined;
  const session = sessionKind(system);
  const usb = system.platform === 'linux' ? await facts.usb() : undefined;
  const device = usb?.readers[0];
  if (device) return deviceTrouble(context, device);
  if (session !== 'local') return { cause: 'remote-session-without-reader', parameters: { session } };
  return { cause: usb !== undefined && !usb.anyDevice ? 'usb-not-visible' : 'reader-not-connected' };
}

/** A reader is on the bus, and the service does not show it. */
async function deviceTrouble({ facts, system }: CheckContext, device: UsbReader): Promise<Observation> {
  const parameters = { device: device.name };
  const [driver] = device.kernelDrivers;
  if (driver !== undefined) {
    return {
      cause: 'kernel-driver-holds-reader',
      parameters: { ...parameters, program: driver },
      fix: byPerson(
        `echo "blacklist ${driver}" | sudo tee /etc/modprobe.d/buletin-${driver}.conf`,
        `sudo modprobe -r ${driver}`,
      ),
    };
  }
  const drivers = await facts.drivers();
  if (drivers.bundles.length === 0) {
    const family = await facts.family();
    const name = packageName('driver', family);
    return {
      cause: 'driver-package-missing',
      parameters: { ...parameters, package: name },
      fix: byPerson(installCommand(family, name)),
    };
  }
  const [holder] = await programsAtDevice(system, device.node, new Set([process.pid]));
  if (holder?.gnupg) {
    return { cause: 'gnupg-holds-reader', parameters: { reader: device.name }, fix: gnupgFix };
  }
  if (holder) return { cause: 'device-held', parameters: { ...parameters, program: holder.name } };
  if (!drivers.drives(device)) return { cause: 'driver-missing', parameters };
  if (device.asleep) {
    return {
      cause: 'reader-asleep',
      parameters,
      fix: byPerson(`echo on | sudo tee /sys/bus/usb/devices/${device.place}/power/control`),
    };
  }
  return { cause: 'reader-not-taken', parameters };
}

const check = (id: CheckId): Check => ({
  id,
  budgetMs: 2_600,
  real: true,
  run: async (context) => {
    const found = await whyNoReader(context);
    const { running } = await context.facts.service();
    if (!running) return 'not-applicable';
    return found !== undefined && causes[found.cause].check === id ? [found] : [];
  },
});

/** Somebody who works remotely puts the card into the wrong computer's reader. */
const remote: Check = {
  ...check('D15'),
  run: async (context) => {
    const found = await whyNoReader(context);
    if (found?.cause === 'remote-session-without-reader') return [found];
    const session = sessionKind(context.system);
    const cards = (await context.facts.readers()).some(({ state }) => state !== 'empty');
    return session === 'local' || cards ? [] : [{ cause: 'remote-session', parameters: { session } }];
  },
};

export const readerChecks: readonly Check[] = [
  ...(['D05', 'D06', 'D07', 'D10'] as const).map(check),
  remote,
  {
    id: 'D26',
    budgetMs: 2_600,
    real: true,
    run: async ({ facts }) =>
      (await facts.realReaders())
        .filter(({ name }) => readerKnowledge(name)?.pinPad === 'false')
        .slice(0, 4)
        .map(({ name }) => ({ cause: 'pinpad-false', parameters: { reader: name } })),
  },
  {
    id: 'D27',
    budgetMs: 2_600,
    real: true,
    run: async ({ facts, system }) => {
      const reader = await facts.cardReader();
      if (!reader) return 'not-applicable';
      const parameters = { reader: reader.name };
      const known = readerKnowledge(reader.name);
      if (known?.support === 'unsupported') return [{ cause: 'reader-unsupported', parameters }];
      const byDescriptor =
        system.platform === 'linux' && !known && onlyOne((await facts.usb()).readers)?.shortApduOnly === true;
      return known?.extendedApdu === false || byDescriptor
        ? [{ cause: 'reader-short-apdu', parameters }]
        : [];
    },
  },
];

/** The one there is: with several, nobody can tell which of them a name belongs to. */
const onlyOne = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);
