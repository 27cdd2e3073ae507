/** Diagnostics, the helpdesk's tools and training in the real window, over the real agent with its simulated world. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { trainingPins } from '../../electron/sandbox/cards/index.ts';
import { ChromiumRig, eventually } from '../rig/window/chromium-rig.ts';
import { answerPin, chooseNewPin } from '../rig/window/pin-pad.ts';
import { needs } from '../run/needs.ts';

vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(!needs('window'))('the helpdesk in the window', () => {
  let rig: ChromiumRig;
  beforeAll(async () => {
    rig = await ChromiumRig.start({ agent: { sandbox: 'eid' } });
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  const training = async () => (await rig.agent.client.request('training.state', {})).training;
  const done = async () => (await training())?.steps.filter((step) => step.done).map(({ step }) => step);

  it('finds nothing wrong where nothing is, and gives a code that says so', async () => {
    await rig.main.visit('/diagnostics');
    await rig.main.shows('Everything is in order');
    const text = await rig.main.shows('The code of this check');
    const code = /\n([0-9A-Z]{4})\s+([0-9A-Z]{4})\n/.exec(text);
    const { causes } = await rig.agent.client.request('doctor.explain', { code: `${code?.[1]}${code?.[2]}` });
    expect(causes).toEqual([]);
  });

  it('previews the report that the agent makes', async () => {
    await rig.main.visit('/diagnostics/report');
    await rig.main.click('button', 'Prepare the report');
    const text = await rig.main.shows('The whole content of the file');
    expect(text).toContain('"format": "buletin-support-bundle"');
    const [certificate] = rig.shell.agent.snapshot?.token?.certificates ?? [];
    expect(certificate?.subject.idnp).toMatch(/^\d{13}$/);
    expect(text).not.toContain(certificate?.subject.idnp);
  });

  it('shows the talk with the card while it happens, and never a PIN', async () => {
    await rig.main.visit('/diagnostics/helpdesk');
    await rig.main.click('button', 'Start the monitor');
    await rig.main.shows('The monitor is on');
    await rig.main.visit('/pins');
    await rig.main.click('button', 'Check PIN1');
    await answerPin(rig, trainingPins.PIN1, 'Check');
    await rig.main.shows('PIN1 is correct.');
    await rig.main.visit('/diagnostics/helpdesk');
    const text = await rig.main.shows('Verifies PIN 1');
    expect(text).toContain('content hidden');
    await rig.main.click('button', 'Stop the monitor');
    await rig.main.shows('The monitor is off');
  });

  it('takes a certificate apart and asks its authority', async () => {
    await rig.main.click('tab', 'Certificates');
    await rig.main.click('checkbox', /Ask the authority/);
    await rig.main.click('button', 'Inspect');
    const text = await rig.main.shows('ASN.1 structure');
    expect(text).toMatch(/OCSP\s+not revoked/);
    expect(text).toContain('Leads to a known authority');
  });

  it('ticks off what is really done in an exercise', async () => {
    await rig.main.visit('/diagnostics/training');
    await rig.main.click('button', 'Start: First use');
    await rig.main.shows('The present exercise');
    expect(await done()).toEqual([]);
    await rig.main.click('button', 'Put the card in');
    await eventually(async () => (await done())?.includes('card-inserted'), 'the card');
    await eventually(() => rig.shell.agent.snapshot?.token, 'the card that was read');
    await rig.main.visit('/pins');
    await rig.main.click('button', 'Change PIN1');
    await answerPin(rig, trainingPins.PIN1, 'Continue');
    await chooseNewPin(rig, '5829');
    await eventually(async () => (await done())?.includes('pin1-changed'), 'the changed PIN');
    await rig.main.visit('/diagnostics/training');
    await rig.main.shows(/PIN1 from the envelope\s+, done/);
    await rig.main.click('button', 'Stop the exercise');
    await eventually(async () => (await training()) === null, 'the end of the exercise');
  });

  it('lets a case be found by the doctor, and says whether the answer is right', async () => {
    await rig.main.click('tab', 'Ten cases');
    await rig.main.click('button', 'Start: Case 9');
    await rig.main.shows('What is the cause?');
    await rig.main.visit('/diagnostics');
    await rig.main.shows('One problem to fix');
    await eventually(async () => (await done())?.includes('looked'), 'the look');
    await rig.main.visit('/diagnostics/training');
    await rig.main.click('radio', 'The certificate is revoked');
    await rig.main.click('button', 'This is my answer');
    await rig.main.shows('That is right: The certificate is revoked.');
    expect(await training()).toMatchObject({
      finished: true,
      diagnosis: { cause: 'certificate-revoked', right: true },
    });
  });
});
