import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

/**
 * Electron's archive as far as packaging looks at it: an executable with a fuse wire, the folders beside it. It does
 * not run.
 */

/** What the fuses stand behind in Electron's executable. */
export const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** Nine fuses as Electron ships them: `1` on, `0` off. */
const shipped = '100111011';

interface Entry {
  readonly name: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** Writes `electron-vVERSION-linux-ARCH.zip` into a folder. */
export function writeStubElectron(folder: string, version: string, arch: string): void {
  const wire = Buffer.concat([
    Buffer.from(fuseSentinel),
    Buffer.from([1, shipped.length]),
    Buffer.from(shipped),
  ]);
  const program = Buffer.concat([Buffer.alloc(4_096, 1), wire, Buffer.alloc(4_096, 2)]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, `electron-v${version}-linux-${arch}.zip`),
    zip([
      { name: 'electron', content: program, mode: 0o755 },
      { name: 'version', content: Buffer.from(version), mode: 0o644 },
      { name: 'LICENSE', content: Buffer.from('a licence'), mode: 0o644 },
      { name: 'resources/default_app.asar', content: Buffer.from('to be removed'), mode: 0o644 },
      { name: 'locales/en-US.pak', content: Buffer.from('x'), mode: 0o644 },
    ]),
  );
}

/** A ZIP archive whose entries are stored as they are (APPNOTE 4.3). */
function zip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode } of entries) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x21, 8);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), content]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    // 3: made on Unix, so that the mode counts.
    const made = Buffer.from([20, 3]);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), made, fields, rest, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
