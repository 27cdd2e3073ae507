import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentClient } from '../../../electron/client/agent-client.ts';
import type { AgentEvent } from '../../../electron/contract/protocol/messages.ts';
import { trainingPins } from '../../../electron/sandbox/cards/index.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { AgentInProcess } from './agent-in-process.ts';

/** Personal data lives as long as the session, and the session as long as the card is there. */

let running: AgentInProcess;
let client: AgentClient;
let events: AgentEvent[];
beforeEach(async () => {
  running = await AgentInProcess.start();
  client = await running.client(trainingPins);
  events = [];
  client.on('event', (event) => events.push(event));
  await client.request('session.login', {});
});
afterEach(async () => {
  client.close();
  await running[Symbol.asyncDispose]();
});

const read = () => client.request('data.read', { service: 'documents' });
const sessions = () => events.flatMap((event) => (event.kind === 'session' ? [event.session] : []));

describe('a session', () => {
  it('gives data while the card is there', async () => {
    expect((await read()).service).toBe('documents');
  });

  it('is over when the card is pulled: nothing more is given, and who listens is told why', async () => {
    running.reader.remove();
    await expect.poll(() => sessions().at(-1)).toMatchObject({ state: 'wiped', wipedBecause: 'removed' });
    expect((await failureOf(read())).code).toBe('session-none');
    const status = await client.request('status', {});
    expect(status).toMatchObject({ token: null, session: { state: 'wiped' } });
  });

  it('is not taken up again by the same card put back', async () => {
    running.reader.remove();
    await expect.poll(() => sessions().at(-1)?.state).toBe('wiped');
    running.reader.insert(running.card);
    await expect.poll(() => sessions().at(-1)?.state).toBe('ready');
    expect((await failureOf(read())).code).toBe('session-none');
  });

  it('is over when the person signs out at the provider, and everything is wiped at the next look', async () => {
    expect(await running.portal.signOutAtProvider('2500000000010')).toEqual([200]);
    expect(running.portal.openSessions).toBe(0);
    expect((await failureOf(read())).code).toBe('session-ended');
    expect(sessions().at(-2)).toEqual({ state: 'wiped', wipedBecause: 'ended-by-portal' });
    expect(sessions().at(-1)).toEqual({ state: 'ready' });
    expect((await failureOf(read())).code).toBe('session-none');
  });

  it.each(['removed', 'signed out'])('ends at the site and at the provider: card %s', async (how) => {
    expect([running.portal.openSessions, running.portal.openProviderSessions]).toEqual([1, 1]);
    if (how === 'removed') running.reader.remove();
    else await client.request('session.logout', {});
    await expect
      .poll(() => [running.portal.openSessions, running.portal.openProviderSessions])
      .toEqual([0, 0]);
  });

  it('is over after signing out', async () => {
    await client.request('session.logout', {});
    expect((await failureOf(read())).code).toBe('session-none');
  });
});
