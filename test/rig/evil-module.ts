import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rigBinary } from './build-ifd.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';

/** Copies of the module that misbehaves, each with the fault that its file name tells. */
export class EvilModules {
  readonly #folder = makeScratchFolder();

  /** @param certificate DER of an RSA certificate for its token */
  constructor(certificate: Uint8Array) {
    writeFileSync(join(this.#folder, 'certificate.der'), certificate);
  }

  get folder(): string {
    return this.#folder;
  }

  /** Path of a module with a fault: `hang-C_Login`, `negative_slots`; `good` behaves. */
  with(fault: string): string {
    const file = join(this.#folder, `${fault}.so`);
    copyFileSync(rigBinary('evilModule'), file);
    writeFileSync(`${file}.log`, '');
    return file;
  }

  /** What the module was asked since `with`, a line for each call that carries a PIN or signs. */
  asked(file: string): string[] {
    return readFileSync(`${file}.log`, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('C_'));
  }

  /** What it saw of its surroundings when it was loaded. */
  surroundings(file: string): string[] {
    return readFileSync(`${file}.log`, 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('C_'));
  }

  dispose(): void {
    removeScratchFolder(this.#folder);
  }
}
