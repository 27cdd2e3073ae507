import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readerKnowledge } from '../../../electron/engine/readers/knowledge/reader-knowledge.ts';
import { PcscReaderService } from '../../../electron/engine/readers/pcsc-service.ts';
import { openToken } from '../../../electron/engine/token/open-token.ts';
import type { TrustPinPad } from '../../../electron/engine/token/pin-pad/pin-pad.ts';
import type { SandboxCardSpec } from '../../../electron/sandbox/cards/index.ts';
import { runCli } from '../../cli/run-cli.ts';
import { verifiesDigest } from '../../rig/judges/openssl.ts';
import { listSlots, logInAtReader } from '../../rig/judges/pkcs11-tool.ts';
import { PrivatePcscd } from '../../rig/pcscd.ts';
import { feature, PinPad, type PinPadEntry, type PinPadPrompt } from '../../rig/pin-pad.ts';
import { VirtualReader } from '../../rig/virtual-reader.ts';
import { needs } from '../../run/needs.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { code, digestOf, freshCard, idOf, pins } from './desk.ts';

/** A reader with keys on a real PC/SC service: what is typed there, and what the card gets of it. */
describe.skipIf(!needs('pcscd') || !needs('opensc') || !needs('openssl'))('a reader’s own keys', () => {
  const typed: (string | 'cancel' | 'timeout')[] = [];
  const prompts: PinPadPrompt[] = [];
  const enter = (prompt: PinPadPrompt): PinPadEntry => {
    prompts.push(prompt);
    const entry = typed.shift() ?? 'timeout';
    return entry === 'cancel' || entry === 'timeout' ? entry : new TextEncoder().encode(entry);
  };
  const pad = new PinPad({ enter });
  const verifyOnly = new PinPad({ enter, tags: [feature.verifyPinDirect], maximumDigits: 16 });
  /** An OMNIKEY 3x21 by its USB device, whatever it is called: it claims keys that it does not have. */
  const liar = new PinPad({ enter, usb: { vendor: 0x076b, product: 0x3031 } });

  let reader: VirtualReader;
  let modest: VirtualReader;
  let false_: VirtualReader;
  let omnikey: VirtualReader;
  let pcscd: PrivatePcscd;
  let service: PcscReaderService;

  beforeAll(async () => {
    reader = await VirtualReader.open('Buletin Virtual PIN Pad', { features: pad });
    modest = await VirtualReader.open('Buletin Virtual Verify Pad', { features: verifyOnly });
    false_ = await VirtualReader.open('Some Reader', { features: liar });
    omnikey = await VirtualReader.open('HID Global OMNIKEY 6121 Smart Card Reader', {
      features: new PinPad({ enter }),
    });
    pcscd = await PrivatePcscd.start(reader, modest, false_, omnikey);
    Object.assign(process.env, pcscd.environment);
    service = new PcscReaderService();
    await service.start();
  });
  afterAll(async () => {
    await service?.close();
    await pcscd?.dispose();
    for (const one of [reader, modest, false_, omnikey]) await one?.close();
  });
  afterEach(() => {
    typed.length = 0;
    prompts.length = 0;
    for (const one of [reader, modest, false_, omnikey]) one.remove();
  });

  const trustPinPad: TrustPinPad = (name, usb) => readerKnowledge(name, usb)?.pinPad !== 'false';

  async function opened(spec: SandboxCardSpec, where = reader) {
    const card = await freshCard(spec);
    where.insert(card);
    await where.whenSettled();
    const token = await openToken(await service.connect(where.pcscName), { trustPinPad });
    return { card, token };
  }
  /** What the engine passes where the reader asks: nothing. */
  const nothing = code('');

  it('are used for every PIN that they can take', async () => {
    const { token } = await opened({ card: 'eid' });
    expect(
      (await token.pins()).map(({ name, typedAtReader, changedAtReader, unblockedAtReader }) => [
        name,
        typedAtReader,
        changedAtReader,
        unblockedAtReader,
      ]),
    ).toEqual([
      ['PIN1', true, true, true],
      ['PIN2', true, true, true],
      ['PUK', true, false, false],
    ]);
    expect(prompts).toEqual([]);
  });

  it('verify a PIN that nothing here has seen', async () => {
    const { card, token } = await opened({ card: 'eid' });
    typed.push(pins.PIN1);
    await token.verify('PIN1', nothing);
    expect(card.commandLog).toMatchObject({ verifications: 1, triesSpent: 0 });
    expect(prompts).toEqual(['pin']);
  });

  it('are asked once, and a wrong PIN costs one try', async () => {
    const { card, token } = await opened({ card: 'eid' });
    typed.push('9999', pins.PIN1);
    const failure = await failureOf(token.verify('PIN1', nothing));
    expect([failure.code, failure.triesLeft]).toEqual(['pin-wrong', 2]);
    expect(card.commandLog).toMatchObject({ verifications: 1, triesSpent: 1 });
    // The right one was not asked for.
    expect(typed).toEqual([pins.PIN1]);
  });

  it.each<[string, (string | 'cancel' | 'timeout')[], string]>([
    ['nobody types', ['timeout'], 'pin-cancelled'],
    ['the person presses cancel', ['cancel'], 'pin-cancelled'],
    ['too few digits are typed', ['123'], 'pin-length'],
  ])('spend no try when %s', async (_, entries, expected) => {
    const { card, token } = await opened({ card: 'eid' });
    typed.push(...entries);
    expect((await failureOf(token.verify('PIN2', nothing))).code).toBe(expected);
    expect(card.commandLog).toMatchObject({ verifications: 0, triesSpent: 0 });
    expect((await token.pins()).map(({ tries }) => tries)).toEqual([3, 3, 10]);
  });

  it('sign, and openssl accepts it', async () => {
    const { card, token } = await opened({ card: 'eid' });
    const id = idOf(token, 'signature');
    const digest = digestOf('SHA-256', 'Un document');
    typed.push(pins.PIN2);
    const signature = await token.sign(id, { kind: 'rsa-pkcs1', hash: 'SHA-256' }, digest, nothing);
    const signer = token.certificates.find((one) => one.id === id)?.x509.toString() ?? '';
    expect(await verifiesDigest({ signer, digest: 'sha256', signature }, digest)).toBe(true);
    expect(card.commandLog).toMatchObject({ verifications: 1, triesSpent: 0 });
  });

  it('change a PIN, asked for twice; OpenSC finds the new one right', async () => {
    const { card, token } = await opened({ card: 'eid', face: 'oseid' });
    typed.push(pins.PIN1, '9053', '9053');
    await token.change('PIN1', nothing, nothing);
    expect(prompts).toEqual(['old-pin', 'new-pin', 'new-pin-again']);
    expect(card.commandLog.triesSpent).toBe(0);
    prompts.length = 0;
    // The foreign program goes to the same keys, and finds the old PIN wrong and the new one right.
    expect(await listSlots({ pcscd })).toContain('PIN pad present');
    typed.push(pins.PIN1);
    const wrong = await logInAtReader({ pcscd, slotIndex: 0 });
    expect(wrong.errorText).toContain('CKR_PIN_INCORRECT');
    typed.push('9053');
    const right = await logInAtReader({ pcscd, slotIndex: 0 });
    expect([right.exitCode, prompts]).toEqual([0, ['pin', 'pin']]);
    expect(card.commandLog.triesSpent).toBe(1);
  });

  it('do not change a PIN that was typed in two ways', async () => {
    const { card, token } = await opened({ card: 'eid' });
    typed.push(pins.PIN1, '9053', '9054');
    expect((await failureOf(token.change('PIN1', nothing, nothing))).code).toBe('pin-mismatch');
    expect(card.commandLog.triesSpent).toBe(0);
    typed.push(pins.PIN1);
    await token.verify('PIN1', nothing);
  });

  it('unblock a PIN with the PUK, which costs the PUK’s try when it is wrong', async () => {
    const { card, token } = await opened({ card: 'eid', variant: 'pin1-blocked' });
    typed.push('11111112', '9053', '9053');
    const wrong = await failureOf(token.unblock('PIN1', nothing, nothing));
    expect([wrong.code, wrong.triesLeft]).toEqual(['puk-wrong', 9]);
    typed.push(pins.PUK, '9053', '9053');
    await token.unblock('PIN1', nothing, nothing);
    typed.push('9053');
    await token.verify('PIN1', nothing);
    expect(card.tries('PIN1')).toBe(3);
  });

  it('want the word of the person before the last try', async () => {
    const { card, token } = await opened({ card: 'eid', variant: 'last-try' });
    typed.push(pins.PIN1);
    expect((await failureOf(token.verify('PIN1', nothing))).code).toBe('pin-last-try');
    expect(prompts).toEqual([]);
    expect(card.commandLog.verifications).toBe(0);
    await token.verify('PIN1', nothing, { acknowledgeLastTry: true });
  });

  it('leave no PIN verified for other programs', async () => {
    const { card, token } = await opened({ card: 'eid' });
    typed.push(pins.PIN1);
    await token.verify('PIN1', nothing);
    const channel = await service.connect(reader.pcscName);
    await channel.transmit(Uint8Array.from(Buffer.from('00A4080C025015', 'hex')));
    // An empty VERIFY answers 9000 only while the PIN is verified.
    expect(Buffer.from(await channel.transmit(Uint8Array.of(0, 0x20, 0, 1))).toString('hex')).toBe('63c3');
    await channel.close();
    expect(card.commandLog.triesSpent).toBe(0);
  });

  it('say that a try may be spent when the card goes while the PIN is under way', async () => {
    const { token } = await opened({ card: 'eid' });
    typed.push(pins.PIN1);
    reader.onApdu = (_, command) =>
      command[1] === 0x20 && command.length > 5 ? { pull: 'during' } : undefined;
    expect((await failureOf(token.verify('PIN1', nothing))).code).toBe('pin-outcome-unknown');
    reader.onApdu = undefined;
  });

  it('are not looked at again once the reader did not understand: the next PIN is typed here', async () => {
    const { card, token } = await opened({ card: 'eid' });
    const asked = pad.control;
    pad.control = async () => Uint8Array.of(0x6b, 0x80);
    const failure = await failureOf(token.verify('PIN1', nothing));
    pad.control = asked;
    expect(failure.code).toBe('reader-fault');
    expect((await token.pins())[0]?.typedAtReader).toBe(false);
    await token.verify('PIN1', code(pins.PIN1));
    expect(prompts).toEqual([]);
    expect(card.commandLog).toMatchObject({ verifications: 1, triesSpent: 0 });
  });

  it('that can only verify leave the change of a PIN to the screen', async () => {
    const { token } = await opened({ card: 'eid' }, modest);
    expect((await token.pins())[0]).toMatchObject({ typedAtReader: true, changedAtReader: false });
    await token.change('PIN1', code(pins.PIN1), code('9053'));
    typed.push('9053');
    await token.verify('PIN1', nothing);
    expect(prompts).toEqual(['pin']);
  });

  it.each(['USB device', 'name'])('that are known to be claimed only are not used: by %s', async (by) => {
    const { card, token } = await opened({ card: 'eid' }, by === 'name' ? omnikey : false_);
    expect((await token.pins())[0]?.typedAtReader).toBeUndefined();
    await token.verify('PIN1', code(pins.PIN1));
    expect(prompts).toEqual([]);
    expect(card.commandLog).toMatchObject({ verifications: 1, triesSpent: 0 });
  });

  it('are used by the command line, which asks for nothing but the word for a signature', async () => {
    const { card, token } = await opened({ card: 'eid' });
    await token.close();
    typed.push(pins.PIN1, pins.PIN2);
    const options = [`--reader=${reader.pcscName}`, '--own', '--json'];
    const env = pcscd.environment;
    const verified = await runCli(['pin', 'verify', '1', ...options], { env });
    expect([verified.code, verified.json()]).toEqual([0, { pin: 'PIN1', done: 'verify' }]);
    const digest = Buffer.from(digestOf('SHA-256')).toString('hex');
    const refused = await runCli(['sign-digest', '2', digest, ...options], { env });
    expect(refused.json()).toMatchObject({ failure: { code: 'pin-no-terminal' } });
    const signed = await runCli(['sign-digest', '2', digest, '--pin-stdin', ...options], { env });
    expect([signed.code, prompts]).toEqual([0, ['pin', 'pin']]);
    expect(card.commandLog).toMatchObject({ verifications: 2, triesSpent: 0 });
  });

  it('take PINs of cards that store them as they are', async () => {
    const { card, token } = await opened({ card: 'esteid2018' });
    typed.push(pins.PIN1);
    await token.verify('PIN1', nothing);
    expect(card.commandLog).toMatchObject({ verifications: 1, triesSpent: 0 });
  });
});
