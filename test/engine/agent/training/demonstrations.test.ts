import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { demonstrationSchema } from '../../../../electron/contract/diagnostics/training.ts';
import { type FailureCode, failureCodes } from '../../../../electron/contract/failures/catalogue.ts';
import { failureFromWire } from '../../../../electron/contract/model/failure.ts';
import { languages } from '../../../../electron/contract/text/languages.ts';
import { createText } from '../../../../electron/contract/text/text.ts';
import { demonstrations } from '../../../../electron/engine/agent/composition/training/demonstrations.ts';

/** "Show me what it looks like when…", for every entry of the catalogue. */

const provoked = failureCodes.filter((code) => demonstrations.wayOf(code) === 'provoked');
const shown = failureCodes.filter((code) => demonstrations.wayOf(code) === 'shown');

async function inWords(code: FailureCode): Promise<void> {
  const demonstration = await demonstrations.show(code);
  expect(demonstrationSchema.parse(demonstration)).toEqual(demonstration);
  expect(demonstration).toMatchObject({ simulated: true, code, failure: { code } });
  for (const language of languages) {
    const { message, cause, fix } = createText(language).failure(failureFromWire(demonstration.failure));
    for (const sentence of [message, cause, ...fix]) expect(sentence).not.toBe(code);
  }
}

describe('what failures look like', () => {
  it('is provoked for real where the sandbox can', () => {
    expect(provoked.length).toBeGreaterThanOrEqual(60);
    expect(provoked).toEqual(
      expect.arrayContaining([
        'pin-wrong',
        'pin-blocked',
        'card-mute',
        'certificate-revoked',
        'portal-timeout',
      ]),
    );
  });

  it.each(provoked)('%s happens in a simulated world', inWords);

  it('is shown by the failure itself for the rest', async () => {
    for (const code of shown) await inWords(code);
  });

  it('says what the simulated card said: tries left, names, hosts', async () => {
    expect((await demonstrations.show('pin-wrong')).failure).toEqual({
      code: 'pin-wrong',
      parameters: { pin: 'PIN1' },
      triesLeft: 2,
    });
    expect((await demonstrations.show('reader-unknown-name')).failure.parameters).toEqual({
      reader: 'Buletin Simulated Reader 2',
    });
  });

  it('leaves nothing behind', async () => {
    await demonstrations.show('pdf-broken');
    await demonstrations.show('settings-invalid');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('buletin-training-'))).toEqual([]);
  });
});
