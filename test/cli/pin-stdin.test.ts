import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { StdinPinSource } from '../../electron/cli/pin-stdin.ts';
import { isFailure } from '../../electron/contract/failures/failure.ts';
import type { PinPrompt } from '../../electron/contract/model/status.ts';

const prompt = { pin: 'PIN1', lastTry: false } as PinPrompt;
const text = (answer: { digits: Uint8Array } | null) => answer && Buffer.from(answer.digits).toString();

describe('PINs from standard input', () => {
  it('are one line each, in order, whatever the line ends look like and however they arrive', async () => {
    const input = new PassThrough();
    const source = new StdinPinSource(input, false);
    input.write('42');
    input.write('71\r\n8361');
    input.end('45\n123456');
    expect(text(await source.read(prompt))).toBe('4271');
    expect(text(await source.read(prompt))).toBe('836145');
    // The last line need not end.
    expect(text(await source.read(prompt))).toBe('123456');
    expect(await source.read(prompt)).toBeNull();
  });

  it('are not read beyond what was asked, and what is left is zeroed', async () => {
    const input = new PassThrough();
    const source = new StdinPinSource(input, false);
    const chunk = Buffer.from('4271\n836145\n');
    input.write(chunk);
    expect(text(await source.read(prompt))).toBe('4271');
    // The stream's own buffer was wiped when it was taken over.
    expect(chunk.every((byte) => byte === 0)).toBe(true);
    source.close();
    expect(input.destroyed).toBe(true);
  });

  it('are cut off when a line is absurdly long', async () => {
    const input = new PassThrough();
    const source = new StdinPinSource(input, false);
    input.write(Buffer.alloc(300, 0x31));
    const answer = await source.read(prompt);
    expect(answer?.digits.length).toBeGreaterThan(31);
  });

  it('are not taken for the last try without --last-try', async () => {
    const input = new PassThrough();
    input.end('4271\n');
    const refused = new StdinPinSource(input, false).read({ ...prompt, lastTry: true });
    await expect(refused).rejects.toSatisfy((f) => isFailure(f, 'pin-last-try'));
  });
});
