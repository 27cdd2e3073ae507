/**
 * Everything around the window that a test can hold in its hands: an authority, a portal with a fault switch, a
 * virtual reader of a private pcscd, and a simulated card on it that tells what it was asked.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentArguments } from '../../../electron/client/agent-process.ts';
import type { PortalSettings } from '../../../electron/contract/portal/settings.ts';
import {
  createSandboxCard,
  type SandboxCard,
  type SandboxCardSpec,
} from '../../../electron/sandbox/cards/index.ts';
import { type SandboxPerson, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';
import type { Registers } from '../../../electron/sandbox/portal/site/store.ts';
import { PrivatePcscd } from '../pcscd.ts';
import { makeScratchFolder, removeScratchFolder } from '../scratch-folder.ts';
import { VirtualReader } from '../virtual-reader.ts';

export interface CardWorldOptions {
  readonly people?: readonly SandboxPerson[];
  readonly registers?: Registers;
  /** How long the agent waits for the portal; default: as in the product. */
  readonly timeouts?: Partial<PortalSettings['timeouts']>;
}

export class CardWorld implements AsyncDisposable {
  readonly authority: SandboxAuthority;
  readonly portal: SandboxPortal;
  readonly reader: VirtualReader;
  /** For the test's files; the settings are in it. */
  readonly folder: string;
  /** How an agent is started that sees this reader and this portal. */
  readonly agent: AgentArguments;
  readonly #pcscd: PrivatePcscd;
  readonly #before: readonly (readonly [string, string | undefined])[];

  private constructor(
    authority: SandboxAuthority,
    portal: SandboxPortal,
    reader: VirtualReader,
    pcscd: PrivatePcscd,
    timeouts: CardWorldOptions['timeouts'] = {},
  ) {
    this.authority = authority;
    this.portal = portal;
    this.reader = reader;
    this.#pcscd = pcscd;
    this.folder = makeScratchFolder();
    const settings = join(this.folder, 'settings.json');
    const { settings: own } = portal;
    writeFileSync(
      settings,
      JSON.stringify({ portal: { ...own, timeouts: { ...own.timeouts, ...timeouts } } }),
    );
    this.agent = { settings };
    // The agent inherits our environment, and with it the way to this pcscd.
    const { environment } = pcscd;
    this.#before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, environment);
  }

  static async start({
    people = sandboxPeople,
    registers,
    timeouts,
  }: CardWorldOptions = {}): Promise<CardWorld> {
    const authority = await SandboxAuthority.create();
    const [portal, reader] = await Promise.all([
      SandboxPortal.start({ authority, people, ...(registers === undefined ? {} : { registers }) }),
      VirtualReader.open('Buletin Virtual Reader'),
    ]);
    return new CardWorld(authority, portal, reader, await PrivatePcscd.start(reader), timeouts);
  }

  /** Puts a fresh card on the reader; the electronic identity card unless said. */
  async insert(spec: SandboxCardSpec = { card: 'eid' }): Promise<SandboxCard> {
    const card = await createSandboxCard(spec, this.authority);
    this.reader.insert(card);
    return card;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [name, value] of this.#before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await this.#pcscd.dispose();
    await this.reader.close();
    await this.portal.stop();
    removeScratchFolder(this.folder);
  }
}
