import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { createSandboxCard, type SandboxCardSpec, trainingPins } from '../../electron/sandbox/cards/index.ts';
import { SandboxAuthority } from '../../electron/sandbox/pki/authority.ts';
import * as pkcs11Tool from '../rig/judges/pkcs11-tool.ts';
import { sign } from '../rig/judges/pkcs11-tool.ts';
import * as pkcs15Tool from '../rig/judges/pkcs15-tool.ts';
import { PrivatePcscd } from '../rig/pcscd.ts';
import { VirtualReader } from '../rig/virtual-reader.ts';
import { needs } from '../run/needs.ts';
import { type Bench, type Finding, median, timed } from './bench.ts';
import { TimedCard } from './timed-card.ts';
import type { TokenTimes } from './token-client.ts';

const signatures = 11;

/** A card on a real pcscd, and everybody who works with it. */
class Workplace implements AsyncDisposable {
  readonly reader: VirtualReader;
  readonly pcscd: PrivatePcscd;
  readonly card: TimedCard;

  constructor(reader: VirtualReader, pcscd: PrivatePcscd, card: TimedCard) {
    this.reader = reader;
    this.pcscd = pcscd;
    this.card = card;
  }

  static async open(spec: SandboxCardSpec, authority: SandboxAuthority): Promise<Workplace> {
    const reader = await VirtualReader.open();
    const card = new TimedCard(await createSandboxCard(spec, authority));
    reader.insert(card);
    return new Workplace(reader, await PrivatePcscd.start(reader), card);
  }

  get place() {
    return { pcscd: this.pcscd, reader: this.reader.pcscName };
  }

  async ours(count: number): Promise<TokenTimes> {
    const client = path.join(import.meta.dirname, 'token-client.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [client, this.reader.pcscName, String(count)],
      { env: { ...process.env, ...this.pcscd.environment, BENCH_PIN: trainingPins.PIN1 } },
    );
    return JSON.parse(stdout) as TokenTimes;
  }

  /** APDUs that the card gets while `work` runs, and the milliseconds beyond the card's own. */
  async count(
    work: () => Promise<unknown>,
  ): Promise<{ readonly apdus: number; readonly beyondCard: number }> {
    this.reader.resetApduCount();
    this.card.ownTime = 0;
    const { ms } = await timed(work);
    return { apdus: this.reader.apduCount, beyondCard: ms - this.card.ownTime };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pcscd.dispose();
    await this.reader.close();
  }
}

/** How pkcs11-tool is asked for the same signature. */
interface Case {
  readonly name: string;
  readonly spec: SandboxCardSpec;
  readonly mechanism: string;
  readonly hash: string;
  readonly limits: { readonly certificates?: number; readonly signature: number };
}

const cases: readonly Case[] = [
  {
    name: 'EstEID 2018 layout',
    spec: { card: 'esteid2018' },
    mechanism: 'ECDSA',
    hash: 'sha384',
    limits: { certificates: 14, signature: 8 },
  },
  {
    name: 'electronic identity card, PKCS#15',
    spec: { card: 'eid', face: 'oseid' },
    mechanism: 'SHA256-RSA-PKCS',
    hash: 'none',
    limits: { signature: 8 },
  },
];

async function measure(one: Case, authority: SandboxAuthority): Promise<readonly Finding[]> {
  await using workplace = await Workplace.open(one.spec, authority);
  const { place } = workplace;
  const certificates = {
    ours: await workplace.count(() => workplace.ours(0)),
    pkcs15: await workplace.count(() => pkcs15Tool.listCertificates(place)),
    pkcs11: await workplace.count(() => pkcs11Tool.listObjects({ ...place, slotIndex: 0 })),
  };
  const data = one.hash === 'none' ? Buffer.from('bench') : createHash(one.hash).update('bench').digest();
  const request = {
    ...place,
    slotIndex: 0,
    pin: trainingPins.PIN1,
    id: '01',
    mechanism: one.mechanism,
    data,
  };
  const foreign = await workplace.count(() => sign(request));
  const once = await workplace.count(() => workplace.ours(1));
  workplace.card.ownTime = 0;
  const times = await workplace.ours(signatures);
  const withReading = workplace.card.ownTime;
  workplace.card.ownTime = 0;
  await workplace.ours(0);
  // What the card itself needed for one signature: all it did, less what reading takes.
  const cardTime = (withReading - workplace.card.ownTime) / signatures;
  const beyondCard = median(times.signatures) - cardTime;
  const signing = once.apdus - certificates.ours.apdus;
  const { limits } = one;
  const fewest = Math.min(certificates.pkcs15.apdus, certificates.pkcs11.apdus);
  return [
    {
      what: `${one.name}: certificates known`,
      unit: 'APDUs',
      ours: certificates.ours.apdus,
      peers: [
        { name: 'pkcs15-tool', value: certificates.pkcs15.apdus },
        { name: 'pkcs11-tool', value: certificates.pkcs11.apdus },
      ],
      goal:
        limits.certificates === undefined
          ? { text: 'no more than either', reached: certificates.ours.apdus <= fewest }
          : {
              text: `at most ${limits.certificates}`,
              reached: certificates.ours.apdus <= limits.certificates,
            },
    },
    {
      what: `${one.name}: a signature with its PIN`,
      unit: 'APDUs',
      ours: signing,
      peers: [{ name: 'pkcs11-tool --sign', value: foreign.apdus }],
      goal: { text: `at most ${limits.signature}`, reached: signing <= limits.signature },
    },
    {
      what: `${one.name}: the same, beyond the card's own time`,
      unit: 'ms',
      ours: beyondCard,
      peers: [{ name: 'pkcs11-tool --sign (its start included)', value: foreign.beyondCard }],
      goal: { text: 'at most 30 ms', reached: beyondCard <= 30 },
    },
  ];
}

/** How much we ask of a card. */
export const cardWork: Bench = {
  id: 'card',
  title: 'What a card is asked',
  method:
    'APDUs counted at the virtual reader of a private pcscd. Certificates: from the open channel (ours) or the ' +
    "program's start until they are known; `pkcs15-tool --list-certificates`, `pkcs11-tool --list-objects`, " +
    'without a cache. Signature: PIN1 and the authentication key; ours on a card already read, the tool reads it ' +
    `first. Times: median of ${signatures} signatures less what the simulated card itself worked.`,
  lacking: () =>
    needs('pcscd') && needs('opensc') ? undefined : 'pcscd with the test rig, the native part, or OpenSC',
  run: async () => {
    const authority = await SandboxAuthority.create();
    const findings: Finding[] = [];
    for (const one of cases) findings.push(...(await measure(one, authority)));
    return findings;
  },
};
