import { afterEach, describe, expect, it, vi } from 'vitest';
import { isFailure } from '../../../electron/contract/failures/failure.ts';
import type { PinPrompt } from '../../../electron/contract/model/status.ts';
import { sealPin } from '../../../electron/contract/pin/envelope.ts';
import { PinPrompts, type PromptQuestion } from '../../../electron/engine/agent/pin-prompts.ts';

const owner = 'client-a';
const question: PromptQuestion = {
  operationId: '3f8c0d3e-0000-4000-8000-000000000001',
  pin: 'PIN1',
  entry: 'current',
  purpose: 'verify',
  requester: null,
  legalAct: false,
  reader: 'R',
  simulated: true,
  length: { min: 4, max: 4 },
  tries: 3,
  lastTry: false,
};
const digits = (text: string) => new TextEncoder().encode(text);

function open(extra: Partial<PromptQuestion> = {}, timeoutMs?: number) {
  const opened: PinPrompt[] = [];
  const closed: string[] = [];
  const prompts = new PinPrompts(
    {
      opened: (_owner, prompt) => opened.push(prompt),
      closed: (_owner, _id, outcome) => closed.push(outcome),
    },
    timeoutMs,
  );
  const abort = new AbortController();
  const answer = prompts.ask(owner, { ...question, ...extra }, abort.signal);
  answer.catch(() => undefined);
  return { prompts, answer, abort, prompt: opened[0] as PinPrompt, closed };
}

afterEach(() => vi.useRealTimers());

describe('the PIN path', () => {
  it('carries the PIN sealed and opens it once', async () => {
    const { prompts, answer, prompt, closed } = open();
    const envelope = await sealPin(digits('4271'), prompt);
    const wire = JSON.stringify(envelope);
    expect(wire).not.toContain('4271');
    expect(wire).not.toContain(Buffer.from('4271').toString('base64').replace(/=+$/, ''));
    prompts.submit(owner, prompt.promptId, envelope, false);
    const { code } = await answer;
    expect(Buffer.from(code.expose()).toString('latin1')).toBe('4271');
    expect(closed).toEqual(['submitted']);
    // The same envelope again: the key is gone.
    expect(() => prompts.submit(owner, prompt.promptId, envelope, false)).toThrow('pin-envelope-invalid');
    code.destroy();
    expect(code.length).toBe(0);
  });

  it('makes every envelope equally long, whatever the PIN', async () => {
    const { prompt } = open();
    const short = await sealPin(digits('1'), prompt);
    const long = await sealPin(digits('1234567890123456789012345678901'), prompt);
    expect(short.ciphertext.length).toBe(long.ciphertext.length);
    await expect(sealPin(digits('12345678901234567890123456789012'), prompt)).rejects.toThrow(RangeError);
    await expect(sealPin(new Uint8Array(0), prompt)).rejects.toThrow(RangeError);
  });

  it('gives each prompt a key of its own, and an envelope for one does not open another', async () => {
    const first = open();
    const second = open();
    expect(first.prompt.publicKey).not.toBe(second.prompt.publicKey);
    const envelope = await sealPin(digits('4271'), first.prompt);
    expect(() => second.prompts.submit(owner, second.prompt.promptId, envelope, false)).toThrow(
      'pin-envelope-invalid',
    );
    await expect(second.answer).rejects.toSatisfy((f) => isFailure(f, 'pin-envelope-invalid'));
    expect(second.closed).toEqual(['refused']);
  });

  it('binds the envelope to the prompt id', async () => {
    const { prompts, prompt, answer } = open();
    const envelope = await sealPin(digits('4271'), {
      ...prompt,
      promptId: '3f8c0d3e-0000-4000-8000-00000000dead',
    });
    expect(() => prompts.submit(owner, prompt.promptId, envelope, false)).toThrow('pin-envelope-invalid');
    await expect(answer).rejects.toThrow();
  });

  it.each(['ephemeralPublicKey', 'iv', 'ciphertext'] as const)(
    'uses the prompt up when %s was altered',
    async (field) => {
      const { prompts, prompt, answer } = open();
      const envelope = await sealPin(digits('4271'), prompt);
      const bytes = Buffer.from(envelope[field], 'base64');
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      const altered = { ...envelope, [field]: bytes.toString('base64') };
      expect(() => prompts.submit(owner, prompt.promptId, altered, false)).toThrow('pin-envelope-invalid');
      await expect(answer).rejects.toSatisfy((f) => isFailure(f, 'pin-envelope-invalid'));
      expect(() => prompts.submit(owner, prompt.promptId, envelope, false)).toThrow('pin-envelope-invalid');
    },
  );

  it("does not take another client's answer, and the prompt stays open for its own", async () => {
    const { prompts, prompt, answer } = open();
    const envelope = await sealPin(digits('9999'), prompt);
    expect(() => prompts.submit('client-b', prompt.promptId, envelope, false)).toThrow(
      'pin-envelope-invalid',
    );
    expect(() => prompts.cancel('client-b', prompt.promptId)).toThrow('pin-envelope-invalid');
    expect(prompts.ofOwner('client-b')).toEqual([]);
    prompts.submit(owner, prompt.promptId, await sealPin(digits('4271'), prompt), false);
    expect((await answer).code.length).toBe(4);
  });

  it('refuses the last try without the deliberate act, before opening the envelope', async () => {
    const { prompts, prompt, answer, closed } = open({ tries: 1, lastTry: true });
    prompts.submit(owner, prompt.promptId, await sealPin(digits('4271'), prompt), false);
    await expect(answer).rejects.toSatisfy((f) => isFailure(f, 'pin-last-try'));
    expect(closed).toEqual(['refused']);
  });

  it('passes the deliberate act on', async () => {
    const { prompts, prompt, answer } = open({ tries: 1, lastTry: true });
    prompts.submit(owner, prompt.promptId, await sealPin(digits('4271'), prompt), true);
    expect((await answer).acknowledgeLastTry).toBe(true);
  });

  it('closes on cancel, abort, time-out and removal of the card in that reader', async () => {
    const cancelled = open();
    cancelled.prompts.cancel(owner, cancelled.prompt.promptId);
    await expect(cancelled.answer).rejects.toSatisfy((f) => isFailure(f, 'pin-cancelled'));

    const aborted = open();
    aborted.abort.abort();
    await expect(aborted.answer).rejects.toSatisfy((f) => isFailure(f, 'pin-cancelled'));

    const removed = open();
    removed.prompts.cardRemoved('another reader');
    expect(removed.closed).toEqual([]);
    removed.prompts.cardRemoved('R');
    await expect(removed.answer).rejects.toSatisfy((f) => isFailure(f, 'card-removed'));
    expect(removed.closed).toEqual(['card-removed']);

    vi.useFakeTimers();
    const late = open({}, 1_000);
    vi.advanceTimersByTime(1_001);
    await expect(late.answer).rejects.toSatisfy((f) => isFailure(f, 'pin-cancelled'));
    expect(late.closed).toEqual(['timed-out']);
  });
});

describe('a PIN that is typed at the reader', () => {
  const show = () => {
    const opened: PinPrompt[] = [];
    const closed: string[] = [];
    const prompts = new PinPrompts({
      opened: (_owner, prompt) => opened.push(prompt),
      closed: (_owner, id) => closed.push(id),
    });
    prompts.show(owner, question);
    return { prompts, prompt: opened[0] as PinPrompt, closed };
  };

  it('wants a word of the person, and never digits', async () => {
    const { prompts, answer, prompt, closed } = open({ atReader: 'agree', legalAct: true });
    const envelope = await sealPin(digits('4271'), prompt);
    expect(() => prompts.submit(owner, prompt.promptId, envelope, false)).toThrow('pin-envelope-invalid');
    expect(() => prompts.agree('client-b', prompt.promptId, false)).toThrow('pin-envelope-invalid');
    prompts.agree(owner, prompt.promptId, false);
    const { code } = await answer;
    expect([code.length, closed]).toEqual([0, ['submitted']]);
  });

  it('is not begun on its last try unless the person knows', async () => {
    const { prompts, answer, prompt } = open({ atReader: 'agree', lastTry: true });
    prompts.agree(owner, prompt.promptId, false);
    await expect(answer).rejects.toMatchObject({ code: 'pin-last-try' });
  });

  it('does not let a question for digits be answered by a word', () => {
    const { prompts, prompt } = open();
    expect(() => prompts.agree(owner, prompt.promptId, true)).toThrow('pin-envelope-invalid');
  });

  it('is told of until it has been typed; there is nothing to answer', async () => {
    const { prompts, prompt, closed } = show();
    expect(prompt.atReader).toBe('enter');
    const envelope = await sealPin(digits('4271'), prompt);
    expect(() => prompts.submit(owner, prompt.promptId, envelope, false)).toThrow('pin-envelope-invalid');
    expect(() => prompts.agree(owner, prompt.promptId, true)).toThrow('pin-envelope-invalid');
    expect(closed).toEqual([]);
    prompts.entered();
    expect([closed, prompts.ofOwner(owner)]).toEqual([[prompt.promptId], []]);
  });

  it('is no longer told of when the card is gone, or the person puts the words away', () => {
    const gone = show();
    gone.prompts.cardRemoved('R');
    expect(gone.closed).toHaveLength(1);
    const away = show();
    away.prompts.cancel(owner, away.prompt.promptId);
    expect(away.closed).toHaveLength(1);
  });
});
