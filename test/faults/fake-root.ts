import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { NodeSystem, type NodeSystemOptions } from '../../electron/engine/diagnostics/system/node-system.ts';
import { makeScratchFolder, removeScratchFolder } from '../rig/scratch-folder.ts';

const dpkg = (name: string, version: string) =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n\n`;

const plist = (vendor: string, product: string) => `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
<key>ifdVendorID</key><array><string>0x08E6</string><string>${vendor}</string></array>
<key>ifdProductID</key><array><string>0x3437</string><string>${product}</string></array>
<key>ifdFriendlyName</key><array><string>Gemalto PC Twin Reader</string><string>reader</string></array>
</dict></plist>
`;

/** One unit as `systemctl show` prints it. */
export const unit = (load: string, active: string, file: string) =>
  `LoadState=${load}\nActiveState=${active}\nUnitFileState=${file}\n`;

/**
 * The root of a Debian desktop with a bit4id miniLector, in which all is well; tests change files to inject faults. The
 * real parsing code reads it, and the programs in it are run.
 */
export class FakeRoot {
  readonly folder = makeScratchFolder();
  #servers: Server[] = [];

  constructor() {
    this.write('/etc/os-release', 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n');
    this.program('/usr/sbin/pcscd', 'exit 0');
    this.units(unit('loaded', 'active', 'enabled'), unit('loaded', 'active', 'indirect'));
    this.packages({ pcscd: '1.9.9-2', libccid: '1.5.2-1' });
    this.driver('0x25DD', '0x3111');
    this.usbReader('1-1', {
      idVendor: '25dd',
      idProduct: '3111',
      product: 'miniLector-EVO',
      manufacturer: 'bit4id',
    });
    this.write('/sys/bus/usb/devices/usb1/idVendor', '1d6b\n');
    this.process(1, 'systemd');
    mkdirSync(join(this.folder, 'home/ana'), { recursive: true });
    mkdirSync(join(this.folder, 'tmp'), { recursive: true });
    this.write(
      '/usr/share/p11-kit/modules/opensc-pkcs11.module',
      'module: /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so\n',
    );
    this.write('/usr/share/p11-kit/modules/p11-kit-trust.module', 'module: p11-kit-trust.so\n');
  }

  system(options: Partial<NodeSystemOptions> & { readonly env?: Record<string, string> } = {}): NodeSystem {
    const { env, ...rest } = options;
    return new NodeSystem({
      root: this.folder,
      home: '/home/ana',
      platform: 'linux',
      environment: { LANG: 'ro_RO.UTF-8', TMPDIR: '/tmp', ...env },
      ...rest,
    });
  }

  write(path: string, text: string | Uint8Array): this {
    const place = join(this.folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
    return this;
  }

  remove(path: string): this {
    rmSync(join(this.folder, path), { recursive: true, force: true });
    return this;
  }

  link(path: string, target: string): this {
    const place = join(this.folder, path);
    mkdirSync(dirname(place), { recursive: true });
    rmSync(place, { force: true });
    symlinkSync(target, place);
    return this;
  }

  forbid(path: string): this {
    chmodSync(join(this.folder, path), 0o000);
    return this;
  }

  allow(path: string): this {
    chmodSync(join(this.folder, path), 0o755);
    return this;
  }

  /** A program of the system: a shell script. */
  program(path: string, body: string): this {
    this.write(path, `#!/bin/sh\n${body}\n`);
    chmodSync(join(this.folder, path), 0o755);
    return this;
  }

  units(socket: string, service: string): this {
    return this.program(
      '/usr/bin/systemctl',
      `for last; do :; done\ncase "$last" in\npcscd.socket) printf '%s' '${socket}';;\n*) printf '%s' '${service}';;\nesac`,
    );
  }

  packages(versions: Readonly<Record<string, string>>): this {
    const entries = Object.entries({ base: '1', ...versions, zlib1g: '1:1.2.13' });
    return this.write('/var/lib/dpkg/status', entries.map(([name, version]) => dpkg(name, version)).join(''));
  }

  driver(vendor: string, product: string): this {
    return this.write('/usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist', plist(vendor, product));
  }

  usbReader(
    place: string,
    attributes: Readonly<Record<string, string>>,
    extra: { readonly class?: string; readonly driver?: string; readonly descriptors?: Uint8Array } = {},
  ): this {
    const folder = `/sys/bus/usb/devices/${place}`;
    const all = {
      busnum: '1',
      devnum: '5',
      'power/control': 'auto',
      'power/runtime_status': 'active',
      ...attributes,
    };
    for (const [name, value] of Object.entries(all)) this.write(`${folder}/${name}`, `${value}\n`);
    this.write(`${folder}:1.0/bInterfaceClass`, `${extra.class ?? '0b'}\n`);
    if (extra.driver) this.link(`${folder}:1.0/driver`, `../../../../bus/usb/drivers/${extra.driver}`);
    if (extra.descriptors) this.write(`${folder}/descriptors`, extra.descriptors);
    return this;
  }

  /** @param open what it has open */
  process(pid: number, comm: string, open: readonly string[] = [], parent = 1): this {
    this.write(`/proc/${pid}/comm`, `${comm}\n`);
    this.write(`/proc/${pid}/stat`, `${pid} (${comm}) S ${parent} 0 0`);
    this.write(`/proc/${pid}/cmdline`, `/usr/bin/${comm}\0`);
    open.forEach((target, index) => void this.link(`/proc/${pid}/fd/${index + 3}`, target));
    return this;
  }

  /** Somebody listens where pcscd would. */
  async listen(): Promise<this> {
    mkdirSync(join(this.folder, 'run/pcscd'), { recursive: true });
    const server = createServer(() => undefined);
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(join(this.folder, 'run/pcscd/pcscd.comm'), resolve));
    return this;
  }

  /** The socket's file stays behind, as after a crash. */
  async leaveDeadSocket(): Promise<this> {
    await this.listen();
    const path = join(this.folder, 'run/pcscd/pcscd.comm');
    // Node removes the file when it closes the server; a link keeps the socket.
    const { linkSync, renameSync } = await import('node:fs');
    linkSync(path, `${path}.kept`);
    await this.stopListening();
    renameSync(`${path}.kept`, path);
    return this;
  }

  async stopListening(): Promise<void> {
    for (const server of this.#servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  }

  async dispose(): Promise<void> {
    await this.stopListening();
    removeScratchFolder(this.folder);
  }
}
