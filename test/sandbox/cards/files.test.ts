import { beforeAll, describe, expect, it } from 'vitest';
import type { SandboxCard } from '../../../electron/sandbox/cards/index.ts';
import { ask, freshCard, hex, statusWords } from './desk.ts';

const aid = 'A000000063504B43532D3135';

describe('SELECT and READ BINARY of the electronic identity card', () => {
  let card: SandboxCard;

  beforeAll(async () => {
    card = await freshCard({ card: 'eid' });
  });

  const select = async (command: string): Promise<string> => {
    card.reset();
    const { data, sw } = await ask(card, command);
    return `${hex(data)} ${sw}`.trim();
  };

  it('answers FCI, FCP or nothing, as P2 asks', async () => {
    const fcpOfDir = '80020025 820101 83022F00 8801F0 8A0105'.replaceAll(' ', '');
    expect(await select('00A40000 02 2F00 00')).toBe(`6F11${fcpOfDir} 9000`);
    expect(await select('00A40004 02 2F00 00')).toBe(`6211${fcpOfDir} 9000`);
    expect(await select('00A4000C 02 2F00')).toBe('9000');
    expect(await select('00A40000 02 3F00 00')).toBe('6F0A82013883023F008A0105 9000');
    expect(await select('00A40000 00')).toBe('6F0A82013883023F008A0105 9000');
  });

  it('finds the application by its name, by the beginning of it, by identifier and by path', async () => {
    const fci = `6F18 820138 83025015 840C${aid} 8A0105`.replaceAll(' ', '');
    expect(await select(`00A40400 0C ${aid} 00`)).toBe(`${fci} 9000`);
    expect(await select('00A40400 05 A000000063 00')).toBe(`${fci} 9000`);
    expect(await select('00A40000 02 5015 00')).toBe(`${fci} 9000`);
    expect(await select('00A40100 02 5015 00')).toBe(`${fci} 9000`);
    expect(await select('00A40800 02 5015 00')).toBe(`${fci} 9000`);
    expect(await select('00A40900 02 5015 00')).toBe(`${fci} 9000`);
  });

  it('selects below and above the current DF', async () => {
    card.reset();
    expect(
      await statusWords(
        card,
        '00A4000C 02 5031', // not a child of the MF
        '00A4010C 02 5015',
        '00A4000C 02 5031',
        '00A4020C 02 5032',
        '00A4020C 02 5015', // a DF is no EF
        '00A4030C', // parent
        '00A4030C', // the MF has none
        '00A4080C 04 5015 4401',
        '00A4090C 02 4402',
        '00A4090C 02 5015',
      ),
    ).toEqual(['6A82', '9000', '9000', '9000', '6A82', '9000', '6A82', '9000', '9000', '6A82']);
  });

  it('leaves the selection alone when a SELECT fails', async () => {
    card.reset();
    await statusWords(card, '00A4000C 02 2F00', '00A4000C 02 7777');
    expect((await ask(card, '00B0000001')).sw).toBe('9000');
  });

  it('refuses what SELECT cannot mean', async () => {
    card.reset();
    expect(
      await statusWords(
        card,
        '00A40500 02 3F00 00', // P1
        '00A40008 02 3F00 00', // FMD
        '00A40001 02 3F00 00', // last occurrence
        '00A40000 01 3F', // half an identifier
        '00A40800 03 501531 00', // odd path
        `00A40402 0C ${aid} 00`, // next occurrence, without a first
        '00A40400 05 A000000077 00',
        '00A40400 00', // no name
      ),
    ).toEqual(['6A86', '6A86', '6A86', '6700', '6A82', '6A82', '6A82', '6700']);
  });

  it('reads by offset and by short identifier', async () => {
    card.reset();
    const dir = `61234F0C${aid}500D${hex(Buffer.from('SIMULATED BIe'))}51043F005015`;
    const whole = await ask(card, '00B09E0000');
    expect(`${hex(whole.data)} ${whole.sw}`).toBe(`${dir} 9000`);
    const part = await ask(card, '00B0000202');
    expect(`${hex(part.data)} ${part.sw}`).toBe('4F0C 9000');
    const tail = await ask(card, '00B0002310');
    expect(`${hex(tail.data)} ${tail.sw}`).toBe('5015 6282');
    const rest = await ask(card, '00B0002300');
    expect(`${hex(rest.data)} ${rest.sw}`).toBe('5015 9000');
  });

  it('says what is wrong with a READ BINARY', async () => {
    card.reset();
    expect(
      await statusWords(
        card,
        '00B0000000', // nothing selected
        '00B0850000', // no such short identifier
        '00B0FE0000', // reserved bits
        '00A4000C 02 2F00',
        '00B0002500', // behind the end
        '00B00000', // no Le
        '00B00000 01 00 00', // data
        '00A4080C 04 5015 4B01', // the file that stands for a key
        '00B0000000',
      ),
    ).toEqual(['6986', '6A82', '6A86', '9000', '6B00', '6700', '6700', '9000', '6981']);
  });

  it('reads a whole certificate with one extended READ BINARY, and in pieces', async () => {
    card.reset();
    await ask(card, '00A4080C 04 5015 4301');
    const { data, sw } = await ask(card, '00B00000 00 0000');
    expect(sw).toBe('9000');
    expect(data).toEqual(card.certificates.authentication);
    const pieces: Uint8Array[] = [];
    for (let offset = 0, last = '9000'; last === '9000'; offset += 0xe7) {
      const piece = await ask(card, `00B0${offset.toString(16).padStart(4, '0')}E7`);
      pieces.push(piece.data);
      last = piece.sw;
    }
    expect(new Uint8Array(Buffer.concat(pieces))).toEqual(card.certificates.authentication);
  });

  it('tells its limits in EF.ATR/INFO and answers no more than that', async () => {
    card.reset();
    await ask(card, '00A4000C 02 2F01');
    expect(hex((await ask(card, '00B0000000')).data)).toBe('7F66080202080002020800');
    expect((await ask(card, `00A4040C 00 0801 ${'00'.repeat(0x801)}`)).sw).toBe('6700');
  });
});

describe('PKCS#15 files', () => {
  const read = async (card: SandboxCard, id: string): Promise<string> => {
    await ask(card, `00A4080C 04 5015 ${id}`);
    return hex((await ask(card, '00B00000 00 0000')).data);
  };
  const text = (words: string): string => hex(Buffer.from(words, 'utf8'));

  it('point from the ODF to the four directories, by absolute path', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(await read(card, '5031')).toBe(
      [
        'A80A 3008 0406 3F0050154401',
        'A00A 3008 0406 3F0050154402',
        'A10A 3008 0406 3F0050154403',
        'A40A 3008 0406 3F0050154404',
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });

  it('describe PIN1, PIN2 and the PUK of the electronic identity card', async () => {
    const card = await freshCard({ card: 'eid' });
    const pin = (name: string, id: string, digits: string): string =>
      `3036 300D 0C04 ${text(name)} 030206C0 040103 3003 0401${id}` +
      ` A120 301E 030202CC 0A0101 0201${digits} 020108 0201${digits} 8001${id} 0401FF 3006 04043F005015`;
    const puk =
      `3032 3009 0C03 ${text('PUK')} 030206C0 3003 040103` +
      ' A120 301E 030201CE 0A0101 020108 020108 020108 800103 0401FF 3006 04043F005015';
    expect(await read(card, '4401')).toBe(
      (pin('PIN1', '01', '04') + pin('PIN2', '02', '06') + puk).replaceAll(' ', ''),
    );
  });

  it('give the keys their PINs: no consent for authentication, one for each signature', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(await read(card, '4402')).toBe(
      [
        `303E 3016 0C0D ${text('Autentificare')} 03020780 040101`,
        '3016 040101 03020520 030203B8 020101 A106 020101 020102',
        'A10C 300A 3004 0402 4B01 02020800',
        `3040 3017 0C0B ${text('Semnătură')} 03020780 040102 020101`,
        '3017 040102 0303060040 030203B8 020102 A106 020101 020102',
        'A10C 300A 3004 0402 4B02 02020800',
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });

  it('describe one P-384 key under PIN2 on the identity card of 2025', async () => {
    const card = await freshCard({ card: '2025' });
    expect(await read(card, '4402')).toBe(
      [
        `A04A 3023 0C17 ${text('Semnătură calificată')} 03020780 040102 020101`,
        '3015 040101 0303060040 030203B8 02020091 A103 020101',
        'A10C 300A 3004 0402 4B01 02020180',
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });

  it('say whose the card is: TokenInfo with manufacturer, label and a serial number of its own', async () => {
    const card = await freshCard({ card: '2025' });
    const information = await read(card, '5032');
    expect(information).toMatch(
      new RegExp(
        `^30..020100 0408[0-9A-F]{16} 0C0F${text('Buletin sandbox')} 8014${text('SIMULATED Carte 2025')} 03020560`.replaceAll(
          ' ',
          '',
        ),
      ),
    );
    const other = await freshCard({ card: '2025' });
    expect(await read(other, '5032')).not.toBe(information);
  });

  it('show on a fresh card with transport PINs that they are not initialized, until they are changed', async () => {
    const card = await freshCard({ card: 'eid', variant: 'change-first' });
    expect((await read(card, '4401')).match(/0302..[0-9A-F]{2}0A01/g)).toEqual([
      '030202C40A01',
      '030202C40A01',
      '030201CE0A01',
    ]);
    expect((await ask(card, '00240001 10 34323731FFFFFFFF 36393533FFFFFFFF')).sw).toBe('9000');
    expect((await read(card, '4401')).match(/0302..[0-9A-F]{2}0A01/g)).toEqual([
      '030202CC0A01',
      '030202C40A01',
      '030201CE0A01',
    ]);
  });

  it('leave the certificate directory blank on a card without certificates', async () => {
    const card = await freshCard({ card: 'eid', variant: 'no-certificate' });
    expect(await read(card, '4404')).toBe('00'.repeat(32));
    expect((await ask(card, '00A4080C 04 5015 4301')).sw).toBe('6A82');
    expect(card.certificates).toEqual({});
  });
});
