import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rigBinary } from './build-ifd.ts';
import { pcscdAnswers } from './pcscd-probe.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';

const startTimeoutMs = 10_000;
const stopTimeoutMs = 2_000;
const maximumReaders = 16;
const keptLog = 32_768;

/** What pcscd has to know of a reader: `VirtualReader`, or `ReaderProcess` for one in another process. */
export interface RigReader {
  /** FRIENDLYNAME: ASCII without quotes. */
  readonly name: string;
  readonly socketPath: string;
  /** Whether a pcscd has opened it and looked at its card. */
  readonly settled: boolean;
}

/**
 * Runs inside user and mount namespaces of its own: /run/pcscd is our folder ($1), no driver of real hardware
 * is seen, and pcscd ends with the process that started it ($3). The death signal is set last, because entering
 * a user namespace clears it; whether that process was still there then is asked after it.
 */
const insideNamespaces = `
set -e
mount -t tmpfs -o mode=755,size=64k rig /run
mkdir /run/pcscd
mount --bind "$1" /run/pcscd
if [ -d /usr/lib/pcsc/drivers ]; then mount -t tmpfs -o ro,size=4k rig /usr/lib/pcsc/drivers; fi
exec setpriv --pdeathsig KILL -- sh -c '[ "$PPID" = "$2" ] && exec pcscd --foreground --config "$1"' pcscd "$2" "$3"
`;

/**
 * A real pcscd of this test alone, with virtual readers. Needs no root. Programs find it by
 * `PCSCLITE_CSOCK_NAME` (`environment`).
 *
 * Readers cannot be plugged or unplugged while it runs (pcscd does that for USB only): `restart` takes a new list.
 */
export class PrivatePcscd {
  #folder: string;
  #readers: readonly RigReader[];
  #process: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #log = '';

  private constructor(readers: readonly RigReader[]) {
    this.#readers = readers;
    this.#folder = makeScratchFolder();
    // pcscd opens its own folder to everybody; the one around it stays 0700.
    mkdirSync(join(this.#folder, 'run'));
    symlinkSync(rigBinary('driver'), join(this.#folder, 'ifd-handler.so'));
  }

  /** Starts one and resolves when it answers and has looked at the card in each reader. */
  static async start(...readers: RigReader[]): Promise<PrivatePcscd> {
    const pcscd = new PrivatePcscd(readers);
    try {
      await pcscd.#launch();
    } catch (error) {
      await pcscd.dispose();
      throw error;
    }
    return pcscd;
  }

  /** One that does not run yet: the socket is absent. `restart` starts it. */
  static notRunning(...readers: RigReader[]): PrivatePcscd {
    return new PrivatePcscd(readers);
  }

  get socketPath(): string {
    return join(this.#folder, 'run', 'pcscd.comm');
  }

  /** What a program needs in its environment to use this pcscd and no other. */
  get environment(): { PCSCLITE_CSOCK_NAME: string } {
    return { PCSCLITE_CSOCK_NAME: this.socketPath };
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** Process id, or undefined when it does not run. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The last of what pcscd printed. Holds no APDUs: that level of logging is never on. */
  get log(): string {
    return this.#log;
  }

  /** Ends pcscd as the system would (SIGTERM); it removes its socket. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await this.#ended;
    clearTimeout(patience);
  }

  /** Ends pcscd as a crash would (SIGKILL); its socket stays behind and refuses connections. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#ended;
  }

  /** Stops it if it runs, and starts it again in the same place, with other readers if some are given. */
  async restart(...readers: RigReader[]): Promise<void> {
    await this.stop();
    if (readers.length > 0) this.#readers = readers;
    await this.#launch();
  }

  /** Freezes pcscd: it accepts connections and answers nothing. */
  suspend(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Takes the socket's permissions away, as a policy that refuses this user. Root is not stopped by that. */
  refuseAccess(): void {
    chmodSync(this.socketPath, 0o000);
  }

  allowAccess(): void {
    chmodSync(this.socketPath, 0o666);
  }

  /** Ends pcscd and removes its folder. Idempotent. */
  async dispose(): Promise<void> {
    await this.stop();
    removeScratchFolder(this.#folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #launch(): Promise<void> {
    if (this.#readers.length > maximumReaders)
      throw new RangeError(`pcscd has room for ${maximumReaders} readers`);
    const configuration = join(this.#folder, 'readers');
    writeFileSync(configuration, this.#readers.map((reader, index) => this.#entry(reader, index)).join('\n'));
    // A pid file of a killed pcscd could name another process by now.
    for (const name of ['pcscd.pid', 'pcscd.comm']) rmSync(join(this.#folder, 'run', name), { force: true });

    const child = spawn(
      'unshare',
      [
        ...['--user', '--map-root-user', '--mount', '--', 'sh', '-c', insideNamespaces],
        ...['pcscd', join(this.#folder, 'run'), configuration, String(process.pid)],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' } },
    );
    const keep = (text: Buffer): void => {
      this.#log = (this.#log + text.toString()).slice(-keptLog);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#process = child;
    this.#ended = new Promise((resolve) => {
      const ended = (): void => {
        if (this.#process === child) this.#process = undefined;
        resolve();
      };
      child.once('exit', ended);
      child.once('error', (error) => {
        this.#log += String(error);
        ended();
      });
    });
    await this.#untilReady(child);
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + startTimeoutMs;
    const running = (): boolean => this.#process === child && Date.now() < deadline;
    let answers = false;
    while (running() && !answers) {
      answers = await pcscdAnswers(this.socketPath, 500);
      if (!answers) await sleep(2);
    }
    const settled = (): boolean => this.#readers.every((reader) => reader.settled);
    while (running() && !settled()) await sleep(1);
    if (answers && running() && settled()) return;
    await this.kill();
    throw new Error(`pcscd did not get ready:\n${this.#log}`);
  }

  #entry(reader: RigReader, index: number): string {
    return [
      `FRIENDLYNAME "${reader.name}"`,
      `DEVICENAME ${reader.socketPath}`,
      `LIBPATH ${join(this.#folder, 'ifd-handler.so')}`,
      `CHANNELID ${index}`,
      '',
    ].join('\n');
  }
}
