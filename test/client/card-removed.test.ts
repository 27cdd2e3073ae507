/** The card goes while the agent works: what waits ends with a name, nothing is spent, everything personal is gone. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentSupervisor } from '../../electron/client/supervisor.ts';
import { isFailure } from '../../electron/contract/failures/failure.ts';
import type { PinPrompt, SessionJson } from '../../electron/contract/model/status.ts';
import { sealPin } from '../../electron/contract/pin/envelope.ts';
import type { AgentEvent } from '../../electron/contract/protocol/messages.ts';

// Processes are started by the dozen: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

const digits = (text: string) => new TextEncoder().encode(text);

describe('a card that is pulled', () => {
  let supervisor: AgentSupervisor;
  let events: AgentEvent[];
  beforeEach(async () => {
    events = [];
    supervisor = new AgentSupervisor({ sandbox: 'eid' });
    supervisor.on('event', (event) => events.push(event));
    await supervisor.start();
    await supervisor.client.request('status', {});
  });
  afterEach(() => supervisor.stop());

  const prompt = (): Promise<PinPrompt> =>
    vi.waitFor(() => {
      const closed = events.flatMap((event) => (event.kind === 'prompt-close' ? [event.promptId] : []));
      const open = events.findLast(
        (event) => event.kind === 'prompt-open' && !closed.includes(event.prompt.promptId),
      );
      if (open?.kind !== 'prompt-open') throw new Error('no prompt yet');
      return open.prompt;
    }, 10_000);
  const sessions = (): SessionJson[] =>
    events.flatMap((event) => (event.kind === 'session' ? [event.session] : []));
  const signIn = async () => {
    const login = supervisor.client.request('session.login', {});
    const question = await prompt();
    await supervisor.client.request('pin.submit', {
      promptId: question.promptId,
      envelope: await sealPin(digits('4271'), question),
    });
    await login;
  };

  it('closes the question for its PIN and takes no answer any more', async () => {
    const verify = supervisor.client.request('pin.verify', { pin: 'PIN1' });
    verify.catch(() => undefined);
    const question = await prompt();
    await supervisor.client.request('sandbox.remove', {});
    await expect(verify).rejects.toSatisfy((failure) => isFailure(failure, 'card-removed'));
    expect(events).toContainEqual({
      kind: 'prompt-close',
      promptId: question.promptId,
      outcome: 'card-removed',
    });
    // Another card is there now: the PIN that was typed for the first one cannot reach it.
    await supervisor.client.request('sandbox.insert', { card: 'eid' });
    const late = supervisor.client.request('pin.submit', {
      promptId: question.promptId,
      envelope: await sealPin(digits('4271'), question),
    });
    await expect(late).rejects.toSatisfy((failure) => isFailure(failure, 'pin-envelope-invalid'));
    const { pins } = await supervisor.client.request('pin.status', {});
    expect(pins.map(({ tries }) => tries).slice(0, 2)).toEqual([3, 3]);
  });

  it('ends the session and wipes before anything else can be asked', async () => {
    await signIn();
    await supervisor.client.request('data.read', { service: 'documents' });
    await supervisor.client.request('sandbox.remove', {});
    const read = supervisor.client.request('data.read', { service: 'documents' });
    await expect(read).rejects.toSatisfy((failure) => isFailure(failure, 'session-none'));
    const status = await supervisor.client.request('status', {});
    expect(status.token).toBeNull();
    expect(status.session).toEqual({ state: 'wiped', wipedBecause: 'removed' });
    // The same card put back starts from nothing.
    await supervisor.client.request('sandbox.insert', { card: 'eid' });
    expect((await supervisor.client.request('status', {})).session).toEqual({ state: 'ready' });
  });

  it('does not leave signed-in but by wiping', async () => {
    await signIn();
    await supervisor.client.request('session.logout', {});
    await signIn();
    await supervisor.client.request('sandbox.remove', {});
    await vi.waitFor(() => expect(sessions().at(-1)).toEqual({ state: 'wiped', wipedBecause: 'removed' }));
    const states = sessions().map(({ state }) => state);
    for (const [index, state] of states.entries()) {
      if (state === 'signed-in') expect(states[index + 1]).toBe('wiped');
    }
    expect(states.filter((state) => state === 'signed-in')).toHaveLength(2);
  });

  it('is swapped for another in one go: the second is read, the first is forgotten', async () => {
    await signIn();
    await supervisor.client.request('sandbox.insert', { card: '2025' });
    await vi.waitFor(async () => {
      const status = await supervisor.client.request('status', {});
      expect(status.token?.certificates.map(({ role }) => role)).toEqual(['signature']);
      expect(status.session.state).toBe('ready');
    }, 10_000);
    const read = supervisor.client.request('data.read', { service: 'documents' });
    await expect(read).rejects.toSatisfy((failure) => isFailure(failure, 'session-none'));
  });
});
