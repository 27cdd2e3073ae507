import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeFrame } from '../../../electron/contract/protocol/framing.ts';
import { listenForClients } from '../../../electron/engine/agent/socket.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { AgentInProcess } from './agent-in-process.ts';

const key = 'the-right-key';

/** Says something to the agent, and what comes first: an answer's type, or the end of the connection. */
function firstOf(stream: Duplex, ...messages: unknown[]): Promise<string> {
  for (const message of messages) writeFrame(stream, message);
  return new Promise((resolve) => {
    stream.once('data', (chunk: Buffer) => resolve(JSON.parse(chunk.subarray(4).toString('utf8')).type));
    stream.once('close', () => resolve('hung up'));
  });
}

const hello = (shown: string) => ({
  type: 'hello',
  version: 1,
  clientId: randomUUID(),
  key: shown,
  graceMs: 0,
});
const request = { type: 'request', id: randomUUID(), method: 'status', params: {} };

describe('the agent', () => {
  let running: AgentInProcess;
  beforeAll(async () => {
    running = await AgentInProcess.start(key);
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it('welcomes who shows the key', async () => {
    expect(await firstOf(running.dial(), hello(key))).toBe('welcome');
  });

  it.each(['', 'the-right-kez', `${key}x`, key.slice(1), key.toUpperCase()])(
    'hangs up on who shows %j, without a word',
    async (shown) => {
      expect(await firstOf(running.dial(), hello(shown))).toBe('hung up');
    },
  );

  it('hangs up on who asks before saying hello, and on who says hello twice', async () => {
    expect(await firstOf(running.dial(), request)).toBe('hung up');
    const stream = running.dial();
    expect(await firstOf(stream, hello(key))).toBe('welcome');
    expect(await firstOf(stream, hello(key))).toBe('hung up');
  });
});

describe.skipIf(process.platform === 'win32')("the agent's socket", () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'socket-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is for its user alone: folder 0700, socket and key 0600', async () => {
    const place = path.join(folder, 'own');
    const socket = await listenForClients(path.join(place, 'agent.sock'), (stream) => stream.destroy());
    const mode = (...names: string[]) => (statSync(path.join(place, ...names)).mode & 0o777).toString(8);
    expect([mode(), mode('agent.sock'), mode('agent.sock.key')]).toEqual(['700', '600', '600']);
    await socket.close();
  });

  it.each(['755', '770', '701'])('does not lie in a folder of mode %s', async (mode) => {
    const place = path.join(folder, 'open');
    mkdirSync(place);
    chmodSync(place, Number.parseInt(mode, 8));
    const listening = listenForClients(path.join(place, 'agent.sock'), (stream) => stream.destroy());
    expect((await failureOf(listening)).code).toBe('agent-foreign');
  });
});
