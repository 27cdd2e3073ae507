/** The file of a PKCS#11 module, looked at before any of its code runs. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../contract/failures/failure.ts';

/** A module that was chosen. */
export interface ModuleChoice {
  /** Absolute path. */
  readonly path: string;
  /** Lower-case hex; the file must have exactly this SHA-256. */
  readonly sha256?: string | undefined;
  /** `security-officer`: the module takes the PUK as the security officer's PIN. Nothing in PKCS#11 says so. */
  readonly puk?: 'security-officer' | undefined;
}

/** File name for sentences. */
export function moduleName(choice: ModuleChoice): string {
  return path.basename(choice.path);
}

/**
 * Looks at the file: is it there, is it the one that was trusted, which processors is it for.
 * @returns Names as in `process.arch`.
 * @throws Failure `module-missing`, `module-changed`, `module-invalid`
 */
export async function inspectModule(choice: ModuleChoice): Promise<readonly string[]> {
  const parameters = { file: moduleName(choice) };
  let file: FileHandle;
  try {
    file = await open(choice.path);
  } catch (cause) {
    throw new Failure('module-missing', { parameters, cause });
  }
  try {
    if (!(await file.stat()).isFile()) throw new Failure('module-invalid', { parameters });
    const beginning = Buffer.alloc(4096);
    const { bytesRead } = await file.read(beginning, 0, beginning.length, 0);
    const architectures = architecturesOf(beginning.subarray(0, bytesRead));
    if (architectures.length === 0) {
      throw new Failure('module-invalid', { parameters, detail: 'not a library of this system' });
    }
    if (choice.sha256 !== undefined && (await sha256Of(choice.path)) !== choice.sha256.toLowerCase()) {
      throw new Failure('module-changed', { parameters });
    }
    return architectures;
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file, lower-case hex. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const elfMachines: Readonly<Record<number, string>> = {
  3: 'ia32',
  62: 'x64',
  40: 'arm',
  183: 'arm64',
  243: 'riscv64',
};
const peMachines: Readonly<Record<number, string>> = { 332: 'ia32', 34404: 'x64', 43620: 'arm64' };
const machCpus: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64' };

/**
 * The processors a library is for, by the head of the file (ELF, PE/COFF, Mach-O); empty when it is none of this
 * system's libraries.
 */
export function architecturesOf(
  head: Buffer,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  try {
    if (platform === 'win32') return peArchitecture(head);
    return platform === 'darwin' ? machArchitectures(head) : elfArchitecture(head);
  } catch (error) {
    // Cut off before its own header ends.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

const one = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name]);

function elfArchitecture(head: Buffer): readonly string[] {
  const isElf = head.readUInt32BE(0) === 0x7f45_4c46;
  const littleEndian = head[5] === 1;
  // ET_DYN: a shared library.
  if (!isElf || !littleEndian || head.readUInt16LE(16) !== 3) return [];
  return one(elfMachines[head.readUInt16LE(18)]);
}

function peArchitecture(head: Buffer): readonly string[] {
  if (head.toString('latin1', 0, 2) !== 'MZ') return [];
  const at = head.readUInt32LE(0x3c);
  if (head.toString('latin1', at, at + 4) !== 'PE\0\0') return [];
  return one(peMachines[head.readUInt16LE(at + 4)]);
}

function machArchitectures(head: Buffer): readonly string[] {
  if (head.readUInt32LE(0) === 0xfeed_facf) return one(machCpus[head.readUInt32LE(4)]);
  if (head.readUInt32BE(0) !== 0xcafe_babe) return [];
  // A universal file: some of each. Java's class files begin alike, with a large "number".
  const count = head.readUInt32BE(4);
  if (count > 8) return [];
  return Array.from({ length: count }, (_, index) => machCpus[head.readUInt32BE(8 + 20 * index)]).filter(
    (name) => name !== undefined,
  );
}
