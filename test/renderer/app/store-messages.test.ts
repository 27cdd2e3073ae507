import { describe, expect, it } from 'vitest';
import { HostLink } from '../../../renderer/app/host-link.ts';
import { WindowStore } from '../../../renderer/app/window-store.ts';
import { answers, reader, twoCertificateCard } from '../../../renderer/test-support/people.ts';
import { type ScenarioName, scenario } from '../../../renderer/test-support/scenarios.ts';
import { ScriptedPort, type ScriptedPortOptions } from '../../../renderer/test-support/scripted-port.ts';

/** A store behind a scripted host that has said welcome. */
async function opened(name: ScenarioName, options: ScriptedPortOptions = {}) {
  const port = new ScriptedPort(scenario(name), options);
  const store = new WindowStore();
  const link = new HostLink(port, store);
  link.start();
  await new Promise((resolve) => setTimeout(resolve, 0));
  return { port, store, link };
}

describe('the window', () => {
  it('knows the card, its holder and the session from the welcome', async () => {
    const { store } = await opened('signed-in');
    expect(store.get()).toMatchObject({
      connection: 'up',
      service: 'running',
      session: { state: 'signed-in' },
    });
    expect(store.get().personal?.token.certificates[0]?.subject.idnp).toBe('2500000000021');
  });

  it.each([
    [
      'the reader says that it is empty',
      { kind: 'readers', service: { state: 'running' }, readers: [reader('empty')] },
    ],
    ['the reader goes', { kind: 'readers', service: { state: 'running' }, readers: [] }],
    ['the service stops', { kind: 'readers', service: { state: 'stopped' }, readers: [reader('present')] }],
    ['the token goes', { kind: 'token', reader: null, token: null }],
    ['the session is wiped', { kind: 'session', session: { state: 'wiped', wipedBecause: 'removed' } }],
    ['another card is being read', { kind: 'session', session: { state: 'reading' } }],
  ] as const)('drops everything about the person in the turn in which %s', async (_, event) => {
    const { port, store, link } = await opened('signed-in');
    await link.readData('personal');
    expect(JSON.stringify(store.get().personal)).toContain('Orhei');
    const { epoch } = store.get();
    port.event(structuredClone(event) as Parameters<typeof port.event>[0]);
    expect(store.get().personal).toBeNull();
    expect(store.get().epoch).toBeGreaterThan(epoch);
  });

  it('drops it when the agent is lost, and fails what was asked of it', async () => {
    const { port, store, link } = await opened('data-loading');
    const asked = link.request('session.logout', {});
    port.say({ type: 'agent-down', final: false });
    expect(store.get()).toMatchObject({ connection: 'down', personal: null, session: { state: 'none' } });
    await expect(asked).rejects.toMatchObject({ code: 'agent-lost' });
  });

  it('keeps the card and drops the data when the session ends by itself', async () => {
    const { port, store, link } = await opened('signed-in');
    await link.readData('vehicles');
    port.event({ kind: 'session', session: { state: 'wiped', wipedBecause: 'idle' } });
    expect(store.get().personal?.token.label).toBe('Buletin electronic');
    expect(store.get().personal?.data).toEqual({});
  });

  it('takes no answer for somebody who has gone', async () => {
    let late: (() => void) | undefined;
    const { port, store, link } = await opened('data-loading', {
      answer: (method) => {
        if (method === 'data.read') late = () => {};
        return undefined;
      },
    });
    const reading = link.readData('documents');
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(late).toBeDefined();
    const request = port.said.findLast((message) => message.type === 'request');
    port.removeCard();
    // Somebody else's card is there before the answer comes.
    port.event({
      kind: 'readers',
      service: { state: 'running' },
      readers: [reader('present')],
    });
    port.event({
      kind: 'token',
      reader: reader('present').name,
      token: twoCertificateCard({ serial: 'B60000000' }),
    });
    port.say({
      type: 'result',
      id: request?.type === 'request' ? request.id : '',
      result: answers().documents,
    });
    await reading;
    expect(store.get().personal?.token.serial).toBe('B60000000');
    expect(store.get().personal?.data).toEqual({});
  });

  it('believes no answer that is none', async () => {
    const { link } = await opened('ready', { answer: () => ({ result: { done: 'perhaps' } }) });
    await expect(link.request('host.print', { to: 'pdf' })).rejects.toMatchObject({
      code: 'contract-violation',
    });
  });

  it('is not moved by messages that are none', async () => {
    const { port, store } = await opened('ready');
    const before = store.get();
    port.say({ type: 'agent-down', final: 'yes' } as never);
    port.say({ type: 'event', event: { kind: 'token', token: '<b>' } } as never);
    port.say('text' as never);
    expect(store.get()).toBe(before);
  });

  it('cancels what is no longer wanted', async () => {
    const { port, store, link } = await opened('data-loading');
    const abort = new AbortController();
    const reading = link.readData('personal', { signal: abort.signal });
    abort.abort();
    await reading;
    expect(port.said.at(-1)).toMatchObject({ type: 'cancel' });
    expect(store.get().personal?.data.personal).toMatchObject({
      state: 'failed',
      failure: { code: 'cancelled' },
    });
  });
});
