/** Faults of a real card service (pcscd of the rig), its readers and cards, with foreign programs that hold them. */
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { CauseCode } from '../../../electron/contract/diagnostics/causes.ts';
import type { Finding } from '../../../electron/contract/diagnostics/finding.ts';
import { NodeSystem } from '../../../electron/engine/diagnostics/system/node-system.ts';
import { PcscReaderService } from '../../../electron/engine/readers/pcsc-service.ts';
import { createSandboxCard } from '../../../electron/sandbox/cards/index.ts';
import type { SimulatedCard } from '../../../electron/sandbox/cards/simulated-card.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { EchoCard } from '../../rig/echo-card.ts';
import { PrivatePcscd } from '../../rig/pcscd.ts';
import { VirtualReader } from '../../rig/virtual-reader.ts';
import { ForeignClient, holdCard } from '../../rig/winscard/foreign-client.ts';
import { type FaultCase, readingCard } from '../examination.ts';

/** What a case has in hand. */
export interface Rig {
  readonly pcscd: PrivatePcscd;
  readonly reader: VirtualReader;
  readonly card: () => Promise<SimulatedCard>;
  readonly after: (clear: () => unknown) => void;
}

/** A fault that a foreign program can be shown too: `pcscd` is set while the fault lasts. */
export interface RigCase extends FaultCase {
  readonly rig: () => Rig | undefined;
}

let authority: SandboxAuthority | undefined;

interface Options {
  readonly names?: Finding['parameters'];
  readonly reader?: string;
  /** A second reader, with a card or without. */
  readonly second?: string;
}

/** Each case gets a pcscd in the same place: pcsc-lite's client reads its address once in a process. */
let shared: PrivatePcscd | undefined;

export async function disposeRig(): Promise<void> {
  await shared?.dispose();
  shared = undefined;
}

function onRig(
  fault: string,
  expected: CauseCode | null,
  change: (rig: Rig & { readonly second: VirtualReader | undefined }) => unknown,
  options: Options = {},
): RigCase {
  let rig: Rig | undefined;
  return {
    fault,
    expected,
    by: 'real',
    ...(options.names ? { names: options.names } : {}),
    rig: () => rig,
    inject: async (after) => {
      const reader = await VirtualReader.open(options.reader ?? 'Buletin Virtual Reader');
      after(() => reader.close());
      const second = options.second === undefined ? undefined : await VirtualReader.open(options.second);
      if (second) after(() => second.close());
      const readers = second ? [reader, second] : [reader];
      shared ??= PrivatePcscd.notRunning(...readers);
      Object.assign(process.env, shared.environment);
      await shared.restart(...readers);
      const pcscd = shared;
      after(() => pcscd.stop());
      authority ??= await SandboxAuthority.create();
      const issuer = authority;
      const card = () => createSandboxCard({ card: '2025' }, issuer);
      rig = { pcscd, reader, card, after };
      const service = new PcscReaderService();
      after(() => service.close());
      await change({ ...rig, second });
      if (pcscd.running && pcscd.pid !== undefined) await reader.whenSettled().catch(() => undefined);
      const { PCSCLITE_CSOCK_NAME } = pcscd.environment;
      return {
        system: new NodeSystem({ environment: { LANG: 'ro_RO.UTF-8', PCSCLITE_CSOCK_NAME } }),
        simulated: false,
        readers: service,
        readCard: readingCard(service),
        modules: [],
        serviceSocket: PCSCLITE_CSOCK_NAME,
      };
    },
  };
}

/** Answers SELECT of one application and nothing else. */
class OneApplicationCard extends EchoCard {
  readonly #aid: string;

  constructor(aid: string, atr?: Uint8Array) {
    super(atr ?? Uint8Array.from(Buffer.from('3B6500002063CB6600', 'hex')));
    this.#aid = aid;
  }

  override transmit(command: Uint8Array): Uint8Array {
    const hex = Buffer.from(command).toString('hex').toUpperCase();
    return hex.startsWith('00A40400') && hex.includes(this.#aid)
      ? Uint8Array.of(0x90, 0)
      : Uint8Array.of(0x6a, 0x82);
  }
}

const withAtr = (hex: string) => new OneApplicationCard('FFFFFFFF', Uint8Array.from(Buffer.from(hex, 'hex')));

export const rigCases: readonly RigCase[] = [
  onRig('healthy: pcscd, reader, card', null, async ({ reader, card }) => reader.insert(await card())),
  onRig('no card in the reader', 'card-not-inserted', () => undefined),
  onRig('pcscd stopped', 'service-not-running', ({ pcscd }) => pcscd.stop()),
  onRig('pcscd killed', 'service-socket-dead', ({ pcscd }) => pcscd.kill()),
  onRig('a file in the place of the socket', 'service-socket-dead', async ({ pcscd }) => {
    await pcscd.stop();
    writeFileSync(pcscd.socketPath, '');
  }),
  onRig('mute card', 'card-mute', ({ reader }) => reader.insertMute(new EchoCard())),
  onRig(
    'another program holds the reader exclusively',
    'reader-held',
    async ({ reader, pcscd, card, after }) => {
      reader.insert(await card());
      await reader.whenSettled();
      const hold = await holdCard(pcscd, reader.pcscName, 'exclusive', 20_000);
      after(() => hold.release());
    },
    { names: { program: 'apdu-loop' } },
  ),
  onRig(
    'another program holds a transaction',
    'card-in-use',
    async ({ reader, pcscd, card, after }) => {
      reader.insert(await card());
      await reader.whenSettled();
      const hold = await holdCard(pcscd, reader.pcscName, 'transaction', 20_000);
      after(() => hold.release());
    },
    { names: { program: 'apdu-loop' } },
  ),
  onRig('another program is connected, and shares', null, async ({ reader, pcscd, card, after }) => {
    reader.insert(await card());
    await reader.whenSettled();
    const client = new ForeignClient(pcscd);
    after(() => client.close());
    await client.connect(reader.pcscName);
  }),
  onRig('unknown card', 'card-not-eid', ({ reader }) => reader.insert(withAtr('3B6500002063CB6600'))),
  onRig('bank card', 'card-payment', ({ reader }) =>
    reader.insert(new OneApplicationCard('325041592E5359532E4444463031')),
  ),
  onRig('travel document without certificates', 'card-travel-only', ({ reader }) =>
    reader.insert(new OneApplicationCard('A0000002471001')),
  ),
  onRig(
    'identity card of another country',
    'card-foreign-eid',
    ({ reader }) => reader.insert(withAtr('3BDF96008131FE4580738421E05569780000808307900024')),
    { names: { label: 'RO' } },
  ),
  onRig('Moldovan card of 2025 whose files nobody knows', 'card-moldovan-unreadable', ({ reader }) =>
    reader.insert(withAtr('3BDF96FF8131FE4580738421E0574D44415F415350810F87')),
  ),
  onRig('card that comes and goes', 'card-flickers', async ({ reader, card, after }) => {
    const one = await card();
    let inside = false;
    const timer = setInterval(() => {
      if (inside) reader.remove();
      else reader.insert(one);
      inside = !inside;
    }, 25);
    after(() => clearInterval(timer));
  }),
  onRig(
    'two cards in two readers',
    'cards-several',
    async ({ reader, second, card }) => {
      reader.insert(await card());
      second?.insert(await card());
      await second?.whenSettled();
    },
    { second: 'Buletin Virtual Second' },
  ),
  onRig(
    'OMNIKEY 3x21 with its false PIN pad',
    'pinpad-false',
    async ({ reader, card }) => reader.insert(await card()),
    { reader: 'HID Global OMNIKEY 3x21 Smart Card Reader' },
  ),
  onRig('card in an ACR122U', 'reader-short-apdu', async ({ reader, card }) => reader.insert(await card()), {
    reader: 'ACS ACR122U PICC Interface',
  }),
  // Last: what hangs in pcsc-lite's client may hold up whoever comes after it in the same process.
  onRig('pcscd hangs (stopped by a signal)', 'service-hangs', ({ pcscd, after }) => {
    pcscd.suspend();
    after(() => pcscd.resume());
  }),
  onRig('something else than a card service in its place', 'service-hangs', async ({ pcscd, after }) => {
    await pcscd.stop();
    const { createServer } = await import('node:net');
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    after(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(pcscd.socketPath, resolve));
  }),
];
