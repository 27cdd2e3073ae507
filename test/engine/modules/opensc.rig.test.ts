import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ModuleReaders } from '../../../electron/engine/agent/composition/module-readers.ts';
import type { ModuleHost } from '../../../electron/engine/modules/module-host.ts';
import type { SandboxCard, SandboxCardSpec } from '../../../electron/sandbox/cards/index.ts';
import { runCli } from '../../cli/run-cli.ts';
import { verifiesDigest } from '../../rig/judges/openssl.ts';
import { findModule } from '../../rig/judges/pkcs11-tool.ts';
import { PrivatePcscd } from '../../rig/pcscd.ts';
import { PinPad } from '../../rig/pin-pad.ts';
import { VirtualReader } from '../../rig/virtual-reader.ts';
import { needs } from '../../run/needs.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { code, digestOf, freshCard, idOf, pins } from '../token/desk.ts';
import { cardsIn, ecdsaDer, ModuleDesk, openCard } from './module-desk.ts';

vi.setConfig({ testTimeout: 60_000 });

/** OpenSC's module on simulated cards, over a real PC/SC service; the cards count their tries themselves. */
describe.skipIf(!needs('module-host') || !needs('rig') || !needs('opensc') || !needs('openssl'))(
  'cards of opensc-pkcs11',
  () => {
    const desk = new ModuleDesk();
    let reader: VirtualReader;
    let padded: VirtualReader;
    let pcscd: PrivatePcscd;
    let module: string;
    /** What the person types at the PIN pad, in turn. */
    const typed: string[] = [];

    beforeAll(async () => {
      module = findModule('opensc-pkcs11.so') ?? '';
      reader = await VirtualReader.open('Buletin Virtual Reader');
      const pad = new PinPad({ enter: () => Buffer.from(typed.shift() ?? '') });
      padded = await VirtualReader.open('Buletin Virtual Pad', { features: pad });
      pcscd = await PrivatePcscd.start(reader, padded);
    });
    afterEach(async () => {
      await desk.close();
      reader.remove();
      padded.remove();
    });
    afterAll(async () => {
      await pcscd?.dispose();
      await reader?.close();
      await padded?.close();
    });

    async function inserted(spec: SandboxCardSpec, into = reader): Promise<SandboxCard> {
      const card = await freshCard(spec);
      into.insert(card);
      await into.whenSettled();
      return card;
    }
    const start = (): ModuleHost => desk.host({ path: module }, { environment: pcscd.environment });

    it.each([
      [{ card: 'eid', face: 'oseid' }, 'rsa-pkcs1', 'SHA-256'],
      [{ card: 'esteid2018' }, 'ecdsa', 'SHA-384'],
    ] as const)(
      'are one card of two tokens, PIN1 and PIN2, and sign with both: %o',
      async (spec, kind, hash) => {
        const card = await inserted(spec);
        const host = start();
        expect((await cardsIn(host)).map(({ tokens }) => tokens.length)).toEqual([2]);
        const token = await openCard(host);
        expect(token).toMatchObject({ source: 'pkcs11:opensc-pkcs11.so', simulated: true });
        expect((await token.pins()).map(({ name, role }) => [name, role])).toEqual([
          ['PIN1', 'authentication'],
          ['PIN2', 'signature'],
        ]);
        const holders = token.certificates.filter(({ hasKey }) => hasKey);
        expect(holders.map(({ role, pin }) => [role, pin])).toEqual([
          ['authentication', 'PIN1'],
          ['signature', 'PIN2'],
        ]);
        for (const { role, pin, id, x509 } of holders) {
          const digest = digestOf(hash, role);
          const signature = await token.sign(id, { kind, hash }, digest, code(pins[pin as 'PIN1' | 'PIN2']));
          const claim = {
            signer: x509.toString(),
            digest: hash === 'SHA-256' ? 'sha256' : 'sha384',
            signature: kind === 'ecdsa' ? ecdsaDer(signature) : signature,
          } as const;
          expect(await verifiesDigest(claim, digest)).toBe(true);
          expect(await verifiesDigest(claim, digestOf(hash, 'other'))).toBe(false);
        }
        expect(card.commandLog.triesSpent).toBe(0);
      },
    );

    it('sign with RSA-PSS', async () => {
      await inserted({ card: 'eid', face: 'oseid' });
      const token = await openCard(start());
      const id = idOf(token, 'signature');
      const digest = digestOf('SHA-256');
      const signature = await token.sign(id, { kind: 'rsa-pss', hash: 'SHA-256' }, digest, code(pins.PIN2));
      const signer = token.certificates.find((one) => one.id === id)?.x509.toString() ?? '';
      expect(await verifiesDigest({ signer, digest: 'sha256', padding: 'pss', signature }, digest)).toBe(
        true,
      );
    });

    it('spend exactly one try for each wrong PIN, guard the last one, and tell the block', async () => {
      const card = await inserted({ card: 'eid', face: 'oseid' });
      const token = await openCard(start());
      const wrong = () => failureOf(token.verify('PIN1', code('9999')));
      expect(await wrong()).toMatchObject({ code: 'pin-wrong', parameters: { pin: 'PIN1' } });
      expect([card.tries('PIN1'), card.tries('PIN2')]).toEqual([2, 3]);
      expect(await wrong()).toMatchObject({ code: 'pin-wrong', triesLeft: 1 });
      expect(card.tries('PIN1')).toBe(1);
      expect((await token.pins())[0]).toMatchObject({ name: 'PIN1', tries: 'last' });
      expect(await wrong()).toMatchObject({ code: 'pin-last-try' });
      expect(card.tries('PIN1')).toBe(1);
      const last = token.verify('PIN1', code('9999'), { acknowledgeLastTry: true });
      expect(await failureOf(last)).toMatchObject({ code: 'pin-blocked', triesLeft: 0 });
      expect(card.tries('PIN1')).toBe(0);
      expect((await token.pins()).map(({ tries }) => tries)).toEqual(['blocked', expect.anything()]);
      expect(await wrong()).toMatchObject({ code: 'pin-blocked' });
      // The other PIN is none of this one's business.
      await token.verify('PIN2', code(pins.PIN2));
      expect(card.commandLog.triesSpent).toBe(3);
    });

    it('refuse what cannot be right before the card hears of it', async () => {
      const card = await inserted({ card: 'eid', face: 'oseid' });
      const token = await openCard(start());
      for (const digits of ['', '123', '123456789']) {
        expect((await failureOf(token.verify('PIN1', code(digits)))).code).toBe('pin-length');
      }
      expect(card.commandLog.verifications).toBe(0);
    });

    it('change a PIN', async () => {
      const card = await inserted({ card: 'eid', face: 'oseid' });
      const token = await openCard(start());
      await token.change('PIN2', code(pins.PIN2), code('905317'));
      await token.verify('PIN2', code('905317'));
      expect((await failureOf(token.change('PIN2', code(pins.PIN2), code('905318')))).code).toBe('pin-wrong');
      expect(card.commandLog.triesSpent).toBe(1);
    });

    it('come and go as events of readers, while a thread waits in the module', async () => {
      const readers = new ModuleReaders(start());
      await readers.start();
      const states = () => readers.snapshot.readers.map(({ name, state }) => `${name}: ${state}`).sort();
      const settle = (expected: string[]) =>
        vi.waitFor(() => expect(states()).toEqual(expected), { timeout: 10_000, interval: 20 });
      const [pad, plain] = [padded.pcscName, reader.pcscName];
      await settle([`${pad}: empty`, `${plain}: empty`]);
      await inserted({ card: 'eid', face: 'oseid' });
      await settle([`${pad}: empty`, `${plain}: present`]);
      const first = readers.snapshot.readers.find(({ name }) => name === plain);
      const token = await readers.openCard(first ?? { name: plain, generation: -1 });
      expect(await token.pins()).toHaveLength(2);
      reader.remove();
      await settle([`${pad}: empty`, `${plain}: empty`]);
      expect(['card-removed', 'card-changed']).toContain((await failureOf(token.pins())).code);
      await inserted({ card: 'eid', face: 'oseid' });
      await settle([`${pad}: empty`, `${plain}: present`]);
      const second = readers.snapshot.readers.find(({ name }) => name === plain);
      expect(second?.generation).toBeGreaterThan(first?.generation ?? 0);
      await readers.close();
    });

    it('are not given the PIN of another card', async () => {
      await inserted({ card: 'eid', face: 'oseid' });
      const host = start();
      const token = await openCard(host);
      reader.remove();
      await reader.whenSettled();
      const other = await inserted({ card: '2025', face: 'oseid' });
      await host.list();
      expect(['card-removed', 'card-changed']).toContain(
        (await failureOf(token.verify('PIN1', code(pins.PIN1)))).code,
      );
      expect(other.commandLog.verifications).toBe(0);
    });

    it('take the PIN from the reader’s own keys: nothing is typed here', async () => {
      const card = await inserted({ card: 'eid', face: 'oseid' }, padded);
      const host = start();
      const token = await openCard(host);
      expect((await token.pins()).map(({ typedAtReader }) => typedAtReader)).toEqual([true, true]);
      typed.push(pins.PIN1);
      await token.verify('PIN1', code(''));
      expect(card.commandLog).toMatchObject({ verifications: 1, triesSpent: 0 });
      typed.push('9999');
      expect((await failureOf(token.verify('PIN1', code('')))).code).toBe('pin-wrong');
      expect(card.tries('PIN1')).toBe(2);
    });

    it('are used from the command line without a word about a PIN that the reader asks for', async () => {
      const card = await inserted({ card: 'eid', face: 'oseid' }, padded);
      typed.push(pins.PIN1);
      const options = [`--module=${module}`, `--reader=${padded.pcscName}`, '--json'];
      const run = await runCli(['pin', 'verify', '1', ...options], { env: pcscd.environment });
      expect([run.code, run.json(), run.stderr]).toEqual([0, { pin: 'PIN1', done: 'verify' }, '']);
      expect(card.commandLog).toMatchObject({ verifications: 1, triesSpent: 0 });
    });

    it('are released when the host is closed', async () => {
      await inserted({ card: 'eid', face: 'oseid' });
      const host = start();
      await openCard(host);
      const pid = host.pid ?? 0;
      await host.close();
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    });
  },
);
