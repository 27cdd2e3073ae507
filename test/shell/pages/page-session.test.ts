/** What a page may say, and what it gets to know. */
import { afterEach, describe, expect, it } from 'vitest';
import { AgentView } from '../../../electron/shell/pages/agent-view.ts';
import { PageSession } from '../../../electron/shell/pages/page-session.ts';
import type { ShellServices } from '../../../electron/shell/pages/shell-services.ts';
import { PagePipe, promptKey, ScriptedAgent, somePrompt } from './page-pipe.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function desk(kind: 'main' | 'pin' = 'main', prompt = somePrompt()) {
  const agent = new ScriptedAgent();
  const page = new PagePipe();
  const log: string[] = [];
  const calls: string[] = [];
  let now = 0;
  const shell: ShellServices = {
    host: { kind: 'chromium', hostVersion: '1', platform: 'linux', version: '0.1.0' },
    settings: { language: 'ro', theme: 'system', textSize: 100, reader: null, shuffledDigits: false },
    call: async (method) => {
      calls.push(method);
      return {} as never;
    },
    onSettings: () => () => undefined,
  };
  const session = new PageSession({
    kind,
    port: page.port,
    agent: new AgentView(agent),
    shell,
    ...(kind === 'pin' ? { prompt } : {}),
    log: (line) => log.push(line),
    now: () => now,
  });
  open.push(session);
  agent.rise();
  const pass = (ms: number) => {
    now += ms;
  };
  return { agent, page, log, calls, session, pass };
}

const open: PageSession[] = [];
afterEach(() => {
  for (const session of open.splice(0)) session.close();
});

const failureOf = (page: PagePipe, id: string) => {
  const answer = page.answer(id);
  return answer?.type === 'failure' ? answer.failure.code : answer?.type;
};

describe('a message of a page', () => {
  it.each([
    ['nothing', ''],
    ['no text', { type: 'hello' }],
    ['no JSON', '{"type":"hello"'],
    ['another type', '{"type":"eval"}'],
    ['a field too many', '{"type":"hello","x":1}'],
    ['an id that is none', '{"type":"request","id":"1","method":"status","params":{}}'],
    ['an unknown method', `{"type":"request","id":"${crypto.randomUUID()}","method":"exec","params":{}}`],
    ['a prototype', `{"type":"request","id":"${crypto.randomUUID()}","method":"__proto__","params":{}}`],
    ['an array', '[]'],
    ['null', 'null'],
    ['deep nesting', '['.repeat(100_000)],
    ['too much', JSON.stringify({ type: 'x'.repeat(20 * 1024 * 1024) })],
  ])('that is %s is refused, and the next one is heard', (_, message) => {
    const { page, log } = desk();
    page.raw(message);
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(/^main page: refused a message: /);
    page.hello();
    expect(page.told.map(({ type }) => type)).toEqual(['welcome']);
  });

  it('nests at most 12 deep: 13 are refused without being parsed', () => {
    const nested = (levels: number) =>
      `{"type":"request","id":"${crypto.randomUUID()}","method":"host.save","params":{"a":${'['.repeat(levels - 2)}"]}\\"{"${']'.repeat(levels - 2)}}}`;
    const { page, log, session } = desk();
    page.hello();
    page.raw(nested(12));
    expect(log).toEqual(['main page: refused a message: parameters of host.save']);
    page.raw(nested(13));
    session.close();
    expect(log.at(-1)).toBe('main page: refused a message');
    const other = desk();
    other.page.raw(nested(13));
    expect(other.log).toEqual(['main page: refused a message: nested too deeply']);
  });

  it('is never quoted in the log', () => {
    const { page, log, session } = desk();
    page.hello();
    page.raw('secret-4271');
    page.say({ type: 'secret-4271' });
    page.request('data.read', { service: 'secret-4271' });
    page.request('sign.digest', { pin: 'PIN2', digest: '4271' });
    session.close();
    expect(log.join('\n')).not.toContain('4271');
    expect(log.length).toBeGreaterThan(0);
  });

  it('is not heard before hello', async () => {
    const { page, agent } = desk();
    page.request('status');
    await settled();
    expect([page.told, agent.asked]).toEqual([[], []]);
  });
});

describe('what a page may ask', () => {
  const promptId = somePrompt().promptId;
  const envelope = {
    ephemeralPublicKey: Buffer.alloc(65).toString('base64'),
    iv: Buffer.alloc(12).toString('base64'),
    ciphertext: Buffer.alloc(48).toString('base64'),
  };

  // Well-formed, so that nothing but the method itself is refused.
  it.each([
    ['pin.submit', { promptId, envelope }],
    ['pin.cancel', { promptId }],
    ['sign.digest', { pin: 'PIN1', digest: '00' }],
    ['sign.documents', { documents: [{ input: '/a.pdf' }] }],
    ['sandbox.pins', {}],
    ['agent.stop', {}],
    ['doctor.fix', { id: 'D02', cause: 'service-disabled', lines: ['reboot'] }],
    ['log.place', {}],
    ['inspect.certificate', { certificate: { pem: 'MA==' }, online: false }],
  ])('a main page may not ask for %s', async (method, params) => {
    const { page, agent } = desk();
    page.hello();
    const id = page.request(method, params);
    await settled();
    expect(failureOf(page, id)).toBe('contract-violation');
    expect(agent.asked).toEqual([]);
  });

  it.each([
    ['status', {}],
    ['session.login', {}],
    ['data.read', { service: 'personal' }],
    ['pin.verify', { pin: 'PIN1' }],
    ['sandbox.insert', { card: 'eid' }],
    ['host.documents.choose', {}],
    ['host.save', { name: 'x', kind: 'csv', content: '' }],
    ['host.settings.set', { theme: 'dark' }],
  ])('a pin page may not ask for %s', async (method, params) => {
    const { page, agent, calls } = desk('pin');
    page.hello();
    const id = page.request(method, params);
    await settled();
    expect(failureOf(page, id)).toBe('contract-violation');
    expect([agent.asked, calls]).toEqual([[], []]);
  });

  it('a main page has certificates of the card inspected', async () => {
    const { page, agent } = desk();
    page.hello();
    const params = { certificate: { id: '45' }, online: true };
    page.request('inspect.certificate', params);
    await settled();
    expect(agent.asked.map(({ method, params: given }) => [method, given])).toEqual([
      ['inspect.certificate', params],
    ]);
  });

  it('a pin page answers its own question only', async () => {
    const { page, agent } = desk('pin');
    page.hello();
    const foreign = page.request('pin.cancel', { promptId: crypto.randomUUID() });
    const own = page.request('pin.cancel', { promptId: somePrompt().promptId });
    await settled();
    expect(failureOf(page, foreign)).toBe('contract-violation');
    expect(agent.asked.map(({ params }) => params)).toEqual([{ promptId: somePrompt().promptId }]);
    agent.asked[0]?.resolve({});
    await settled();
    expect(page.answer(own)).toEqual({ type: 'result', id: own, result: {} });
  });

  it('parameters must be as the contract says', async () => {
    const { page, agent } = desk();
    page.hello();
    const ids = [
      page.request('data.read', { service: 'passwords' }),
      page.request('pin.verify', { pin: 'PUK' }),
      page.request('host.documents.read', { id: '../../etc/passwd', offset: 0, length: 1 }),
      page.request('host.documents.read', { id: crypto.randomUUID(), offset: 0, length: 2 ** 30 }),
      page.request('host.save', { name: 'x', kind: 'exe', content: '' }),
    ];
    await settled();
    expect(ids.map((id) => failureOf(page, id))).toEqual(Array(5).fill('contract-violation'));
    expect(agent.asked).toEqual([]);
  });
});

describe('a flood', () => {
  it('of messages is dropped after the first 200, until time has passed', () => {
    const { page, log, pass, session } = desk();
    page.hello();
    for (let i = 0; i < 5_000; i++) page.raw('x');
    expect(log).toHaveLength(1);
    page.hello();
    expect(page.of('welcome')).toHaveLength(1);
    pass(1_000);
    page.hello();
    expect(page.of('welcome')).toHaveLength(2);
    session.close();
    // 5000 of them, and one hello; the first stands in the line before.
    expect(log.at(-1)).toBe('main page: refused 5000 messages');
  });

  it('of requests is refused when 32 are under way', async () => {
    const { page, agent } = desk();
    page.hello();
    const ids = Array.from({ length: 40 }, () => page.request('status'));
    await settled();
    expect(agent.asked).toHaveLength(32);
    expect(ids.slice(32).map((id) => failureOf(page, id))).toEqual(Array(8).fill('agent-busy'));
    agent.asked[0]?.resolve({ version: 1 });
    await settled();
    page.request('status');
    await settled();
    expect(agent.asked).toHaveLength(33);
  });

  it('of long messages is dropped', () => {
    const { page, log, pass } = desk();
    const long = 'x'.repeat(20 * 1024 * 1024 - 1);
    page.raw(long);
    page.raw(long);
    page.raw(long);
    page.hello();
    expect(log).toHaveLength(1);
    // What is short still comes through as far as there is room for it.
    pass(10_000);
    page.raw(long);
    page.hello();
    expect(page.told.length).toBeGreaterThan(0);
  });

  it('with one id does not run twice', async () => {
    const { page, agent } = desk();
    page.hello();
    const id = page.request('status');
    page.request('status', {}, id);
    await settled();
    expect(agent.asked).toHaveLength(1);
  });
});

describe('what a page gets to know', () => {
  it('a main page: questions without their key, in events and snapshots', () => {
    const { page, agent } = desk();
    agent.happen({ kind: 'prompt-open', prompt: somePrompt() });
    page.hello();
    agent.happen({ kind: 'prompt-close', promptId: somePrompt().promptId, outcome: 'cancelled' });
    agent.happen({ kind: 'prompt-open', prompt: somePrompt() });
    agent.rise({ prompts: [somePrompt()] }, 1);
    expect(page.told.map(({ type }) => type)).toEqual(['welcome', 'event', 'event', 'agent-up']);
    expect(JSON.stringify(page.told)).not.toContain(promptKey);
    expect(page.of('welcome')[0]?.snapshot?.prompts).toEqual([somePrompt({ publicKey: '' })]);
    expect(page.of('agent-up')[0]).toMatchObject({ restarts: 1, snapshot: { prompts: [{ publicKey: '' }] } });
  });

  it('a pin page: its question with the key, and its end; nothing of the card or the session', () => {
    const { page, agent } = desk('pin');
    page.hello();
    agent.happen({ kind: 'session', session: { state: 'ready' } });
    agent.happen({ kind: 'readers', service: { state: 'running' }, readers: [] });
    agent.happen({ kind: 'prompt-open', prompt: somePrompt({ promptId: crypto.randomUUID() }) });
    agent.happen({ kind: 'prompt-close', promptId: crypto.randomUUID(), outcome: 'cancelled' });
    agent.happen({ kind: 'prompt-close', promptId: somePrompt().promptId, outcome: 'card-removed' });
    agent.rise({}, 1);
    expect(page.told).toEqual([
      expect.objectContaining({ type: 'welcome', page: 'pin', snapshot: null, prompt: somePrompt() }),
      {
        type: 'event',
        event: { kind: 'prompt-close', promptId: somePrompt().promptId, outcome: 'card-removed' },
      },
    ]);
  });

  it('the state as it is when it says hello, not as it was when the agent came', () => {
    const { page, agent } = desk();
    agent.happen({ kind: 'session', session: { state: 'signed-in', registered: true } });
    agent.happen({
      kind: 'token',
      reader: 'Reader',
      token: null,
      problem: { code: 'card-mute', parameters: {} },
    });
    page.hello();
    agent.happen({ kind: 'token', reader: null, token: null });
    page.hello();
    const [first, second] = page.of('welcome');
    expect(first?.snapshot).toMatchObject({
      session: { state: 'signed-in' },
      reader: 'Reader',
      problem: { code: 'card-mute' },
    });
    expect(second?.snapshot).toMatchObject({ reader: null });
    expect(second?.snapshot).not.toHaveProperty('problem');
  });

  it("its operations by the ids of its requests, whatever the agent's are", async () => {
    const { page, agent } = desk();
    page.hello();
    const id = page.request('pin.verify', { pin: 'PIN1' });
    await settled();
    const operationId = agent.asked[0]?.options.id ?? '';
    expect(operationId).not.toBe(id);
    agent.happen({ kind: 'operation', operationId, state: 'started' });
    agent.happen({ kind: 'prompt-open', prompt: somePrompt({ operationId }) });
    expect(page.of('event').map(({ event }) => event)).toMatchObject([
      { kind: 'operation', operationId: id },
      { kind: 'prompt-open', prompt: { operationId: id } },
    ]);
  });
});

describe('when things end', () => {
  it('the agent: what was under way fails, nothing is asked again', async () => {
    const { page, agent } = desk();
    page.hello();
    const id = page.request('pin.verify', { pin: 'PIN1' });
    await settled();
    agent.die();
    await settled();
    expect(failureOf(page, id)).toBe('agent-lost');
    const meanwhile = page.request('status');
    await settled();
    expect(failureOf(page, meanwhile)).toBe('agent-lost');
    page.hello();
    expect(page.of('welcome').at(-1)?.snapshot).toBeNull();
    agent.rise({}, 1);
    await settled();
    expect(page.told.map(({ type }) => type)).toEqual([
      'welcome',
      'agent-down',
      'failure',
      'failure',
      'welcome',
      'agent-up',
    ]);
    expect(agent.asked).toHaveLength(1);
  });

  it('the page: what it had asked for is cancelled, and it is told nothing more', async () => {
    const { page, agent } = desk();
    page.hello();
    page.request('pin.verify', { pin: 'PIN1' });
    await settled();
    page.vanish();
    await settled();
    expect(agent.asked[0]?.options.signal?.aborted).toBe(true);
    agent.happen({ kind: 'session', session: { state: 'ready' } });
    page.request('status');
    await settled();
    expect(page.told.map(({ type }) => type)).toEqual(['welcome']);
    expect(agent.asked).toHaveLength(1);
  });

  it('a request that the page cancels', async () => {
    const { page, agent } = desk();
    page.hello();
    const id = page.request('session.login');
    await settled();
    page.say({ type: 'cancel', id: crypto.randomUUID() });
    expect(agent.asked[0]?.options.signal?.aborted).toBe(false);
    page.say({ type: 'cancel', id });
    expect(agent.asked[0]?.options.signal?.aborted).toBe(true);
  });
});
