import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RigReader } from './pcscd.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';

/** What the parent asks of the reader's process. */
export type ReaderCommand = 'insert' | 'remove';

/** What the reader's process tells: `ready` when it listens, `done` after each command (when pcscd has acted on it, if there is one), `settled` once by itself. */
export type ReaderReport =
  | { readonly report: 'ready' | 'done' }
  | { readonly report: 'settled'; readonly pcscName: string };

/** Which card the process makes: a class or function exported by a module. */
export interface CardSource {
  /** File URL of the module. */
  readonly module: string;
  /** Name of an exported class without constructor arguments that implements SimulatedCard. */
  readonly className: string;
}

/**
 * A virtual reader in a process of its own: for measurements (the card then takes no time from the event loop
 * under test) and for tests in which the card's side crashes.
 */
export class ReaderProcess implements RigReader {
  readonly name: string;
  readonly socketPath: string;
  #folder: string;
  #card: CardSource;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #settled = false;
  #pcscName: string | undefined;
  #reports: ((report: ReaderReport | undefined) => void)[] = [];

  private constructor(name: string, card: CardSource) {
    this.name = name;
    this.#card = card;
    this.#folder = makeScratchFolder();
    this.socketPath = join(this.#folder, 'reader');
  }

  static async open(card: CardSource, name = 'Buletin Virtual Reader'): Promise<ReaderProcess> {
    const reader = new ReaderProcess(name, card);
    await reader.launch();
    return reader;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** See `VirtualReader.pcscName`. */
  get pcscName(): string {
    if (this.#pcscName === undefined) throw new Error('no pcscd has opened this reader yet');
    return this.#pcscName;
  }

  /** Starts the process (again, after `kill`), with an empty reader. */
  async launch(): Promise<void> {
    const main = fileURLToPath(new URL('./reader-process-main.ts', import.meta.url));
    const { module, className } = this.#card;
    const child = fork(main, [this.name, this.socketPath, module, className], { execArgv: [] });
    this.#child = child;
    child.on('message', (message) => this.#receive(message as ReaderReport));
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => {
        this.#settled = false;
        for (const waiting of this.#reports.splice(0)) waiting(undefined);
        resolve();
      });
    });
    await this.#report();
  }

  /** Puts a fresh card in; resolves when pcscd, if it runs, knows it. */
  async insert(): Promise<void> {
    await this.#command('insert');
  }

  async remove(): Promise<void> {
    await this.#command('remove');
  }

  /** Ends the process as a crash would; the reader's socket stays behind without a listener. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  async close(): Promise<void> {
    await this.kill();
    removeScratchFolder(this.#folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #command(command: ReaderCommand): Promise<void> {
    this.#child?.send(command);
    await this.#report();
  }

  async #report(): Promise<void> {
    const report = await new Promise<ReaderReport | undefined>((resolve) => this.#reports.push(resolve));
    if (!report) throw new Error("the reader's process has ended");
  }

  #receive(message: ReaderReport): void {
    if (message.report === 'settled') {
      this.#settled = true;
      this.#pcscName = message.pcscName;
      return;
    }
    this.#reports.shift()?.(message);
  }
}
