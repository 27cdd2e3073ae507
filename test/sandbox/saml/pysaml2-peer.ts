import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { SamlKey } from '../../../electron/sandbox/saml/index.ts';
import { certificatePem } from '../../../electron/sandbox/saml/signing.ts';
import { pythonCommand } from '../../rig/judges/python.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';

const script = path.join(import.meta.dirname, 'pysaml2_peer.py');

/** The side that pysaml2 plays. */
export interface Pysaml2Side {
  readonly role: 'sp' | 'idp';
  readonly entity: string;
  /** Own addresses: `acs` and `slo` of a service, `sso` and `slo` of a provider. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly key: SamlKey;
  /** Metadata of our side. */
  readonly peerMetadata: string;
}

/** A step of the conversation; `pysaml2_peer.py` has them all. */
export type Job = Readonly<Record<string, unknown>> & { readonly step: string };

/** pysaml2 in a process of its own (which takes seconds to start), for as many steps as wanted. */
export class Pysaml2Peer {
  readonly side: Pysaml2Side;
  readonly #folder = makeScratchFolder();
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #complaints = '';

  constructor(side: Pysaml2Side) {
    this.side = side;
    const { role, entity, endpoints, key } = side;
    const file = (name: string, content: string | Buffer): void =>
      writeFileSync(path.join(this.#folder, name), content, { mode: 0o600 });
    file('own.key', key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    file('own.pem', certificatePem(key.certificate));
    file('peer.xml', side.peerMetadata);
    const [python, ...options] = pythonCommand;
    this.#process = spawn(python, [...options, script], {
      cwd: this.#folder,
      env: { PATH: '/usr/bin:/bin', HOME: this.#folder, TMPDIR: this.#folder, LC_ALL: 'C.UTF-8' },
    });
    this.#process.stderr.on('data', (text: Buffer) => {
      this.#complaints += text.toString();
    });
    // Its end is told by the answers' end.
    this.#process.stdin.on('error', () => {});
    this.#answers = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
    this.#say({ role, entity, endpoints });
  }

  /** One step after the other: no two at once. */
  async ask(job: Job): Promise<unknown> {
    this.#say(job);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`pysaml2 ended: ${this.#complaints}`);
    return JSON.parse(value as string);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    removeScratchFolder(this.#folder);
  }

  #say(line: unknown): void {
    this.#process.stdin.write(`${JSON.stringify(line)}\n`);
  }
}
