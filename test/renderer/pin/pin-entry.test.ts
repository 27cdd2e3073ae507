import { describe, expect, it } from 'vitest';
import type { PinPrompt } from '../../../electron/contract/model/status.ts';
import type { PageMessage } from '../../../electron/contract/pages/page-messages.ts';
import {
  PinPrompts,
  type PromptAnswer,
  type PromptQuestion,
} from '../../../electron/engine/agent/pin-prompts.ts';
import { HostLink } from '../../../renderer/app/host-link.ts';
import { WindowStore } from '../../../renderer/app/window-store.ts';
import { PinDigits, shuffledDigits } from '../../../renderer/pin/pin-digits.ts';
import { PinEntry } from '../../../renderer/pin/pin-entry.ts';

const question: PromptQuestion = {
  operationId: '0d9b7c66-9a39-4a8c-8a0e-2f5a5d1f7c11',
  pin: 'PIN1',
  entry: 'current',
  purpose: 'verify',
  requester: null,
  legalAct: false,
  reader: 'R',
  simulated: true,
  length: { min: 4, max: 6 },
  tries: 3,
  lastTry: false,
};

/** An entry whose host hands everything to the agent's own half of the PIN path. */
function asked(more: Partial<PromptQuestion> = {}) {
  let prompt: PinPrompt | undefined;
  const prompts = new PinPrompts({
    opened: (_, opened) => {
      prompt = opened;
    },
    closed: () => {},
  });
  const abort = new AbortController();
  const answer: Promise<PromptAnswer> = prompts.ask('page', { ...question, ...more }, abort.signal);
  answer.catch(() => {});
  const said: PageMessage[] = [];
  let listener: (text: string) => void = () => {};
  const link = new HostLink(
    {
      send: (text) => {
        const message = JSON.parse(text) as PageMessage;
        said.push(message);
        if (message.type !== 'request') return;
        const params = message.params as Parameters<typeof take>[0];
        const take = (one: {
          promptId: string;
          envelope: Parameters<PinPrompts['submit']>[2];
          acknowledgeLastTry?: boolean;
        }) => prompts.submit('page', one.promptId, one.envelope, one.acknowledgeLastTry ?? false);
        if (message.method === 'pin.submit') take(params);
        else prompts.cancel('page', params.promptId);
        listener(JSON.stringify({ type: 'result', id: message.id, result: {} }));
      },
      onMessage: (listen) => {
        listener = listen;
      },
    },
    new WindowStore(),
  );
  link.start();
  said.length = 0;
  const entry = new PinEntry(prompt as PinPrompt, link);
  const type = (digits: string) => {
    for (const digit of digits) entry.type(Number(digit));
  };
  return { entry, type, said, answer };
}

describe('an entry of a PIN', () => {
  it('arrives at the agent as it was typed, and is in no message', async () => {
    const { entry, type, said, answer } = asked();
    type('4299');
    entry.takeBack();
    entry.takeBack();
    type('71');
    await entry.finish(false);
    const { code } = await answer;
    expect([...code.expose()]).toEqual([0x34, 0x32, 0x37, 0x31]);
    code.destroy();
    expect(entry.get()).toMatchObject({ phase: 'sent', count: 0 });
    expect(said).toHaveLength(1);
    for (const form of ['4271', btoa('4271'), '52,50,55,49'])
      expect(JSON.stringify(said)).not.toContain(form);
  });

  it('is sent once, however often the button is pressed', async () => {
    const { entry, type, said } = asked();
    type('4271');
    await Promise.all([entry.finish(false), entry.finish(false)]);
    await entry.finish(false);
    expect(said).toHaveLength(1);
  });

  it('is not sent while digits are missing', async () => {
    const { entry, type, said } = asked();
    type('427');
    await entry.finish(false);
    expect(said).toEqual([]);
    expect(entry.get()).toMatchObject({ phase: 'typing', count: 3 });
  });

  it('takes no more digits than the card does, and nothing but digits', () => {
    const { entry, type } = asked();
    type('1234567');
    entry.type(10);
    entry.type(-1);
    entry.type(1.5);
    expect(entry.get().count).toBe(6);
  });

  it('spends the last try only when that was said', async () => {
    const { entry, type, said, answer } = asked({ lastTry: true, tries: 1 });
    type('4271');
    await entry.finish(false);
    expect(said).toEqual([]);
    await entry.finish(true);
    expect((await answer).acknowledgeLastTry).toBe(true);
  });

  it('takes a new PIN twice, and starts again when the two differ', async () => {
    const { entry, type, said, answer } = asked({ entry: 'new', purpose: 'change' });
    type('9182');
    await entry.finish(false);
    expect(entry.get()).toMatchObject({ again: true, count: 0 });
    type('9183');
    await entry.finish(false);
    expect(entry.get()).toMatchObject({ again: false, differed: true, count: 0, phase: 'typing' });
    expect(said).toEqual([]);
    type('9182');
    await entry.finish(false);
    type('9182');
    await entry.finish(false);
    expect([...(await answer).code.expose()]).toEqual([0x39, 0x31, 0x38, 0x32]);
  });

  it('leaves nothing behind when it is given up', async () => {
    const { entry, type, said, answer } = asked();
    type('4271');
    entry.cancel();
    await expect(answer).rejects.toMatchObject({ code: 'pin-cancelled' });
    expect(entry.get()).toMatchObject({ phase: 'closed', count: 0 });
    type('1111');
    await entry.finish(false);
    expect(said.filter((message) => message.type === 'request' && message.method === 'pin.submit')).toEqual(
      [],
    );
  });
});

describe('digits', () => {
  it('are zeroed, taken back and cleared', () => {
    const digits = new PinDigits(4);
    for (const digit of [1, 2, 3]) digits.push(digit);
    const bytes = digits.expose();
    digits.pop();
    expect([...bytes]).toEqual([0x31, 0x32, 0]);
    digits.clear();
    expect([...bytes]).toEqual([0, 0, 0]);
    expect(digits.count).toBe(0);
  });

  it('are compared whole', () => {
    const of = (text: string) => {
      const digits = new PinDigits(6);
      for (const digit of text) digits.push(Number(digit));
      return digits;
    };
    expect(of('1234').equals(of('1234'))).toBe(true);
    expect(of('1234').equals(of('1235'))).toBe(false);
    expect(of('1234').equals(of('12340'))).toBe(false);
    expect(of('').equals(of(''))).toBe(true);
  });

  it('shuffled are all there, each as often in each place', () => {
    const places = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
    for (let round = 0; round < 4_000; round += 1) {
      const digits = shuffledDigits();
      expect([...digits].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      digits.forEach((digit, place) => {
        (places[digit] as number[])[place] = (places[digit]?.[place] ?? 0) + 1;
      });
    }
    // 400 expected in each place, standard deviation 19: six of them are never left by chance.
    for (const counts of places) for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(115);
  });
});
