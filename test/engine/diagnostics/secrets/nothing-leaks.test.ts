/** Everything that is written about what happens, at its most talkative, while a person does everything with a card. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demoDocument } from '../../../../electron/cli/demo-document.ts';
import { AgentClient } from '../../../../electron/client/agent-client.ts';
import type { MonitorLine } from '../../../../electron/contract/diagnostics/monitor.ts';
import type { PinPrompt } from '../../../../electron/contract/model/status.ts';
import { sealPin } from '../../../../electron/contract/pin/envelope.ts';
import { ProgramLog } from '../../../../electron/engine/diagnostics/log/program-log.ts';
import { makeScratchFolder, removeScratchFolder } from '../../../rig/scratch-folder.ts';
import { AgentInProcess } from '../../agent/agent-in-process.ts';
import { pins } from '../../token/desk.ts';
import { findPlanted, type Planted, plantedBytes, plantedText } from './planted.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const fileName = 'Cerere-de-divorț-Țurcanu.pdf';
const wrongPin = '9573';
const newPin = '6904';

describe('at the highest level of the log, with trace and monitor on', () => {
  const scratch = makeScratchFolder();
  const folder = join(scratch, 'jurnal');
  let rig: AgentInProcess;
  let client: AgentClient;
  let answers: string[] = [];
  const lines: MonitorLine[] = [];
  /** What was written: by name, so that a finding says where. */
  const written: Record<string, string> = {};

  beforeAll(async () => {
    rig = await AgentInProcess.start(undefined, { log: new ProgramLog({ folder, level: 'details' }) });
    client = (await AgentClient.connect(rig.dial())).client;
    client.on('event', (event) => {
      if (event.kind === 'prompt-open') void answer(event.prompt);
      if (event.kind === 'monitor') lines.push(...event.lines);
    });
    await client.request('monitor.start', {});
    await client.request('trace.start', {});
    await everything();
    const { trace } = await client.request('trace.stop', {});
    await client.request('monitor.stop', {});
    await sleep(100);
    client.close();
    await rig[Symbol.asyncDispose]();
    written.trace = JSON.stringify(trace);
    written.monitor = JSON.stringify(lines);
    for (const name of readdirSync(folder)) written[name] = readFileSync(join(folder, name), 'utf8');
  });
  afterAll(() => removeScratchFolder(scratch));

  async function answer(prompt: PinPrompt): Promise<void> {
    const digits = answers.shift() ?? '';
    const envelope = await sealPin(Uint8Array.from(Buffer.from(digits, 'ascii')), prompt);
    await client.request('pin.submit', { promptId: prompt.promptId, envelope });
  }

  async function everything(): Promise<void> {
    await client.request('status', {});
    answers = [wrongPin];
    await expect(client.request('pin.verify', { pin: 'PIN1' })).rejects.toMatchObject({ code: 'pin-wrong' });
    answers = [pins.PIN1];
    await client.request('session.login', {});
    for (const service of ['personal', 'documents', 'domicile', 'vehicles', 'access-log'] as const) {
      await client.request('data.read', { service });
    }
    await client.request('session.logout', {});
    const input = join(scratch, fileName);
    writeFileSync(input, demoDocument());
    answers = [pins.PIN2];
    await client.request('sign.documents', { documents: [{ input }], reason: 'Motiv: divorț' });
    answers = [pins.PIN1, newPin];
    await client.request('pin.change', { pin: 'PIN1' });
    answers = [pins.PUK, pins.PIN1];
    await client.request('pin.unblock', { pin: 'PIN1' });
    const broken = join(scratch, `x-${fileName}`);
    copyFileSync(input, broken);
    writeFileSync(broken, 'no PDF');
    answers = [pins.PIN2];
    await client.request('sign.documents', { documents: [{ input: broken }] }).catch(() => undefined);
    const id = (await client.request('status', {})).token?.certificates[0]?.id ?? '';
    await client.request('inspect.certificate', { certificate: { id }, online: false });
    await client.request('inspect.connection', { which: 'portal' });
    rig.reader.remove();
    await expect(client.request('pin.status', {})).rejects.toThrow();
  }

  function planted(): Planted[] {
    const { person, certificates } = rig.card;
    const texts = {
      IDNP: person.idnp,
      'family name': person.familyName,
      'given name': person.givenName,
      'birth date': person.birthDate,
      'document number': person.documentNumber,
      'file name': fileName,
      folder: scratch,
      reason: 'Motiv: divorț',
      PIN2: pins.PIN2,
      PUK: pins.PUK,
    };
    return [
      ...Object.entries(texts).map(([name, text]) => plantedText(name, text)),
      ...Object.entries({ PIN1: pins.PIN1, 'wrong PIN': wrongPin, 'new PIN': newPin }).map(([name, text]) =>
        plantedText(name, text, true),
      ),
      // From the key on: policies and flags are everybody's.
      ...Object.values(certificates).map((der) => plantedBytes('certificate', der.subarray(-64))),
    ];
  }

  it('a great deal is written', () => {
    expect(Object.keys(written).sort()).toEqual(['buletin.log', 'monitor', 'trace']);
    const events = (written['buletin.log'] ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const names = new Set(events.map(({ event }) => event));
    expect([...names].sort()).toEqual(
      ['card', 'client', 'command', 'failure', 'portal', 'prompt', 'reader', 'request', 'session']
        .concat('agent-stopped')
        .sort(),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'failure', code: 'pin-wrong', pin: 'PIN1', triesLeft: 2 }),
    );
    expect(events).toContainEqual(expect.objectContaining({ event: 'portal', host: 'mpass', status: 200 }));
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'command', name: 'VERIFY', status: 0x63c2 }),
    );
    expect(events).toContainEqual(expect.objectContaining({ event: 'card', act: 'removed', reader: 1 }));
  });

  it('the monitor tells every command, and how long data were, but of PINs not even that', () => {
    const commands = lines.filter((line) => line.kind === 'command');
    const names = new Set(commands.map(({ name }) => name));
    for (const name of [
      ...(['SELECT', 'READ BINARY', 'VERIFY', 'CHANGE REFERENCE DATA', 'RESET RETRY COUNTER'] as const),
      ...(['MANAGE SECURITY ENVIRONMENT', 'PERFORM SECURITY OPERATION'] as const),
    ]) {
      expect(names).toContain(name);
    }
    const withPin = commands.filter(
      ({ detail }) => detail?.kind === 'pin' && !['ask', 'forget'].includes(detail.act),
    );
    // Wrong, signed in, signed, changed, unblocked; and once more for the broken document at most.
    expect(withPin.length).toBeGreaterThanOrEqual(5);
    for (const { sent } of withPin) expect(sent).toBeNull();
    expect(withPin[0]).toMatchObject({
      name: 'VERIFY',
      answer: { status: '63C2', meaning: 'tries-left', count: 2 },
    });
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, at) => at + 1));
    expect(lines.filter(({ kind }) => kind === 'channel').map((line) => 'act' in line && line.act)).toContain(
      'gone',
    );
  });

  it('nothing of it is a PIN, a number of a person, a name, a file or a certificate', () => {
    for (const [where, document] of Object.entries(written)) {
      expect({ where, found: findPlanted(document, planted()) }).toEqual({ where, found: [] });
    }
  });

  it('the search finds what is there', () => {
    const { person, certificates } = rig.card;
    const everywhere = [
      ...[person.idnp, person.familyName, person.givenName, person.birthDate, person.documentNumber],
      ...[fileName, scratch, 'Motiv: divorț', pins.PIN2, pins.PUK, pins.PIN1, wrongPin, newPin],
      ...Object.values(certificates).map((der) => Buffer.from(der).toString('base64')),
    ];
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const document = everywhere.map((text) => Buffer.from(text, encoding).toString('hex')).join('\n');
      const found = findPlanted(`${document}\n${everywhere.slice(-2).join('\n')}`, planted());
      expect(new Set(found)).toEqual(new Set(planted().map(({ name }) => name)));
    }
  });
});
