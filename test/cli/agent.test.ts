/** Calls of the command line that share one agent: sessions live on, signatures are judged by openssl. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { needs } from '../run/needs.ts';
import { type RunningAgent, startAgent } from './run-agent.ts';
import { runCli } from './run-cli.ts';

// Processes are started by the dozen: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const folder = mkdtempSync(join(tmpdir(), 'buletin-openssl-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PIN1 = '4271';
const PIN2 = '836145';

/** r‖s as the DER that openssl wants, written out by hand: SEQUENCE of two INTEGERs. */
function ecdsaDer(raw: Buffer): Buffer {
  const integer = (bytes: Buffer) => {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
    const value =
      (bytes[start] ?? 0) >= 0x80
        ? Buffer.concat([Buffer.of(0), bytes.subarray(start)])
        : bytes.subarray(start);
    return Buffer.concat([Buffer.of(0x02, value.length), value]);
  };
  const body = Buffer.concat([
    integer(raw.subarray(0, raw.length / 2)),
    integer(raw.subarray(raw.length / 2)),
  ]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** openssl's verdict on a signature over a digest. */
function opensslVerifies(pem: string, digest: Buffer, signature: Buffer, hash: string): string {
  const path = (name: string) => join(folder, name);
  writeFileSync(path('cert.pem'), pem);
  writeFileSync(path('digest'), digest);
  writeFileSync(path('signature'), signature);
  const args = [
    'pkeyutl',
    '-verify',
    '-certin',
    '-inkey',
    path('cert.pem'),
    '-in',
    path('digest'),
    '-sigfile',
    path('signature'),
  ];
  return execFileSync('openssl', [...args, '-pkeyopt', `digest:${hash}`], { encoding: 'utf8' }).trim();
}

let agent: RunningAgent;
const start = async (sandbox: string) => {
  agent = await startAgent([`--sandbox=${sandbox}`]);
};
const call = (args: string[], pins?: string[]) =>
  runCli([...args, '--json', ...(pins ? ['--pin-stdin'] : [])], {
    env: agent.env,
    ...(pins ? { pins } : {}),
  });
afterEach(async () => {
  await agent?.stop();
});

describe.skipIf(!needs('openssl'))('signatures through a running agent', () => {
  it.each([
    ['eid', '1', PIN1, 'sha256', 'authentication'],
    ['eid', '2', PIN2, 'sha256', 'signature'],
    ['eid', '2', PIN2, 'sha512', 'signature'],
    ['2025', '2', PIN2, 'sha384', 'signature'],
    ['esteid2018', '1', PIN1, 'sha384', 'authentication'],
    ['esteid2018', '2', PIN2, 'sha384', 'signature'],
  ])('with %s PIN%s are accepted by openssl', async (card, number, pin, hash, role) => {
    await start(card);
    const digest = createHash(hash).update('what is signed').digest();
    const { certificates } = (await call(['certificates'])).json<{
      certificates: { role: string; pem: string }[];
    }>();
    const signed = await call(['sign-digest', number, digest.toString('hex')], [pin]);
    expect(signed.code).toBe(0);
    const { signature, algorithm } = signed.json<{ signature: string; algorithm: string }>();
    const raw = Buffer.from(signature, 'hex');
    const pem = certificates.find((certificate) => certificate.role === role)?.pem ?? '';
    const shown = algorithm.startsWith('ECDSA') ? ecdsaDer(raw) : raw;
    expect(opensslVerifies(pem, digest, shown, hash)).toContain('Signature Verified Successfully');
  });
});

describe('a running agent', () => {
  it('keeps a session for the calls that follow, and counts tries across them', async () => {
    await start('eid');
    expect((await call(['login'], [PIN1])).code).toBe(0);
    const status = (await call(['status'])).json<{ session: { state: string } }>();
    expect(status.session.state).toBe('signed-in');
    // No PIN is asked for: nothing is on standard input.
    expect((await call(['data', 'documents'])).code).toBe(0);
    expect((await call(['logout'])).json()).toMatchObject({ session: { state: 'ready' } });
    expect((await call(['data', 'documents'], [PIN1])).code).toBe(0);
    expect((await call(['status'])).json()).toMatchObject({ session: { state: 'ready' } });

    expect((await call(['pin', 'verify', '1'], ['9999'])).json()).toMatchObject({
      failure: { triesLeft: 2 },
    });
    expect((await call(['pin', 'verify', '1'], ['9998'])).json()).toMatchObject({
      failure: { triesLeft: 1 },
    });
    expect((await call(['pin', 'verify', '1'], ['9997'])).json()).toMatchObject({
      failure: { code: 'pin-last-try' },
    });
    const pins = (await call(['pin', 'status'])).json<{ pins: { name: string; tries: number }[] }>();
    expect(pins.pins[0]).toMatchObject({ name: 'PIN1', tries: 1 });
  });

  it('lies in a 0700 folder with a 0600 socket and key, and cleans up after itself', async () => {
    await start('eid');
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(dirname(agent.socket))).toBe('700');
    expect(mode(agent.socket)).toBe('600');
    expect(mode(`${agent.socket}.key`)).toBe('600');
    const { socket } = agent;
    expect(await agent.stop()).toBe(0);
    expect(existsSync(socket)).toBe(false);
    expect(existsSync(`${socket}.key`)).toBe(false);
  });

  it('is not spoken to when its folder is open to others', async () => {
    await start('eid');
    chmodSync(dirname(agent.socket), 0o755);
    const run = await call(['status']);
    expect(run.code).toBe(11);
    expect(run.json()).toMatchObject({ failure: { code: 'agent-foreign' } });
    chmodSync(dirname(agent.socket), 0o700);
  });

  it('shows out whoever does not have the connection key, and whatever breaks the protocol', async () => {
    await start('eid');
    const hello = {
      type: 'hello',
      version: 1,
      clientId: '3f8c0d3e-0000-4000-8000-000000000001',
      key: 'wrong',
      graceMs: 0,
    };
    expect(await speak(agent.socket, JSON.stringify(hello))).toBe('');
    expect(await speak(agent.socket, '{"type":"request"}')).toBe('');
    expect(await speak(agent.socket, 'GET / HTTP/1.1')).toBe('');
    expect((await call(['status'])).code).toBe(0);
  });

  it('is the only one of its user', async () => {
    await start('eid');
    const second = await runCli(['agent', '--json', '--lang=en'], { env: agent.env });
    expect(second.code).toBe(2);
    expect(second.json()).toMatchObject({ failure: { code: 'agent-running' } });
  });
});

/** Sends one frame and returns what comes back until the agent hangs up. */
function speak(socket: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = connect(socket);
    let answer = '';
    stream.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    stream.once('error', reject);
    stream.once('close', () => resolve(answer));
    const body = Buffer.from(text);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    stream.write(Buffer.concat([head, body]));
  });
}
