import { createHash, verify, X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SandboxCard } from '../../../electron/sandbox/cards/index.ts';
import { ask, freshCard, hex, statusWords } from './desk.ts';

// Commands as the public profile of the EstEID of 2018 writes them.
const main = '00 A4 04 00 10 A000000077010800070000FE00000100';
const authentication = '00 A4 04 00 0D E828BD080FF2504F5420415750';
const signature = '00 A4 04 00 10 51534344204170706C69636174696F6E';
const pin1 = '00 20 00 01 0C 34323731FFFFFFFFFFFFFFFF';
const pin2 = '00 20 00 85 0C 383336313435FFFFFFFFFFFF';
const puk = '00 20 00 02 0C 3730333138323634FFFFFFFF';
const wrong = (reference: string): string => `00 20 00 ${reference} 0C 3030303030303030FFFFFFFF`;
const retries = (reference: string): string => `00 CB 3F FF 0A 4D087006BF81${reference}02A080 00`;

const message = Buffer.from('EstEID');
const digest = createHash('sha384').update(message).digest('hex');

describe('the EstEID layout', () => {
  let card: SandboxCard;

  beforeEach(async () => {
    card = await freshCard({ card: 'esteid2018' });
  });

  it('has the public ATR', () => {
    expect(hex(card.atr)).toBe('3BDB960080B1FE451F830012233F536549440F9000F1');
  });

  it('gives both certificates by path and by application, with their length in the FCP', async () => {
    await ask(card, main);
    const fcp = await ask(card, '00 A4 09 04 04 ADF13401 00');
    const length = card.certificates.authentication?.length ?? 0;
    expect(hex(fcp.data)).toBe(
      `620E8002${length.toString(16).padStart(4, '0').toUpperCase()}820101830234018A0105`,
    );
    const read = async (): Promise<Uint8Array> => {
      const blocks: Uint8Array[] = [];
      for (let offset = 0; ; offset += 0xc0) {
        const block = await ask(card, `00 B0 ${offset.toString(16).padStart(4, '0')} C0`);
        blocks.push(block.data);
        if (block.sw !== '9000') return new Uint8Array(Buffer.concat(blocks));
      }
    };
    expect(await read()).toEqual(card.certificates.authentication);
    await statusWords(card, signature, '00 A4 02 04 02 341F');
    expect(await read()).toEqual(card.certificates.signature);
  });

  it('walks the files as OpenSC does: MF, child DF, EF', async () => {
    expect(await statusWords(card, '00A4000C', '00A4010C02ADF1', '00A4020C023401', '00B00000E9')).toEqual([
      '9000',
      '9000',
      '9000',
      '9000',
    ]);
  });

  it('authenticates with the key 81 after PIN1, as web-eid and as OpenSC ask it', async () => {
    for (const mse of ['00 22 41 A4 06 800104 840181', '00 22 41 A4 09 8004FF200800 840181']) {
      expect(await statusWords(card, main, authentication, mse, pin1)).toEqual([
        '611E',
        '611B',
        '9000',
        '9000',
      ]);
      const { data, sw } = await ask(card, `00 88 00 00 30 ${digest} 00`);
      expect(sw).toBe('9000');
      const key = new X509Certificate(card.certificates.authentication ?? '').publicKey;
      expect(verify('sha384', message, { key, dsaEncoding: 'ieee-p1363' }, data)).toBe(true);
    }
  });

  it('signs with the key 9F after PIN2, once for each PIN', async () => {
    for (const mse of ['00 22 41 B6 06 800154 84019F', '00 22 41 B6 09 8004FF150800 84019F']) {
      await statusWords(card, main, signature, mse, pin2);
      const { data } = await ask(card, `00 2A 9E 9A 30 ${digest} 00`);
      const key = new X509Certificate(card.certificates.signature ?? '').publicKey;
      expect(verify('sha384', message, { key, dsaEncoding: 'ieee-p1363' }, data)).toBe(true);
      expect((await ask(card, `00 2A 9E 9A 30 ${digest} 00`)).sw).toBe('6982');
    }
  });

  it('keeps each key to its own command and template', async () => {
    await statusWords(card, main, signature);
    expect(
      await statusWords(
        card,
        '00 22 41 B6 06 800154 840181',
        '00 22 41 A4 06 800104 84019F',
        '00 22 41 B6 06 800104 84019F',
        '00 22 41 B6 03 84019F',
      ),
    ).toEqual(['6A88', '6A88', '6A80', '6A80']);
  });

  it('keeps PIN1 and PUK global and PIN2 in its application', async () => {
    expect(
      await statusWords(card, main, pin1, pin2, authentication, pin1, pin2, signature, pin1, pin2),
    ).toEqual([...['611E', '9000', '6A88', '611B', '9000', '6A88', '611E', '9000', '9000']]);
  });

  it('lets PIN2 survive the MF, but neither another application nor the main one', async () => {
    const state = async (...between: string[]): Promise<string> => {
      await statusWords(card, main, signature, pin2, ...between, signature);
      return (await ask(card, '00 20 00 85')).sw;
    };
    expect(await state('00A4000C')).toBe('9000');
    expect(await state(authentication)).toBe('63C3');
    expect(await state(main)).toBe('63C3');
  });

  it('tells tries by GET DATA, local PINs in their application only', async () => {
    const left = async (reference: string): Promise<string> =>
      hex((await ask(card, retries(reference))).data);
    expect(await left('01')).toBe('701EBF81011AA0189A01039B0103A1108C06F300007343009C06F30000734300');
    expect((await ask(card, retries('05'))).sw).toBe('6A88');
    await statusWords(card, wrong('01'), wrong('01'), signature, wrong('85'));
    expect((await left('01')).slice(16, 28)).toBe('9A01039B0101');
    expect((await left('05')).slice(16, 28)).toBe('9A01039B0102');
    expect((await left('02')).slice(16, 28)).toBe('9A01039B0103');
    expect(card.commandLog).toMatchObject({ verifications: 3, queries: 0, triesSpent: 3 });
    expect(
      await statusWords(card, retries('09'), '00 CB 3F FF 02 5C00 00', '00 CB 00 FF 02 5C00 00'),
    ).toEqual(['6A88', '6A80', '6A88']);
  });

  it('is unblocked by VERIFY of the PUK and RESET RETRY COUNTER with the new PIN', async () => {
    const reset = '00 2C 02 85 0C 393537313032FFFFFFFFFFFF';
    await statusWords(card, signature, wrong('85'), wrong('85'), wrong('85'));
    expect(
      await statusWords(card, pin2, reset, puk, reset, '00 20 00 85 0C 393537313032FFFFFFFFFFFF'),
    ).toEqual(['6983', '6982', '9000', '9000', '9000']);
  });

  it('takes new PINs of 4 to 12 and 5 to 12 digits', async () => {
    await ask(card, signature);
    const change = (reference: string, before: string, after: string): string =>
      `00 24 00 ${reference} 18 ${before} ${after}`;
    const [one, two] = ['34323731FFFFFFFFFFFFFFFF', '383336313435FFFFFFFFFFFF'];
    expect(
      await statusWords(
        card,
        change('01', one, '313233FFFFFFFFFFFFFFFFFF'),
        change('01', one, '363935333731363935333731'),
        change('85', two, '36393533FFFFFFFFFFFFFFFF'),
        change('85', two, '3639353337FFFFFFFFFFFFFF'),
      ),
    ).toEqual(['6A80', '9000', '6A80', '9000']);
  });

  it('wants 48 bytes at most, and no extended length', async () => {
    await statusWords(card, main, '00 22 41 A4 06 800104 840181', pin1);
    expect(
      await statusWords(card, `00 88 00 00 31 ${'11'.repeat(49)} 00`, `00 88 00 00 00 0030 ${digest} 0000`),
    ).toEqual(['6700', '6700']);
  });

  it('shows the personal data of its invented holder', async () => {
    const field = async (id: string): Promise<string> => {
      await statusWords(card, '00A4000C', '00A4010C025000', `00A4020C02${id}`);
      return Buffer.from((await ask(card, '00B0000000')).data).toString('utf8');
    };
    expect([await field('5001'), await field('5002'), await field('5006'), await field('5005')]).toEqual([
      'SPECIMEN-ȚURCANU',
      'ANA-MĂRIUȚA',
      '2500000000010',
      '31 01 1990 MDA',
    ]);
    await statusWords(card, '00A4000C', '00A4020C02D003');
    expect(hex((await ask(card, '00B0000000')).data)).toMatch(/^040953494D(3[0-9]){6}$/);
  });

  it('has no certificate files in the variant without certificates', async () => {
    const bare = await freshCard({ card: 'esteid2018', variant: 'no-certificate' });
    expect(await statusWords(bare, '00 A4 09 04 04 ADF13401 00', '00 A4 09 04 04 ADF2341F 00')).toEqual([
      '6A82',
      '6A82',
    ]);
  });
});
