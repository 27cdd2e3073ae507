import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatedCard } from '../../electron/sandbox/cards/simulated-card.ts';
import { needs } from '../run/needs.ts';
import { PrivatePcscd } from './pcscd.ts';
import { getFeatureRequest, PinPad, type PinPadEntry, type PinPadPrompt } from './pin-pad.ts';
import { VirtualReader } from './virtual-reader.ts';
import { ForeignClient } from './winscard/foreign-client.ts';

/** Remembers what it was sent, and answers 9000. */
class RecordingCard implements SimulatedCard {
  readonly atr = Uint8Array.of(0x3b, 0x80, 0x01, 0x81);
  readonly commands: string[] = [];
  reset(): void {}
  transmit(command: Uint8Array): Uint8Array {
    this.commands.push(Buffer.from(command).toString('hex'));
    return Uint8Array.of(0x90, 0x00);
  }
}

const digits = (text: string): Uint8Array => new TextEncoder().encode(text);

/** PIN_VERIFY (PC/SC part 10, 2.5.2): `format` holds bmFormatString, bmPINBlockString, bmPINLengthFormat. */
function pinVerify(
  format: readonly number[],
  digitsAllowed: readonly [number, number],
  apdu: string,
): Uint8Array {
  const command = Buffer.from(apdu, 'hex');
  const [minimum, maximum] = digitsAllowed;
  return Uint8Array.from([
    ...[30, 30, ...format, maximum, minimum, 0x02, 0x01, 0x18, 0x04, 0x00, 0, 0, 0],
    ...[command.length, 0, 0, 0, ...command],
  ]);
}

/** PIN_MODIFY: old and new PIN at data offsets 0 and 8, blocks of 8 bytes. */
function pinModify(confirm: number, apdu: string): Uint8Array {
  const command = Buffer.from(apdu, 'hex');
  return Uint8Array.from([
    ...[30, 30, 0x82, 0x08, 0x00, 0, 8, 8, 4, confirm, 0x02, 0x03, 0x18, 0x04, 0, 1, 2, 0, 0, 0],
    ...[command.length, 0, 0, 0, ...command],
  ]);
}

describe.skipIf(!needs('rig'))('a virtual reader with a PIN pad', () => {
  let entries: PinPadEntry[];
  let prompts: PinPadPrompt[];
  let card: RecordingCard;
  let pad: PinPad;
  let reader: VirtualReader;
  let pcscd: PrivatePcscd;
  let client: ForeignClient;

  beforeEach(async () => {
    entries = [];
    prompts = [];
    card = new RecordingCard();
    pad = new PinPad({
      enter: (prompt) => {
        prompts.push(prompt);
        return entries.shift() ?? 'timeout';
      },
    });
    reader = await VirtualReader.open('Buletin Virtual PIN Pad', { features: pad });
    reader.insert(card);
    pcscd = await PrivatePcscd.start(reader);
    client = new ForeignClient(pcscd);
    await client.connect(reader.pcscName);
  });
  afterEach(async () => {
    await client.close();
    await pcscd.dispose();
    await reader.close();
  });

  /** The control code of a feature, from the list that the reader hands out. */
  async function codeOf(tag: number): Promise<number> {
    const list = Buffer.from(await client.control(getFeatureRequest));
    for (let at = 0; at < list.length; at += 6) if (list[at] === tag) return list.readUInt32BE(at + 2);
    throw new Error(`no feature ${tag}`);
  }

  it('lists its features and properties', async () => {
    const list = await client.control(getFeatureRequest);
    expect(Buffer.from(list).toString('hex')).toBe('060442330006070442330007120442330012');
    const properties = await client.control(await codeOf(0x12));
    expect(Buffer.from(properties).toString('hex')).toBe('06010407010c0a0400000100');
  });

  it('puts ASCII digits into the padded command', async () => {
    const typed = digits('1234');
    entries.push(typed);
    const structure = pinVerify([0x82, 0x08, 0x00], [4, 8], '0020000108ffffffffffffffff');
    expect([...(await client.control(await codeOf(0x06), structure))]).toEqual([0x90, 0x00]);
    expect(card.commands).toEqual(['002000010831323334ffffffff']);
    expect([...typed]).toEqual([0, 0, 0, 0]);
    expect(prompts).toEqual(['pin']);
  });

  it('puts as many bytes as were typed when the block has no size', async () => {
    entries.push(digits('123456'));
    await client.control(await codeOf(0x06), pinVerify([0x82, 0x00, 0x00], [4, 8], '0020008200'));
    expect(card.commands).toEqual(['0020008206313233343536']);
  });

  it('packs BCD digits behind their count (PIN format 2 of ISO 9564-1)', async () => {
    entries.push(digits('12345'));
    // Block of 7 bytes at byte 1; four bits of length at bit 4 of the first byte.
    const structure = pinVerify([0x89, 0x47, 0x04], [4, 12], '002000010820ffffffffffffff');
    await client.control(await codeOf(0x06), structure);
    expect(card.commands).toEqual(['00200001082512345fffffffff']);
  });

  it('asks for the old PIN and the new one twice', async () => {
    entries.push(digits('1234'), digits('567890'), digits('567890'));
    const structure = pinModify(0b11, `0024000110${'ff'.repeat(16)}`);
    expect([...(await client.control(await codeOf(0x07), structure))]).toEqual([0x90, 0x00]);
    expect(card.commands).toEqual(['002400011031323334ffffffff353637383930ffff']);
    expect(prompts).toEqual(['old-pin', 'new-pin', 'new-pin-again']);
  });

  it.each<[string, PinPadEntry[], number, number[]]>([
    ['nobody types', ['timeout'], 0x06, [0x64, 0x00]],
    ['the person cancels', ['cancel'], 0x06, [0x64, 0x01]],
    ['the new PINs differ', [digits('1234'), digits('5678'), digits('5679')], 0x07, [0x64, 0x02]],
    ['too few digits are typed', [digits('123')], 0x06, [0x64, 0x03]],
    ['too many digits are typed', [digits('123456789')], 0x06, [0x64, 0x03]],
  ])('sends nothing to the card when %s', async (_, typed, tag, statusWord) => {
    entries.push(...typed);
    const structure =
      tag === 0x06
        ? pinVerify([0x82, 0x08, 0x00], [4, 8], '0020000108ffffffffffffffff')
        : pinModify(0b11, `0024000110${'ff'.repeat(16)}`);
    expect([...(await client.control(await codeOf(tag), structure))]).toEqual(statusWord);
    expect(card.commands).toEqual([]);
    expect(pad.sent).toBe(0);
  });

  it('refuses a structure that lies about its length', async () => {
    entries.push(digits('1234'));
    const structure = pinVerify([0x82, 0x08, 0x00], [4, 8], '0020000108ffffffffffffffff').slice(0, -1);
    expect([...(await client.control(await codeOf(0x06), structure))]).toEqual([0x6b, 0x80]);
    expect(card.commands).toEqual([]);
  });

  it('knows no other control code', async () => {
    // SCARD_E_UNSUPPORTED_FEATURE
    await expect(client.control(0x4233_0099)).rejects.toMatchObject({ code: '0x8010001F' });
  });
});
