/** Faults of the system around the card service, in a folder that stands for the root (Linux). */
import type { CauseCode } from '../../../electron/contract/diagnostics/causes.ts';
import type { Finding } from '../../../electron/contract/diagnostics/finding.ts';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import type { DoctorWorld } from '../../../electron/engine/diagnostics/doctor/world.ts';
import { type FaultCase, readingCard, StillReaders } from '../examination.ts';
import { FakeRoot, unit } from '../fake-root.ts';

interface Options {
  readonly readers?: StillReaders;
  readonly env?: Record<string, string>;
  readonly names?: Finding['parameters'];
  readonly world?: Partial<DoctorWorld>;
}

const withoutService = () => StillReaders.failing('service-absent');
const noReaders = () => StillReaders.showing();

function inFolder(
  fault: string,
  expected: CauseCode | null,
  change: (root: FakeRoot) => unknown,
  options: Options = {},
): FaultCase {
  return {
    fault,
    expected,
    by: 'folder',
    ...(options.names ? { names: options.names } : {}),
    inject: async (after) => {
      const root = new FakeRoot();
      after(() => root.dispose());
      await change(root);
      const readers = options.readers ?? StillReaders.showing('bit4id miniLector-EVO 00 00');
      return {
        system: root.system({ env: options.env ?? {} }),
        simulated: false,
        readers,
        modules: [],
        serviceSocket: '/run/pcscd/pcscd.comm',
        readCard: readingCard(readers),
        ...options.world,
      };
    },
  };
}

/** An `ss` that prints these lines. */
const ss = (root: FakeRoot, lines: string) => root.program('/usr/bin/ss', `printf '%s\\n' '${lines}'`);

/** Interface and CCID descriptors with the given dwFeatures. */
export function ccidDescriptors(features: number): Uint8Array {
  const device = Buffer.alloc(18);
  device.set([18, 1]);
  const configuration = Buffer.alloc(9);
  configuration.set([9, 2]);
  const face = Buffer.from([9, 4, 0, 0, 3, 0x0b, 0, 0, 0]);
  const ccid = Buffer.alloc(54);
  ccid.set([54, 0x21]);
  ccid.writeUInt32LE(features, 40);
  return Buffer.concat([device, configuration, face, ccid]);
}

export const folderCases: readonly FaultCase[] = [
  inFolder('healthy desktop, reader without a card', 'card-not-inserted', () => undefined),
  // D01 to D04
  inFolder('pcscd not installed', 'service-not-installed', (root) => root.remove('/usr/sbin/pcscd'), {
    readers: withoutService(),
    names: { package: 'pcscd, libccid' },
  }),
  inFolder(
    'pcscd not installed (Fedora)',
    'service-not-installed',
    (root) => root.remove('/usr/sbin/pcscd').write('/etc/os-release', 'ID=fedora\n'),
    { readers: withoutService(), names: { package: 'pcsc-lite, pcsc-lite-ccid' } },
  ),
  inFolder(
    'pcscd.socket disabled',
    'service-disabled',
    (root) => root.units(unit('loaded', 'inactive', 'disabled'), unit('loaded', 'inactive', 'indirect')),
    { readers: withoutService() },
  ),
  inFolder(
    'pcscd.socket masked',
    'service-masked',
    (root) => root.units(unit('masked', 'inactive', 'masked'), unit('loaded', 'inactive', 'indirect')),
    { readers: withoutService() },
  ),
  inFolder(
    'pcscd.service failed',
    'service-failed',
    (root) => root.units(unit('loaded', 'active', 'enabled'), unit('loaded', 'failed', 'indirect')),
    { readers: withoutService() },
  ),
  inFolder(
    'no systemd, pcscd not started',
    'service-not-running',
    (root) => root.remove('/usr/bin/systemctl'),
    {
      readers: withoutService(),
    },
  ),
  inFolder('pcscd crashed, its socket left behind', 'service-socket-dead', (root) => root.leaveDeadSocket(), {
    readers: StillReaders.failing('service-stopped'),
  }),
  inFolder('pcscd takes connections and answers nothing', 'service-hangs', (root) => root.listen(), {
    readers: StillReaders.failing('service-stopped'),
  }),
  inFolder('in a snap, without the service’s socket', 'app-sandboxed', () => undefined, {
    readers: withoutService(),
    env: { SNAP: '/snap/buletin/1', SNAP_NAME: 'buletin' },
    names: { package: 'snap' },
  }),
  inFolder(
    'in a flatpak, without the service’s socket',
    'app-sandboxed',
    (root) => root.write('/.flatpak-info', ''),
    {
      readers: withoutService(),
      names: { package: 'flatpak' },
    },
  ),
  inFolder('client and service of different versions', 'service-version-mismatch', (root) => root.listen(), {
    readers: StillReaders.failing('service-mismatch'),
  }),
  inFolder('polkit refuses this user, over SSH', 'service-access-refused', (root) => root.listen(), {
    readers: StillReaders.failing('service-refused'),
    env: { SSH_CONNECTION: '10.0.0.1 5000 10.0.0.2 22' },
    names: { session: 'SSH' },
  }),
  inFolder('our own native part is missing', 'app-incomplete', () => undefined, {
    readers: StillReaders.failing('native-missing'),
  }),
  // D05 to D07, D10, D15
  inFolder(
    'reader plugged in, no driver package',
    'driver-package-missing',
    (root) => root.remove('/usr/lib/pcsc'),
    {
      readers: noReaders(),
      names: { package: 'libccid', device: 'bit4id miniLector EVO' },
    },
  ),
  inFolder(
    'reader plugged in that no driver knows',
    'driver-missing',
    (root) => root.driver('0x0001', '0x0002'),
    {
      readers: noReaders(),
      names: { device: 'bit4id miniLector EVO' },
    },
  ),
  inFolder('reader plugged in, driver there, not taken', 'reader-not-taken', () => undefined, {
    readers: noReaders(),
  }),
  inFolder(
    'nothing plugged in',
    'reader-not-connected',
    (root) => root.remove('/sys/bus/usb/devices/1-1').remove('/sys/bus/usb/devices/1-1:1.0'),
    {
      readers: noReaders(),
    },
  ),
  inFolder('no USB in this (virtual) machine', 'usb-not-visible', (root) => root.remove('/sys/bus/usb'), {
    readers: noReaders(),
  }),
  inFolder(
    'kernel NFC driver has the reader',
    'kernel-driver-holds-reader',
    (root) =>
      root.usbReader(
        '1-1',
        { idVendor: '072f', idProduct: '2200', product: 'ACR122U PICC Interface' },
        { driver: 'pn533_usb' },
      ),
    { readers: noReaders(), names: { program: 'pn533_usb', device: 'ACS ACR122U' } },
  ),
  inFolder(
    'reader asleep (autosuspend)',
    'reader-asleep',
    (root) =>
      root.usbReader('1-1', { idVendor: '25dd', idProduct: '3111', 'power/runtime_status': 'suspended' }),
    { readers: noReaders() },
  ),
  inFolder(
    'RDP session without a redirected reader',
    'remote-session-without-reader',
    (root) => root.remove('/sys/bus/usb/devices/1-1').remove('/sys/bus/usb/devices/1-1:1.0'),
    {
      readers: noReaders(),
      env: { XRDP_SESSION: '1' },
      names: { session: 'RDP' },
    },
  ),
  // D08
  inFolder(
    'a program has the reader’s device open',
    'device-held',
    (root) => root.process(77, 'virtualbox', ['/dev/bus/usb/001/005']),
    { readers: noReaders(), names: { program: 'virtualbox' } },
  ),
  inFolder(
    'scdaemon has the reader’s device open (its own CCID driver)',
    'gnupg-holds-reader',
    (root) => root.process(78, 'scdaemon', ['/dev/bus/usb/001/005']),
    { readers: noReaders() },
  ),
  inFolder(
    'Firefox holds the reader, by ss',
    'reader-held',
    (root) =>
      ss(root, 'u_str ESTAB 0 0 /run/pcscd/pcscd.comm 100 * 101')
        .process(90, 'firefox', ['socket:[101]'])
        .process(91, 'bash', ['socket:[7]']),
    {
      readers: new StillReaders({
        service: 'running',
        readers: [{ name: 'R 00 00', simulated: false, state: 'busy', atr: null, generation: 0 }],
      }),
      names: { program: 'Firefox', reader: 'R 00 00' },
    },
  ),
  inFolder(
    'a Java program holds the reader, without ss',
    'reader-held',
    (root) =>
      root
        .process(92, 'java')
        .write('/proc/92/cmdline', '/usr/bin/java\0-jar\0/opt/stisc/ClientCardServer-2.0.jar\0')
        .write('/proc/92/maps', '7f00-7f10 r-xp 0 08:01 1 /usr/lib/x86_64-linux-gnu/libpcsclite.so.1.0.0\n'),
    {
      readers: new StillReaders({
        service: 'running',
        readers: [{ name: 'R 00 00', simulated: false, state: 'busy', atr: null, generation: 0 }],
      }),
      names: { program: 'java (ClientCardServer-2.0.jar)', reader: 'R 00 00' },
    },
  ),
  // D14, D24 to D30: notices
  inFolder('a virtual reader beside the real one', 'readers-virtual-ignored', () => undefined, {
    readers: new StillReaders({
      service: 'running',
      readers: (['Windows Hello for Business 1', 'Reader 00 00'] as const).map((name, at) => ({
        name,
        simulated: false,
        state: at === 0 ? 'present' : 'empty',
        atr: null,
        generation: 0,
      })),
    }),
    names: { label: 'Windows Hello for Business 1', reader: 'Reader 00 00' },
    world: { readCard: () => Promise.reject(new Failure('card-absent')) },
  }),
  inFolder('a reader that claims a PIN pad it lacks', 'pinpad-false', () => undefined, {
    readers: StillReaders.showing('HID Global OMNIKEY 3x21 Smart Card Reader 00 00'),
  }),
  inFolder('a reader for short commands only (by name)', 'reader-short-apdu', () => undefined, {
    readers: StillReaders.showing('ACS ACR122U PICC Interface 00 00'),
  }),
  inFolder(
    'a reader for short commands only (by its descriptor)',
    'reader-short-apdu',
    (root) =>
      root.usbReader(
        '1-1',
        { idVendor: '1234', idProduct: '0001', product: 'Plain Reader' },
        { descriptors: ccidDescriptors(0x0002_04be) },
      ),
    { readers: StillReaders.showing('Plain Reader 00 00') },
  ),
  inFolder('a reader that does not work with the card', 'reader-unsupported', () => undefined, {
    readers: StillReaders.showing('NXP PN533 00 00'),
  }),
  inFolder(
    'two modules in p11-kit',
    'modules-compete',
    (root) =>
      root.write('/usr/share/p11-kit/modules/bit4id.module', 'module: /usr/lib/bit4id/libbit4xpki.so\n'),
    { names: { files: 'libbit4xpki.so, opensc-pkcs11.so' } },
  ),
  inFolder(
    'two modules in a Firefox profile',
    'modules-compete',
    (root) =>
      root.write(
        '/home/ana/.mozilla/firefox/x.default/pkcs11.txt',
        'library=\nname=NSS\n\nlibrary=/usr/lib/onepin-opensc-pkcs11.so\nname=OpenSC\n\nlibrary=/usr/lib/libeToken.so\nname=eToken\n',
      ),
    { names: { files: 'libeToken.so, onepin-opensc-pkcs11.so' } },
  ),
  inFolder('Firefox as a snap', 'browser-sandboxed', (root) => root.write('/snap/firefox/current/x', ''), {
    names: { browser: 'Firefox', package: 'snap' },
  }),
  inFolder(
    'Chromium as a flatpak',
    'browser-sandboxed',
    (root) => root.write('/var/lib/flatpak/app/org.chromium.Chromium/x', ''),
    { names: { browser: 'Chromium', package: 'flatpak' } },
  ),
  inFolder(
    'pcscd with a known fault',
    'service-known-bad',
    (root) => root.packages({ pcscd: '1.8.26-3', libccid: '1.5.2-1' }),
    {
      names: { package: 'pcscd', version: '1.8.26-3' },
    },
  ),
  inFolder(
    'libccid with a known fault',
    'driver-known-bad',
    (root) => root.packages({ pcscd: '1.9.9-2', libccid: '1.4.31-1' }),
    {
      names: { package: 'libccid', version: '1.4.31-1' },
    },
  ),
  inFolder('a system language without UTF-8', 'locale-not-utf8', () => undefined, { env: { LANG: 'C' } }),
  inFolder('working over SSH, card not in that computer', 'remote-session', () => undefined, {
    env: { SSH_CONNECTION: '10.0.0.1 5000 10.0.0.2 22' },
    names: { session: 'SSH' },
  }),
  inFolder('the settings are wrong and no agent starts', 'settings-invalid', () => undefined, {
    world: { ownTrouble: { kind: 'settings', parameter: 'portal.trust' } },
    names: { field: 'portal.trust' },
  }),
  inFolder('no agent can be started', 'agent-not-starting', () => undefined, {
    world: { ownTrouble: { kind: 'agent', parameter: 'agent-lost' } },
  }),
  {
    ...inFolder('disk full', 'disk-full', () => undefined),
    inject: async (after) => {
      const root = new FakeRoot();
      after(() => root.dispose());
      const system = root.system();
      system.freeBytes = async () => 3 * 1024 * 1024;
      const readers = StillReaders.showing('bit4id miniLector-EVO 00 00');
      return {
        system,
        simulated: false,
        readers,
        modules: [],
        serviceSocket: undefined,
        readCard: readingCard(readers),
      };
    },
  },
  {
    ...inFolder('disk nearly full', 'disk-low', () => undefined),
    inject: async (after) => {
      const root = new FakeRoot();
      after(() => root.dispose());
      const system = root.system();
      system.freeBytes = async () => 120 * 1024 * 1024;
      const readers = StillReaders.showing('bit4id miniLector-EVO 00 00');
      return {
        system,
        simulated: false,
        readers,
        modules: [],
        serviceSocket: undefined,
        readCard: readingCard(readers),
      };
    },
  },
];
