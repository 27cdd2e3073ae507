import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../../../../electron/contract/pin/secret-bytes.ts';
import { Iso7816 } from '../../../../electron/engine/card/iso7816.ts';
import type { Step } from '../../../../electron/engine/card/profiles/step.ts';
import { PinNotAccepted, StepRunner } from '../../../../electron/engine/card/profiles/step-runner.ts';
import { bytes, failureOf, hexOf, ScriptedChannel, type ScriptStep } from '../scripted-channel.ts';

const padding = { storedLength: 8, padByte: 0xff };
const addresses = new Map([
  ['PIN1', { reference: 0x01, padding }],
  ['PUK', { reference: 0x03 }],
]);

function runnerOn(...script: ScriptStep[]) {
  const channel = new ScriptedChannel(script);
  return { channel, runner: new StepRunner(new Iso7816(channel), addresses) };
}

const secret = (digits: string): SecretBytes =>
  new SecretBytes(Uint8Array.from(Buffer.from(digits, 'ascii')));
const aid = bytes('A000000063504B43532D3135');
const selectAid = '00A4040C 0C A000000063504B43532D3135';
const byName: Step = { verb: 'select-name', name: aid };
const fromMf = (path: string): Step => ({ verb: 'select-path', path: bytes(path), from: 'mf' });
const fromCurrent = (path: string): Step => ({ verb: 'select-path', path: bytes(path), from: 'current' });

describe('selecting', () => {
  it('leaves out what is selected already, until the memory of it is given up', async () => {
    const { channel, runner } = runnerOn(
      [selectAid, '9000'],
      ['00A4080C 02 5015', '9000'],
      [selectAid, '9000'],
      [selectAid, '9000'],
    );
    await runner.run([byName, byName]);
    await runner.run([fromMf('3F005015'), fromMf('3F005015')]);
    await runner.run([byName]);
    runner.forgetSelection();
    await runner.run([byName]);
    channel.expectFinished();
  });

  it('never leaves out a path from the current DF', async () => {
    const { channel, runner } = runnerOn(
      [selectAid, '9000'],
      ['00A40904 02 4401 00', '9000'],
      ['00A40904 02 4401 00', '9000'],
      [selectAid, '9000'],
    );
    await runner.run([byName, fromCurrent('4401'), fromCurrent('4401'), byName]);
    channel.expectFinished();
  });

  it('forgets where it is when a SELECT is refused', async () => {
    const { channel, runner } = runnerOn(
      [selectAid, '9000'],
      ['00A4080C 02 5015', '6A82'],
      [selectAid, '9000'],
    );
    await runner.run([byName]);
    expect(await failureOf(runner.run([fromMf('3F005015')]))).toMatchObject({
      code: 'card-refused',
      parameters: { status: '6A82', command: 'SELECT' },
    });
    await runner.run([byName]);
    channel.expectFinished();
  });

  it('goes file by file on a card that does not know paths, and remembers that', async () => {
    const { channel, runner } = runnerOn(
      ['00A4080C 04 50154B01', '6A81'],
      ['00A4000C 02 3F00', '9000'],
      ['00A4000C 02 5015', '9000'],
      ['00A4000C 02 4B01', '9000'],
      ['00A4000C 02 3F00', '9000'],
      ['00A4000C 02 5015', '9000'],
    );
    await runner.run([fromMf('3F0050154B01'), fromMf('3F005015')]);
    channel.expectFinished();
  });

  it('asks for control information on a card that will not answer without', async () => {
    const { channel, runner } = runnerOn(
      ['00A4080C 02 5015', '6A86'],
      ['00A40804 02 5015 00', '6200 9000'],
      ['00A40804 04 50154B01 00', '6200 9000'],
    );
    await runner.run([fromMf('3F005015'), fromMf('3F0050154B01')]);
    channel.expectFinished();
  });

  it('stops at the step that fails', async () => {
    const { channel, runner } = runnerOn([selectAid, '6A82']);
    await failureOf(runner.run([byName, { verb: 'verify', pin: 'PIN1' }]));
    channel.expectFinished();
  });
});

describe('reading', () => {
  it('takes as much of a file as its first object says', async () => {
    const { channel, runner } = runnerOn(
      [selectAid, '9000'],
      ['00A40904 02 D003 00', '62 04 80 02 0200 9000'],
      ['00B00000 00', `30820104 ${'AB'.repeat(252)} 9000`],
      ['00B00100 08', 'ABABABABABABABAB 9000'],
    );
    const { data } = await runner.run([byName, fromCurrent('D003'), { verb: 'read-file', maximum: 8192 }]);
    expect(data.length).toBe(264);
    channel.expectFinished();
  });

  it('does not read on in a file that nobody has written to', async () => {
    const { channel, runner } = runnerOn(
      ['00A40904 02 D003 00', '62 04 80 02 0400 9000'],
      ['00B00000 00', `${'00'.repeat(256)} 9000`],
    );
    const { data } = await runner.run([fromCurrent('D003'), { verb: 'read-file', maximum: 8192 }]);
    expect(data.every((value) => value === 0)).toBe(true);
    channel.expectFinished();
  });

  it('stops at the profile’s maximum', async () => {
    const { runner } = runnerOn(
      ['00A40904 02 D003 00', '62 04 80 02 4000 9000'],
      ['00B00000 20', `3082FFFF ${'AB'.repeat(28)} 9000`],
    );
    const { data } = await runner.run([fromCurrent('D003'), { verb: 'read-file', maximum: 32 }]);
    expect(data.length).toBe(32);
  });

  it('descends to a data object, or says that it is not there', async () => {
    const query: Step = {
      verb: 'get-data',
      object: bytes('3FFF'),
      data: bytes('4D02 7000'),
      find: [0x70, 0xbf8101, 0xa0, 0x9b],
    };
    const ask = '00CB3FFF 04 4D027000 00';
    const answer = '70 0C BF8101 08 A0 06 9A0103 9B0102 9000';
    const { runner } = runnerOn([ask, answer], [ask, '70 00 9000'], [ask, '70 05 9000'], [ask, '6A88']);
    expect(hexOf((await runner.run([query])).data)).toBe('02');
    expect((await failureOf(runner.run([query]))).code).toBe('card-malformed');
    expect((await failureOf(runner.run([query]))).code).toBe('card-malformed');
    expect((await failureOf(runner.run([query]))).code).toBe('card-refused');
  });
});

describe('a secret', () => {
  const verify: Step = { verb: 'verify', pin: 'PIN1' };

  it('is sent once, and no step follows a refusal', async () => {
    const { channel, runner } = runnerOn(['00200001 08 34323731FFFFFFFF', '63C2']);
    const secrets = { current: new Map([['PIN1', secret('4271')]]) };
    const thrown = await runner
      .run([verify, { verb: 'pso-cds', input: 'digest' }], {
        secrets,
        signing: { digest: new Uint8Array(32), length: 256 },
      })
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(PinNotAccepted);
    expect((thrown as PinNotAccepted).result).toMatchObject({ verdict: 'wrong', triesLeft: 2 });
    expect(runner.pinAccepted).toBe(false);
    channel.expectFinished();
    expect(channel.buffers.every((buffer) => buffer.every((value) => value === 0))).toBe(true);
  });

  it('that is not at hand is noticed before anything is sent', async () => {
    const { channel, runner } = runnerOn();
    for (const step of [
      verify,
      { verb: 'change', pin: 'PIN1' },
      { verb: 'unblock', pin: 'PIN1', with: 'puk-and-pin' },
      { verb: 'unblock', pin: 'PIN1', with: 'pin-after-puk' },
      { verb: 'verify', pin: 'PIN9' },
    ] as const satisfies readonly Step[]) {
      expect((await failureOf(runner.run([step]))).code).toBe('internal');
    }
    expect(channel.received).toEqual([]);
  });

  it('of the PUK keeps its own padding beside the new PIN', async () => {
    const { channel, runner } = runnerOn(['002C0001 10 3730333138323634 39303533FFFFFFFF', '9000']);
    const secrets = { current: new Map([['PUK', secret('70318264')]]), replacement: secret('9053') };
    await runner.run([{ verb: 'unblock', pin: 'PIN1', with: 'puk-and-pin' }], { secrets });
    expect(runner.pinAccepted).toBe(true);
    runner.forgetAccepted();
    expect(runner.pinAccepted).toBe(false);
    channel.expectFinished();
  });
});

describe('a key operation', () => {
  it('takes algorithm reference, digest and hash as the program says', async () => {
    const digest = bytes('11'.repeat(32));
    const { channel, runner } = runnerOn(
      ['002241B6 06 800144 840105', '9000'],
      [`002A90A0 22 9020 ${'11'.repeat(32)}`, '9000'],
      ['002A9E9A 00', 'CAFE 9000'],
    );
    const { data } = await runner.run(
      [
        { verb: 'mse-set', template: 'B6', data: '8001{algorithm}840105' },
        { verb: 'pso-hash' },
        { verb: 'pso-cds' },
      ],
      { signing: { digest, algorithmReference: 0x44, length: 256 } },
    );
    expect(hexOf(data)).toBe('CAFE');
    channel.expectFinished();
  });

  it('forgets by VERIFY with P1 = FF or by 2E, as the profile says', async () => {
    const { channel, runner } = runnerOn(['0020FF01', '9000'], ['002E0000', '9000'], ['0020FF01', '6A86']);
    await runner.run([{ verb: 'logout', pin: 'PIN1' }]);
    await runner.run([{ verb: 'logout' }]);
    expect((await failureOf(runner.run([{ verb: 'logout', pin: 'PIN1' }]))).code).toBe('card-refused');
    channel.expectFinished();
  });
});
