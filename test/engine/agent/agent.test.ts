/** The agent in this process, spoken to by its own client over a pair of streams. */
import { duplexPair } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentClient } from '../../../electron/client/agent-client.ts';
import { Failure, isFailure } from '../../../electron/contract/failures/failure.ts';
import { FrameReader, maxAgentFrame } from '../../../electron/contract/protocol/framing.ts';
import { Agent } from '../../../electron/engine/agent/agent.ts';
import { InProcessReader, InProcessReaderService } from '../../../electron/engine/readers/in-process.ts';
import { PcscReaderService } from '../../../electron/engine/readers/pcsc-service.ts';
import type { ReaderService } from '../../../electron/engine/readers/reader-service.ts';

let agent: Agent;
afterEach(() => agent.close());

async function start(readers: ReaderService, connectionKey?: string): Promise<void> {
  agent = new Agent({
    readers,
    portal: () => Promise.reject(new Failure('portal-not-configured')),
    ...(connectionKey === undefined ? {} : { connectionKey }),
  });
  await agent.start();
}

async function attach(connectionKey = ''): Promise<AgentClient> {
  const [ours, theirs] = duplexPair();
  // A pair of streams does not pass on that one end was destroyed, as sockets do.
  theirs.once('close', () => ours.destroy());
  agent.accept(theirs);
  return (await AgentClient.connect(ours, { connectionKey })).client;
}

describe('an agent', () => {
  it('lives on without the native part, and tells whoever asks what is missing', async () => {
    const load = () => {
      throw new Failure('native-missing', { parameters: { file: 'buletin-pcsc.node' } });
    };
    await start(new PcscReaderService({ load }));
    const client = await attach();
    const status = await client.request('status', {});
    expect(status.problem).toMatchObject({
      code: 'native-missing',
      parameters: { file: 'buletin-pcsc.node' },
    });
    expect(status.token).toBeNull();
    await expect(client.request('pin.verify', { pin: 'PIN1' })).rejects.toSatisfy((f) =>
      isFailure(f, 'native-missing'),
    );
  });

  it.each([
    ['absent', 'service-absent'],
    ['stopped', 'service-stopped'],
    ['refused', 'service-refused'],
  ] as const)('says that the service is %s', async (state, code) => {
    const readers = new InProcessReaderService([new InProcessReader('R')]);
    readers.setServiceState(state);
    await start(readers);
    const client = await attach();
    const status = await client.request('status', {});
    expect(status.service.state).toBe(state);
    expect(status.problem?.code).toBe(code);
  });

  it('tells no reader from no card', async () => {
    await start(new InProcessReaderService([]));
    const client = await attach();
    await expect(client.request('pin.status', {})).rejects.toSatisfy((f) => isFailure(f, 'reader-none'));
    const unknown = client.request('pin.status', { reader: 'X' });
    await expect(unknown).rejects.toSatisfy((f) => isFailure(f, 'reader-unknown-name'));
  });

  it('does not welcome a client with the wrong connection key', async () => {
    await start(new InProcessReaderService([]), 'the-right-key');
    await expect(attach('the-wrong-key')).rejects.toSatisfy((f) => isFailure(f, 'agent-lost'));
    await expect(attach('')).rejects.toSatisfy((f) => isFailure(f, 'agent-lost'));
    const client = await attach('the-right-key');
    expect((await client.request('status', {})).readers).toEqual([]);
  });

  it.each([
    ['no JSON', Buffer.from('hello')],
    ['a request before hello', Buffer.from(JSON.stringify({ type: 'cancel', id: crypto.randomUUID() }))],
    ['an unknown message', Buffer.from('{"type":"give-me-everything"}')],
    [
      'a hello of another version',
      Buffer.from(
        JSON.stringify({ type: 'hello', version: 2, clientId: crypto.randomUUID(), key: '', graceMs: 0 }),
      ),
    ],
    [
      'a hello with something added',
      Buffer.from(
        JSON.stringify({
          type: 'hello',
          version: 1,
          clientId: crypto.randomUUID(),
          key: '',
          graceMs: 0,
          admin: true,
        }),
      ),
    ],
  ])('hangs up on %s without a word', async (_what, body) => {
    await start(new InProcessReaderService([]));
    const [ours, theirs] = duplexPair();
    agent.accept(theirs);
    const frames: Buffer[] = [];
    const reader = new FrameReader(maxAgentFrame);
    ours.on('data', (chunk: Buffer) => frames.push(...reader.push(chunk)));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    const closed = new Promise((resolve) => theirs.once('close', resolve));
    ours.write(Buffer.concat([head, body]));
    await closed;
    expect(frames).toEqual([]);
  });

  it('refuses parameters that do not fit their schema, and goes on', async () => {
    await start(new InProcessReaderService([]));
    const client = await attach();
    const odd = client.request('pin.verify', { pin: 'PIN3' } as never);
    await expect(odd).rejects.toSatisfy((f) => isFailure(f, 'contract-violation'));
    const sandbox = client.request('sandbox.pins', {});
    await expect(sandbox).rejects.toSatisfy((f) => isFailure(f, 'contract-violation'));
    expect((await client.request('status', {})).session).toEqual({ state: 'none' });
  });
});
