/** The command line on simulated cards: its public JSON and exit codes, one process per call. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { certificateSchema, pinSchema, readerSchema } from '../../electron/contract/model/card.ts';
import { failureSchema } from '../../electron/contract/model/failure.ts';
import { statusSchema } from '../../electron/contract/model/status.ts';
import { needs } from '../run/needs.ts';
import { runCli } from './run-cli.ts';

// Processes are started by the dozen: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const folder = mkdtempSync(join(tmpdir(), 'buletin-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PIN1 = '4271';
const PIN2 = '836145';
const PUK = '70318264';

/** The failure of a run, checked against its schema. */
function failureOf(run: { stdout: string }): z.infer<typeof failureSchema> {
  return z.strictObject({ failure: failureSchema }).parse(JSON.parse(run.stdout)).failure;
}

const withProblem = z.strictObject({ ...statusSchema.shape, problem: failureSchema.optional() });

describe('looking', () => {
  it('status of the electronic identity card', async () => {
    const run = await runCli(['status', '--sandbox', '--json']);
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const status = withProblem.parse(run.json());
    expect(status.service).toEqual({ state: 'running' });
    expect(status.readers).toHaveLength(1);
    expect(status.readers[0]).toMatchObject({ simulated: true, state: 'present' });
    expect(status.session).toEqual({ state: 'ready' });
    expect(status.token).toMatchObject({ source: 'pkcs15', simulated: true });
    expect(status.token?.label).toContain('SIMULATED');
    expect(status.token?.serial).toMatch(/^[0-9A-F]{16}$/);
    expect(status.token?.certificates.map(({ role, status, key }) => ({ role, status, key }))).toEqual([
      { role: 'authentication', status: 'valid', key: { type: 'RSA', bits: 2048, curve: null } },
      { role: 'signature', status: 'valid', key: { type: 'RSA', bits: 2048, curve: null } },
    ]);
    expect(status.token?.certificates[0]?.subject).toMatchObject({
      serialNumber: 'PNOMD-2500000000010',
      idnp: '2500000000010',
    });
    expect(status.token?.pins).toEqual([
      { name: 'PIN1', role: 'authentication', length: { min: 4, max: 4 }, tries: 3, changeFirst: false },
      { name: 'PIN2', role: 'signature', length: { min: 6, max: 6 }, tries: 3, changeFirst: false },
      expect.objectContaining({ name: 'PUK', role: 'unblock', length: { min: 8, max: 8 } }),
    ]);
  });

  it('status of the identity card of 2025: its public ATR, one P-384 signature key', async () => {
    const run = await runCli(['status', '--sandbox=2025', '--json']);
    const status = withProblem.parse(run.json());
    expect(status.readers[0]?.atr).toBe('3BDF96FF8131FE4580738421E0574D44415F415350810F87');
    expect(status.token?.certificates.map(({ role, key }) => ({ role, key }))).toEqual([
      { role: 'signature', key: { type: 'EC', bits: 384, curve: 'P-384' } },
    ]);
    expect(status.token?.pins.map(({ name }) => name)).toEqual(['PIN2', 'PUK']);
  });

  it('status of the EstEID card comes from its profile', async () => {
    const run = await runCli(['status', '--sandbox=esteid2018', '--json']);
    const status = withProblem.parse(run.json());
    expect(status.token).toMatchObject({ source: 'profile:esteid2018', simulated: true });
    expect(status.token?.certificates.map(({ role, key }) => `${role} ${key.curve}`)).toEqual([
      'authentication P-384',
      'signature P-384',
    ]);
  });

  it('readers, certificates and pin status have the shapes that the README tells', async () => {
    const readers = await runCli(['readers', '--sandbox', '--json']);
    z.strictObject({ readers: z.array(readerSchema).length(1) }).parse(readers.json());
    const certificates = await runCli(['certificates', '--sandbox', '--json']);
    z.strictObject({ certificates: z.array(certificateSchema).length(2) }).parse(certificates.json());
    const pins = await runCli(['pin', 'status', '--sandbox', '--json']);
    z.strictObject({ pins: z.array(pinSchema).length(3) }).parse(pins.json());
    expect([readers.code, certificates.code, pins.code]).toEqual([0, 0, 0]);
  });
});

describe.skipIf(!needs('openssl'))('the certificate in the JSON', () => {
  it('is the one that openssl reads', async () => {
    const run = await runCli(['certificates', '--sandbox', '--json']);
    const [certificate] = run.json<{ certificates: z.infer<typeof certificateSchema>[] }>().certificates;
    const path = join(folder, 'certificate.pem');
    writeFileSync(path, certificate?.pem ?? '');
    const openssl = (...args: string[]) =>
      execFileSync('openssl', ['x509', '-in', path, '-noout', ...args], { encoding: 'utf8' });
    expect(openssl('-serial').trim()).toBe(`serial=${certificate?.serialNumber}`);
    expect(new Date(openssl('-enddate').trim().slice('notAfter='.length)).toISOString()).toBe(
      certificate?.notAfter,
    );
    expect(openssl('-subject', '-nameopt', 'sname,sep_multiline,utf8')).toContain(
      'serialNumber=PNOMD-2500000000010',
    );
    expect(openssl('-text')).toContain('Digital Signature');
  });
});

describe('sentences', () => {
  it.each(['ro', 'ru', 'en'])('say in %s that the card is simulated, and whose it is', async (lang) => {
    const run = await runCli(['status', '--sandbox', `--lang=${lang}`]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain({ ro: 'SIMULAT', ru: 'СИМУЛЯЦИЯ', en: 'SIMULATED' }[lang]);
    expect(run.stdout).toContain('2500 000 000 010');
  });

  it('a failure goes to standard error as sentences, with a way out', async () => {
    const run = await runCli(['pin', 'verify', '1', '--sandbox', '--pin-stdin', '--lang=en'], {
      pins: ['9999'],
    });
    expect(run.code).toBe(7);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('2');
    expect(run.stderr).toContain('pin-wrong');
    expect(run.stderr).not.toContain('9999');
  });
});

describe('PINs', () => {
  const pin = (args: string[], pins: string[]) => runCli(['pin', ...args, '--pin-stdin', '--json'], { pins });

  it('are verified', async () => {
    for (const card of ['eid', 'esteid2018']) {
      expect((await pin(['verify', '1', `--sandbox=${card}`], [PIN1])).code).toBe(0);
    }
    for (const card of ['eid', '2025', 'esteid2018']) {
      expect((await pin(['verify', '2', `--sandbox=${card}`], [PIN2])).code).toBe(0);
    }
  });

  it('wrong: 7, with the tries that are left', async () => {
    const run = await pin(['verify', '2', '--sandbox'], ['836146']);
    expect(run.code).toBe(7);
    expect(failureOf(run)).toMatchObject({ code: 'pin-wrong', triesLeft: 2, owner: 'citizen' });
  });

  it('of the wrong length or with letters never reach the card: 11', async () => {
    const short = await pin(['verify', '1', '--sandbox'], ['123']);
    expect(short.code).toBe(11);
    expect(failureOf(short).code).toBe('pin-length');
    const letters = await pin(['verify', '1', '--sandbox'], ['12a4']);
    expect(failureOf(letters).code).toBe('pin-not-digits');
    const huge = await pin(['verify', '1', '--sandbox'], ['1'.repeat(40)]);
    expect(failureOf(huge).code).toBe('pin-length');
  });

  it('blocked: 8, before anyone is asked', async () => {
    const run = await pin(['verify', '1', '--sandbox=eid:blocked'], []);
    expect(run.code).toBe(8);
    expect(failureOf(run).code).toBe('pin-blocked');
  });

  it('on the last try need --last-try: 11', async () => {
    const refused = await pin(['verify', '1', '--sandbox=eid:last-try'], [PIN1]);
    expect(refused.code).toBe(11);
    expect(failureOf(refused).code).toBe('pin-last-try');
    const done = await pin(['verify', '1', '--sandbox=eid:last-try', '--last-try'], [PIN1]);
    expect(done.code).toBe(0);
    const blocked = await pin(['verify', '1', '--sandbox=eid:last-try', '--last-try'], ['9999']);
    expect(blocked.code).toBe(8);
    expect(failureOf(blocked)).toMatchObject({ code: 'pin-blocked' });
  });

  it('that must be changed first: 11, and changing works', async () => {
    const refused = await pin(['verify', '1', '--sandbox=eid:change-first'], [PIN1]);
    expect(refused.code).toBe(11);
    expect(failureOf(refused).code).toBe('pin-change-first');
    const changed = await pin(['change', '1', '--sandbox=eid:change-first'], [PIN1, '8305']);
    expect(changed.code).toBe(0);
  });

  it('are changed and unblocked with two lines: old or PUK, then new', async () => {
    expect((await pin(['change', '2', '--sandbox'], [PIN2, '520917'])).code).toBe(0);
    expect((await pin(['unblock', '1', '--sandbox=eid:blocked'], [PUK, '8305'])).code).toBe(0);
    const wrong = await pin(['unblock', '1', '--sandbox=eid:blocked'], ['00000001', '8305']);
    expect(wrong.code).toBe(7);
    expect(failureOf(wrong).code).toBe('puk-wrong');
  });

  it('that are trivial are refused as new ones', async () => {
    for (const trivial of ['1111', '1234', '4321']) {
      const run = await pin(['change', '1', '--sandbox'], [PIN1, trivial]);
      expect(failureOf(run).code).toBe('pin-trivial');
      expect(run.code).toBe(11);
    }
    const same = await pin(['change', '1', '--sandbox'], [PIN1, PIN1]);
    expect(failureOf(same).code).toBe('pin-same');
  });

  it('not given at all: 9; no terminal and no --pin-stdin: 2', async () => {
    const empty = await pin(['verify', '1', '--sandbox'], []);
    expect(empty.code).toBe(9);
    expect(failureOf(empty).code).toBe('pin-cancelled');
    const nowhere = await runCli(['pin', 'verify', '1', '--sandbox', '--json']);
    expect(nowhere.code).toBe(2);
    expect(failureOf(nowhere).code).toBe('pin-no-terminal');
  });

  it('stand in no output, whatever happens', async () => {
    for (const args of [
      ['verify', '1', '--sandbox'],
      ['change', '1', '--sandbox'],
      ['unblock', '1', '--sandbox=eid:blocked'],
    ]) {
      const run = await pin(args, ['90817263', '55443322']);
      expect(`${run.stdout}${run.stderr}`).not.toMatch(/90817263|55443322/);
    }
  });
});

describe('signing a digest', () => {
  const digest384 = createHash('sha384').update('what is signed').digest('hex');

  it('refuses what is no digest', async () => {
    const odd = await runCli(['sign-digest', '1', 'abc', '--sandbox', '--json']);
    expect(odd.code).toBe(2);
    const length = await runCli(['sign-digest', '1', 'abcd', '--sandbox', '--pin-stdin', '--json'], {
      pins: [PIN1],
    });
    expect(length.code).toBe(2);
    expect(failureOf(length).code).toBe('digest-length');
    const noKey = await runCli(['sign-digest', '1', digest384, '--sandbox=2025', '--json']);
    expect(noKey.code).toBe(13);
    expect(failureOf(noKey).code).toBe('card-no-such-key');
  });
});

describe('usage', () => {
  it('unknown words and options: 2, as JSON when asked', async () => {
    for (const args of [
      ['frobnicate'],
      ['pin', 'eat', '1'],
      ['pin', 'verify', '3'],
      ['data', 'taxes'],
      ['--no-such'],
    ]) {
      const run = await runCli([...args, '--json', '--sandbox']);
      expect(run.code, args.join(' ')).toBe(2);
      expect(failureOf(run).code).toBe('usage');
    }
  });

  it('an unknown simulated card: 2, and says which', async () => {
    const run = await runCli(['status', '--sandbox=visa', '--json', '--lang=en']);
    expect(run.code).toBe(2);
    expect(failureOf(run)).toMatchObject({ code: 'sandbox-unknown-card' });
    expect(failureOf(run).message).toContain('visa');
  });

  it('a broken settings file: 12, naming the field', async () => {
    const path = join(folder, 'settings.json');
    writeFileSync(
      path,
      '{"portal":{"label":"x","providerUrl":"http://a","servicesUrl":"https://b","trust":[],"simulated":false}}',
    );
    const run = await runCli(['status', '--sandbox', `--settings=${path}`, '--json']);
    expect(run.code).toBe(12);
    expect(failureOf(run).code).toBe('settings-invalid');
  });

  it('help, in three languages, and the version', async () => {
    for (const lang of ['ro', 'ru', 'en']) {
      const run = await runCli(['help', `--lang=${lang}`]);
      expect(run.code).toBe(0);
      for (const command of ['readers', 'status', 'pin unblock 1|2', 'sign-digest', 'demo', '--pin-stdin']) {
        expect(run.stdout).toContain(command);
      }
    }
    expect((await runCli(['--version'])).stdout).toMatch(/^buletin \d+\.\d+\.\d+\n$/);
  });
});
