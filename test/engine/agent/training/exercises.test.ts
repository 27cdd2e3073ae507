import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentClient } from '../../../../electron/client/agent-client.ts';
import type { ExerciseId, TrainingState } from '../../../../electron/contract/diagnostics/training.ts';
import type { PinPrompt } from '../../../../electron/contract/model/status.ts';
import { sealPin } from '../../../../electron/contract/pin/envelope.ts';
import { Agent } from '../../../../electron/engine/agent/agent.ts';
import { createSandboxWorld } from '../../../../electron/engine/agent/composition/sandbox-world.ts';
import { minimalPdf } from '../../../../electron/engine/agent/composition/training/minimal-pdf.ts';
import type { World } from '../../../../electron/engine/agent/composition/world.ts';
import { failureOf } from '../../card/scripted-channel.ts';

/** Exercises, done through the agent as the window does them. PINs are the published training values. */

const PIN1 = '4271';
const PIN2 = '836145';
const PUK = '70318264';

let world: World;
let agent: Agent;
let client: AgentClient;
let states: (TrainingState | null)[];
let typed: string[];

beforeAll(async () => {
  world = await createSandboxWorld('eid');
});
beforeEach(async () => {
  agent = new Agent(world);
  await agent.start();
  const [ours, theirs] = duplexPair();
  agent.accept(theirs);
  ({ client } = await AgentClient.connect(ours));
  states = [];
  typed = [];
  client.on('event', (event) => {
    if (event.kind === 'training') states.push(event.training);
    if (event.kind === 'prompt-open') void answer(event.prompt);
  });
});
afterEach(async () => {
  client.close();
  await client.request('training.stop', {}).catch(() => undefined);
});
afterAll(() => agent?.close());

async function answer(prompt: PinPrompt): Promise<void> {
  const envelope = await sealPin(new TextEncoder().encode(typed.shift() ?? '0000'), prompt);
  await client.request('pin.submit', { promptId: prompt.promptId, envelope, acknowledgeLastTry: true });
}

const start = async (exercise: ExerciseId): Promise<TrainingState> =>
  (await client.request('training.start', { exercise })).training;
const state = async (): Promise<TrainingState | null> =>
  (await client.request('training.state', {})).training;
const done = async (): Promise<string[]> =>
  ((await state())?.steps ?? []).filter((one) => one.done).map(({ step }) => step);
const act = (name: 'insert' | 'remove' | 'report-loss') => client.request('training.act', { act: name });
const inserted = async (step = 'card-inserted'): Promise<void> => {
  await act('insert');
  await expect.poll(done).toContain(step);
};

describe('exercises for citizens', () => {
  it('are listed with their steps, before any is begun', async () => {
    const { simulated, exercises, causes } = await client.request('training.exercises', {});
    expect(simulated).toBe(true);
    expect(exercises.filter(({ audience }) => audience === 'citizen').map(({ id }) => id)).toEqual([
      'first-use',
      'signing',
      'forgotten-pin',
      'lost-card',
    ]);
    expect(exercises.filter(({ audience }) => audience === 'helpdesk')).toHaveLength(10);
    expect(causes.length).toBeGreaterThan(10);
    expect(JSON.stringify(exercises)).not.toContain('blocked"'.concat(',"cause'));
    expect(await state()).toBeNull();
  });

  it('first use: both PINs of the envelope are changed', async () => {
    expect(await start('first-use')).toMatchObject({ simulated: true, finished: false });
    await inserted();
    typed = [PIN1, '9053'];
    await client.request('pin.change', { pin: 'PIN1' });
    typed = ['9999'];
    expect((await failureOf(client.request('pin.verify', { pin: 'PIN1' }))).code).toBe('pin-wrong');
    typed = [PIN2, '905317'];
    await client.request('pin.change', { pin: 'PIN2' });
    typed = ['9053'];
    await client.request('pin.verify', { pin: 'PIN1' });
    expect(await done()).toEqual(['card-inserted', 'pin1-changed', 'pin2-changed', 'pin1-verified']);
    await act('remove');
    await expect.poll(async () => (await state())?.finished).toBe(true);
    expect(states.at(-1)).toMatchObject({ finished: true });
  });

  it('signing: a file of one’s own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exercise-'));
    const input = join(folder, 'cerere.pdf');
    writeFileSync(input, minimalPdf(), 'latin1');
    await start('signing');
    await inserted();
    typed = [PIN2];
    const { results } = await client.request('sign.documents', { documents: [{ input }] });
    rmSync(folder, { recursive: true });
    expect(results[0]).toMatchObject({ verified: true });
    expect(await done()).toEqual(['card-inserted', 'document-signed']);
  });

  it('a forgotten PIN: wrong, blocked, unblocked, right', async () => {
    await start('forgotten-pin');
    await inserted();
    for (const expected of ['pin-wrong', 'pin-wrong', 'pin-blocked']) {
      typed = ['9999'];
      expect((await failureOf(client.request('pin.verify', { pin: 'PIN1' }))).code).toBe(expected);
    }
    expect(await done()).toEqual(['card-inserted', 'pin1-wrong', 'pin1-blocked']);
    // The card that is put in again is the same one, as blocked as it was.
    await act('remove');
    await act('insert');
    await expect.poll(async () => (await client.request('status', {})).token?.pins[0]?.tries).toBe('blocked');
    typed = [PUK, '9053'];
    await client.request('pin.unblock', { pin: 'PIN1' });
    typed = ['9053'];
    await client.request('pin.verify', { pin: 'PIN1' });
    expect((await done()).slice(3)).toEqual(['pin1-unblocked', 'pin1-verified']);
  });

  it('a lost card: reported, and of no use to whoever finds it', async () => {
    await start('lost-card');
    // Nobody reports the loss of a card that they hold.
    await act('report-loss');
    expect(await done()).toEqual([]);
    await inserted();
    typed = [PIN1];
    await client.request('session.login', {});
    await act('remove');
    await expect.poll(done).toEqual(['card-inserted', 'signed-in', 'card-removed']);
    await act('report-loss');
    await inserted('found-card-inserted');
    typed = [PIN1];
    expect((await failureOf(client.request('session.login', {}))).code).toBe('certificate-suspended');
    expect(await state()).toMatchObject({ finished: true });
  });

  it('end with the world as it was', async () => {
    await start('signing');
    expect((await client.request('status', {})).token).toBeNull();
    await client.request('training.stop', {});
    expect(states.at(-1)).toBeNull();
    await expect.poll(async () => (await client.request('status', {})).token?.simulated).toBe(true);
    expect((await failureOf(act('insert'))).code).toBe('training-none');
  });
});

describe('cases for helpdesk staff', () => {
  const problem = async () => (await client.request('status', {})).problem?.code;
  const login = async () => {
    typed = [PIN1];
    return (await failureOf(client.request('session.login', {}))).code;
  };

  it.each<[ExerciseId, () => Promise<unknown>, unknown, Parameters<typeof diagnose>[0]]>([
    [
      'case-01',
      async () => (await client.request('status', {})).token?.pins[0]?.tries,
      'blocked',
      'pin-blocked',
    ],
    ['case-02', problem, 'card-mute', 'card-mute'],
    ['case-03', login, 'certificate-expired', 'certificate-expired'],
    ['case-04', login, 'portal-unreachable', 'portal-down'],
    ['case-05', problem, 'reader-busy', 'reader-held'],
    ['case-06', login, 'certificate-suspended', 'certificate-suspended'],
    ['case-07', problem, 'card-unknown', 'card-foreign'],
    ['case-08', login, 'certificate-not-yet-valid', 'clock-wrong'],
    ['case-09', login, 'certificate-revoked', 'certificate-revoked'],
    ['case-10', problem, 'reader-none', 'reader-missing'],
  ])('%s shows its symptom and takes the right answer', async (id, look, symptom, cause) => {
    const begun = await start(id);
    // Nothing that a trainee is told says what it is.
    expect(JSON.stringify(begun)).not.toContain(cause);
    await expect.poll(look, { timeout: 8_000 }).toBe(symptom);
    expect(await diagnose(cause)).toMatchObject({ right: true, cause });
    expect(await state()).toMatchObject({ diagnosis: { cause, right: true } });
  });

  const diagnose = (
    cause:
      | 'pin-blocked'
      | 'card-mute'
      | 'certificate-expired'
      | 'portal-down'
      | 'reader-held'
      | 'certificate-suspended'
      | 'card-foreign'
      | 'clock-wrong'
      | 'certificate-revoked'
      | 'reader-missing',
  ) => client.request('training.diagnose', { cause });

  it('tells a wrong answer from the right one', async () => {
    await start('case-09');
    expect(await diagnose('certificate-expired')).toMatchObject({
      right: false,
      cause: 'certificate-revoked',
    });
  });

  it('gives the world’s own date where the computer’s is wrong', async () => {
    const { worldTime } = await start('case-08');
    expect(Date.parse(worldTime) - Date.now()).toBeGreaterThan(365 * 86_400_000);
    const right = await start('case-03');
    expect(Math.abs(Date.parse(right.worldTime) - Date.now())).toBeLessThan(60_000);
  });

  it('counts a look before the answer', async () => {
    await start('case-01');
    await expect.poll(async () => (await client.request('status', {})).token?.simulated).toBe(true);
    await client.request('pin.status', {});
    expect(await done()).toEqual(['looked']);
  });
});

it('exercises need training mode; a real reader is never part of one', async () => {
  const { readers, portal } = world;
  const plain = new Agent({ readers, portal });
  const [ours, theirs] = duplexPair();
  plain.accept(theirs);
  const { client: other } = await AgentClient.connect(ours);
  expect((await failureOf(other.request('training.start', { exercise: 'signing' }))).code).toBe(
    'training-off',
  );
  expect((await failureOf(other.request('training.act', { act: 'insert' }))).code).toBe('training-off');
  other.close();
});
