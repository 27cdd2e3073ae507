/** The agent's life and death, as its clients see it. Real processes. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AgentClient } from '../../electron/client/agent-client.ts';
import { AgentSupervisor } from '../../electron/client/supervisor.ts';
import { isFailure } from '../../electron/contract/failures/failure.ts';
import type { PinPrompt } from '../../electron/contract/model/status.ts';
import { sealPin } from '../../electron/contract/pin/envelope.ts';
import type { AgentEvent } from '../../electron/contract/protocol/messages.ts';
import { type RunningAgent, startAgent } from '../cli/run-agent.ts';

// Processes are started by the dozen: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const digits = (text: string) => new TextEncoder().encode(text);

/** The next prompt of a client. */
function nextPrompt(client: AgentClient): Promise<PinPrompt> {
  return new Promise((resolve) => {
    const listen = (event: AgentEvent) => {
      if (event.kind !== 'prompt-open') return;
      client.off('event', listen);
      resolve(event.prompt);
    };
    client.on('event', listen);
  });
}

describe('a supervised agent', () => {
  let supervisor: AgentSupervisor;
  afterEach(async () => {
    await supervisor.stop();
  });

  it('is started again when it is killed; what was under way fails and is not repeated', async () => {
    supervisor = new AgentSupervisor({ sandbox: 'eid' });
    const before = await supervisor.start();
    expect(before.sandbox).toBe(true);
    const { pid } = supervisor;
    const prompt = nextPrompt(supervisor.client);
    const verify = supervisor.client.request('pin.verify', { pin: 'PIN1' });
    verify.catch(() => undefined);
    await prompt;

    const down = once(supervisor, 'down');
    const up = once(supervisor, 'up');
    process.kill(pid ?? 0, 'SIGKILL');
    await expect(verify).rejects.toSatisfy((failure) => isFailure(failure, 'agent-lost'));
    expect(await down).toEqual([false]);
    const [snapshot, restarts] = await up;
    expect(restarts).toBe(1);
    expect(supervisor.pid).not.toBe(pid);
    // Nothing of the old operation lives on in the new agent: nobody is asked again.
    expect(snapshot.prompts).toEqual([]);
    expect(snapshot.operations).toEqual([]);
    const { pins } = await supervisor.client.request('pin.status', {});
    expect(pins[0]?.tries).toBe(3);
  });

  it('is not started by somebody who was told to stop meanwhile', async () => {
    supervisor = new AgentSupervisor({ sandbox: 'empty' });
    await supervisor.stop();
    await expect(supervisor.start()).rejects.toSatisfy((failure) => isFailure(failure, 'agent-lost'));
    expect(supervisor.pid).toBeUndefined();
  });

  it('ends with its parent, without a trace', async () => {
    supervisor = new AgentSupervisor({ sandbox: 'empty' });
    await supervisor.start();
    const { pid } = supervisor;
    await supervisor.stop();
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
  });
});

describe('a client that loses its connection', () => {
  let agent: RunningAgent;
  afterEach(async () => {
    await agent.stop();
  });

  const attach = async (clientId: string, graceMs: number) => {
    const stream = connect(agent.socket);
    await once(stream, 'connect');
    const connectionKey = readFileSync(`${agent.socket}.key`, 'utf8');
    return AgentClient.connect(stream, { clientId, graceMs, connectionKey });
  };

  it('finds its question and its answer again when it comes back in time', async () => {
    agent = await startAgent(['--sandbox=eid']);
    const clientId = randomUUID();
    const operationId = randomUUID();
    const first = await attach(clientId, 10_000);
    const asked = nextPrompt(first.client);
    const lost = first.client.request('pin.verify', { pin: 'PIN1' }, { id: operationId });
    lost.catch(() => undefined);
    const prompt = await asked;
    first.client.close();
    await expect(lost).rejects.toSatisfy((failure) => isFailure(failure, 'agent-lost'));

    const again = await attach(clientId, 10_000);
    expect(again.agentId).toBe(first.agentId);
    expect(again.snapshot.prompts).toEqual([prompt]);
    expect(again.snapshot.operations).toEqual([{ operationId, method: 'pin.verify', state: 'running' }]);
    const answer = again.client.resume(operationId, 'pin.verify');
    await again.client.request('pin.submit', {
      promptId: prompt.promptId,
      envelope: await sealPin(digits('4271'), prompt),
    });
    expect(await answer).toEqual({});
    again.client.close();
  });

  it('has its question closed at once when it said that it would not come back', async () => {
    agent = await startAgent(['--sandbox=eid']);
    const clientId = randomUUID();
    const first = await attach(clientId, 0);
    const asked = nextPrompt(first.client);
    first.client.request('pin.verify', { pin: 'PIN1' }).catch(() => undefined);
    await asked;
    first.client.close();
    // Another client of the same user may ask for a PIN right away: nothing is stuck.
    const other = await attach(randomUUID(), 0);
    await expect
      .poll(
        async () => {
          const question = nextPrompt(other.client);
          const verify = other.client.request('pin.verify', { pin: 'PIN1' });
          const outcome = await Promise.race([
            question.then(() => 'asked'),
            verify.catch((failure) => failure.code),
          ]);
          return outcome;
        },
        { timeout: 30_000 },
      )
      .toBe('asked');
    other.client.close();
  });

  it("never sees another client's questions, and cannot answer them", async () => {
    agent = await startAgent(['--sandbox=eid']);
    const mine = await attach(randomUUID(), 0);
    const other = await attach(randomUUID(), 0);
    const seen: AgentEvent[] = [];
    other.client.on('event', (event) => seen.push(event));
    const asked = nextPrompt(mine.client);
    const verify = mine.client.request('pin.verify', { pin: 'PIN1' });
    verify.catch(() => undefined);
    const prompt = await asked;
    const envelope = await sealPin(digits('4271'), prompt);
    const stolen = other.client.request('pin.submit', { promptId: prompt.promptId, envelope });
    await expect(stolen).rejects.toSatisfy((failure) => isFailure(failure, 'pin-envelope-invalid'));
    await mine.client.request('pin.submit', { promptId: prompt.promptId, envelope });
    await verify;
    expect(seen.filter((event) => event.kind.startsWith('prompt'))).toEqual([]);
    mine.client.close();
    other.client.close();
  });
});
