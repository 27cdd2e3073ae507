import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentClient } from '../../../../electron/client/agent-client.ts';
import { bundleText, supportBundleSchema } from '../../../../electron/contract/diagnostics/bundle.ts';
import { sealPin } from '../../../../electron/contract/pin/envelope.ts';
import { Agent } from '../../../../electron/engine/agent/agent.ts';
import { InProcessReader, InProcessReaderService } from '../../../../electron/engine/readers/in-process.ts';
import { createSandboxCard, type SandboxCard } from '../../../../electron/sandbox/cards/index.ts';
import { ana, sandboxPeople } from '../../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../../../electron/sandbox/portal/sandbox-portal.ts';
import { runCli } from '../../../cli/run-cli.ts';
import { failureOf } from '../../card/scripted-channel.ts';
import { findPlanted, type Planted, plantedBytes, plantedText } from '../secrets/planted.ts';

/** A bundle made after a session full of secrets: none of them is in it, in whatever form. */

const pins = { PIN1: '4271', PIN2: '836145', PUK: '70318264' };
const secretPath = '/home/ana-mariuta/Documente/cerere-divort.pdf';
const secretReader = 'Cititorul Anei pe laptop-mariuta (SN 9182736450)';

let folder: string;
let agent: Agent;
let portal: SandboxPortal;
let client: AgentClient;
let card: SandboxCard;
let typed: string[] = [];
let planted: Planted[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'planted-'));
  const authority = await SandboxAuthority.create();
  portal = await SandboxPortal.start({ authority, people: sandboxPeople });
  const reader = new InProcessReader(secretReader);
  card = await createSandboxCard({ card: 'eid' }, authority);
  reader.insert(card);
  agent = new Agent({ readers: new InProcessReaderService([reader]), portal: async () => portal.settings });
  await agent.start();
  const [ours, theirs] = duplexPair();
  agent.accept(theirs);
  ({ client } = await AgentClient.connect(ours));
  client.on('event', (event) => {
    if (event.kind !== 'prompt-open') return;
    const { prompt } = event;
    void sealPin(new TextEncoder().encode(typed.shift() ?? pins[prompt.pin]), prompt).then((envelope) =>
      client.request('pin.submit', { promptId: prompt.promptId, envelope }),
    );
  });
  const certificates = Object.values(card.certificates).flatMap((der) => der ?? []);
  planted = [
    plantedText('IDNP', ana.idnp),
    plantedText('family name', ana.familyName),
    plantedText('given name', ana.givenName),
    plantedText('birth date', ana.birthDate),
    plantedText('document number', ana.documentNumber),
    plantedText('PIN1', pins.PIN1, true),
    plantedText('PIN2', pins.PIN2, true),
    plantedText('PUK', pins.PUK, true),
    plantedText('wrong PIN', '9053', true),
    plantedText('path', secretPath),
    plantedText('file name', 'cerere-divort'),
    plantedText('reader name', secretReader),
    plantedText('host in a reader name', 'laptop-mariuta'),
    plantedText('serial number of a reader', '9182736450'),
    plantedText('folder', folder),
    plantedText('home', homedir()),
    plantedText('portal', new URL(portal.settings.servicesUrl).host),
    // A recorded certificate keeps its structure and the names of public things; what makes it this one is gone.
    ...certificates.flatMap((der, index) => {
      const x509 = new X509Certificate(der);
      const key = x509.publicKey.export({ format: 'der', type: 'spki' });
      return [
        // RSA-2048: the modulus; and the authority’s signature at the end (ECDSA, P-256).
        plantedBytes(`public key ${index}`, key.subarray(-256, -16)),
        plantedBytes(`signature ${index}`, der.subarray(-64)),
        plantedText(`serial number ${index}`, x509.serialNumber),
        plantedText(`fingerprint ${index}`, x509.fingerprint256.replaceAll(':', '')),
      ];
    }),
    ...(hostname().length > 3 ? [plantedText('host name', hostname())] : []),
    // "root" and the like stand in words of their own.
    ...(userInfo().username.length > 5 ? [plantedText('user name', userInfo().username)] : []),
  ];
});
afterAll(async () => {
  client?.close();
  await agent?.close();
  await portal?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a support bundle', () => {
  it('made after a session full of secrets holds none of them', async () => {
    await client.request('trace.start', {});
    typed = ['9053'];
    expect((await failureOf(client.request('pin.verify', { pin: 'PIN1' }))).code).toBe('pin-wrong');
    await client.request('pin.verify', { pin: 'PIN1' });
    await client.request('session.login', {});
    await client.request('data.read', { service: 'personal' });
    await failureOf(client.request('sign.documents', { documents: [{ input: secretPath }] }));
    await client.request('sign.digest', { pin: 'PIN2', digest: '11'.repeat(32) });
    await client.request('trace.stop', {});
    await failureOf(client.request('pin.status', { reader: secretReader.slice(0, -1) }));
    await client.request('pin.status', { reader: secretReader });

    const bundle = await client.request('report.make', { language: 'ro' });
    const text = bundleText(bundle);
    expect(findPlanted(text, planted)).toEqual([]);
    expect(findPlanted(Buffer.from(text, 'utf16le').toString('latin1'), planted)).toEqual([]);

    // It is no empty paper.
    expect(bundle.failures.map(({ code }) => code)).toEqual([
      'pin-wrong',
      'input-unreadable',
      'reader-unknown-name',
    ]);
    expect(bundle.failures[0]?.triesLeft).toBe(2);
    expect(bundle.card?.certificates).toHaveLength(2);
    expect(bundle.readers).toMatchObject([{ kind: 'simulated', state: 'present' }]);
    expect(bundle.traces).toHaveLength(1);
    expect(bundle.checks.length).toBeGreaterThan(10);
    expect(bundle.shortCode).toMatch(/^[0-9A-Z]{8,12}$/);
  });

  it('is found out by the same search when it does hold one', () => {
    const loose = JSON.stringify({ holder: Buffer.from(ana.idnp).toString('hex'), pin: pins.PIN1 });
    expect(findPlanted(loose, planted)).toEqual(['IDNP', 'PIN1']);
  });

  it('is printed by the command line, and saved word for word', async () => {
    const file = join(folder, 'raport.json');
    const run = await runCli(['report', '--sandbox', '--lang=en', `--out=${file}`]);
    expect(run.code).toBe(0);
    const saved = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(run.stdout.startsWith(saved)).toBe(true);
    expect(supportBundleSchema.parse(JSON.parse(saved))).toMatchObject({ simulated: true, language: 'en' });
    expect(findPlanted(saved, planted)).toEqual([]);
    const again = await runCli(['report', '--sandbox', '--json', `--out=${file}`]);
    expect(again.json()).toMatchObject({ failure: { code: 'output-exists' } });
  });
});
