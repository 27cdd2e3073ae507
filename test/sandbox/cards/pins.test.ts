import { describe, expect, it } from 'vitest';
import { apdu, ask, freshCard, statusWords } from './desk.ts';

const queryPin1 = '00 20 00 01';
const queryPin2 = '00 20 00 02';
const puk = '3730333138323634';
const wrongPuk = '3030303030303030';

describe('PINs of the electronic identity card', () => {
  it('are known inside their application only', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(await statusWords(card, apdu.pin1, apdu.application, apdu.pin1)).toEqual(['6A88', '9000', '9000']);
    expect(card.tries('PIN1')).toBe(3);
  });

  it('tell tries and verification freely by an empty VERIFY', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(
      await statusWords(
        card,
        apdu.application,
        queryPin1,
        apdu.pin1,
        queryPin1,
        queryPin2,
        apdu.wrongPin2,
        queryPin2,
      ),
    ).toEqual(['9000', '63C3', '9000', '9000', '63C3', '63C2', '63C2']);
    expect(card.commandLog).toMatchObject({ commands: 7, verifications: 2, queries: 4, triesSpent: 1 });
  });

  it('block after three wrong entries, each counted once, and stay blocked for the right one', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(
      await statusWords(
        card,
        apdu.application,
        apdu.wrongPin1,
        apdu.wrongPin1,
        apdu.wrongPin1,
        apdu.wrongPin1,
        apdu.pin1,
        queryPin1,
        queryPin2,
      ),
    ).toEqual(['9000', '63C2', '63C1', '63C0', '6983', '6983', '6983', '63C3']);
    expect([card.tries('PIN1'), card.tries('PIN2'), card.commandLog.triesSpent]).toEqual([0, 3, 3]);
  });

  it('get all tries back by a right entry', async () => {
    const card = await freshCard({ card: 'eid' });
    await statusWords(card, apdu.application, apdu.wrongPin1, apdu.wrongPin1, apdu.pin1);
    expect(card.tries('PIN1')).toBe(3);
    expect(card.commandLog.triesSpent).toBe(2);
  });

  it('cost no try when the command is malformed', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(
      await statusWords(
        card,
        apdu.application,
        '00 20 00 01 04 34323731', // not padded
        '00 20 00 01 09 34323731FFFFFFFFFF',
        '00 20 01 01 08 30303030FFFFFFFF',
        '00 20 00 05 08 30303030FFFFFFFF',
        '00 24 00 01 08 30303030FFFFFFFF',
        '00 24 01 01 08 30303030FFFFFFFF',
        '00 2C 00 01 08 30303030FFFFFFFF',
        '00 2C 03 01',
      ),
    ).toEqual(['9000', '6700', '6700', '6A86', '6A88', '6700', '6A86', '6700', '6A86']);
    expect([card.tries('PIN1'), card.tries('PUK'), card.commandLog.triesSpent]).toEqual([3, 10, 0]);
  });

  it('forget that they were verified: after a wrong entry, on reset, on logout, when the application is left', async () => {
    const card = await freshCard({ card: 'eid' });
    const verified = async (...commands: string[]): Promise<string> => {
      card.reset();
      await statusWords(card, apdu.application, apdu.pin1, ...commands, apdu.application);
      return (await ask(card, queryPin1)).sw;
    };
    expect(await verified()).toBe('9000');
    expect(await verified('00A4080C 04 5015 4401')).toBe('9000');
    expect(await verified(apdu.wrongPin1)).toBe('63C2');
    expect(await verified('00 2E 00 00')).toBe('63C3');
    expect(await verified('00 2E 00 01')).toBe('63C3');
    expect(await verified('00 2E 00 02')).toBe('9000');
    expect(await verified('00 20 FF 01')).toBe('63C3');
    expect(await verified('00A4000C 02 3F00')).toBe('63C3');
    card.reset();
    expect(await statusWords(card, apdu.application, queryPin1)).toEqual(['9000', '63C3']);
  });

  it('are changed by old and new value', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(
      await statusWords(
        card,
        apdu.application,
        '00 24 00 01 10 30303030FFFFFFFF 36393533FFFFFFFF', // wrong old
        '00 24 00 01 10 34323731FFFFFFFF 36393533FFFFFFFF',
        queryPin1, // changing does not verify
        apdu.pin1, // the old one
        '00 20 00 01 08 36393533FFFFFFFF',
      ),
    ).toEqual(['9000', '63C2', '9000', '63C3', '63C2', '9000']);
  });

  it.each([
    ['too short', '363935FFFFFFFFFF'],
    ['too long', '3639353337FFFFFF'],
    ['letters', '41424344FFFFFFFF'],
    ['padded with zeros', '3639353300000000'],
    ['a gap of padding', '3639FF3533FFFFFF'],
  ])('refuse a malformed new value before they look at the old one: %s', async (_name, value) => {
    const card = await freshCard({ card: 'eid' });
    expect(
      await statusWords(
        card,
        apdu.application,
        `00 24 00 01 10 30303030FFFFFFFF ${value}`,
        `00 2C 00 01 10 ${wrongPuk} ${value}`,
      ),
    ).toEqual(['9000', '6A80', '6A80']);
    expect(card.commandLog.triesSpent).toBe(0);
  });

  it('are unblocked by the PUK, and a wrong PUK costs one of its ten tries', async () => {
    const card = await freshCard({ card: 'eid', variant: 'blocked' });
    expect(
      await statusWords(
        card,
        apdu.application,
        queryPin1,
        queryPin2,
        `00 2C 00 02 10 ${wrongPuk} 393537313032FFFF`,
        `00 2C 00 02 10 ${puk} 393537313032FFFF`,
        queryPin1,
        queryPin2, // unblocking does not verify
        '00 20 00 02 08 393537313032FFFF',
        `00 2C 02 02 08 393537313032FFFF`, // only the form with the PUK in it
      ),
    ).toEqual(['9000', '6983', '6983', '63C9', '9000', '6983', '63C3', '9000', '6A86']);
    expect([card.tries('PIN1'), card.tries('PIN2'), card.tries('PUK')]).toEqual([0, 3, 10]);
  });

  it('cannot be unblocked once the PUK is used up', async () => {
    const card = await freshCard({ card: 'eid', variant: 'puk-blocked' });
    expect(
      await statusWords(
        card,
        apdu.application,
        `00 2C 00 01 10 ${puk} 36393533FFFFFFFF`,
        '00 20 00 03',
        apdu.pin1,
      ),
    ).toEqual(['9000', '6983', '6983', '9000']);
  });

  it('have no PUK of their own: the PUK itself cannot be unblocked', async () => {
    const card = await freshCard({ card: 'eid' });
    expect((await statusWords(card, apdu.application, `00 2C 00 03 10 ${puk} ${wrongPuk}`))[1]).toBe('6985');
  });
});

describe('variants', () => {
  it.each([
    ['normal', 3, 3, 10],
    ['blocked', 0, 0, 10],
    ['pin1-blocked', 0, 3, 10],
    ['pin2-blocked', 3, 0, 10],
    ['last-try', 1, 1, 10],
    ['puk-blocked', 3, 3, 0],
  ] as const)('%s', async (variant, pin1, pin2, pukTries) => {
    const card = await freshCard({ card: 'eid', variant });
    expect([card.tries('PIN1'), card.tries('PIN2'), card.tries('PUK')]).toEqual([pin1, pin2, pukTries]);
    const estonian = await freshCard({ card: 'esteid2018', variant });
    expect([estonian.tries(0x01), estonian.tries(0x85), estonian.tries(0x02)]).toEqual([
      pin1,
      pin2,
      Math.min(pukTries, 3),
    ]);
  });

  it('last-try: one wrong entry blocks', async () => {
    const card = await freshCard({ card: '2025', variant: 'last-try' });
    expect(
      await statusWords(
        card,
        apdu.application,
        '00 20 00 81',
        '00 20 00 81 08 303030303030FFFF',
        '00 20 00 81',
      ),
    ).toEqual(['9000', '63C1', '63C0', '6983']);
  });

  it('change-first: VERIFY and the key answer 6985 and spend nothing until the PIN is changed', async () => {
    const card = await freshCard({ card: 'eid', variant: 'change-first' });
    expect(
      await statusWords(
        card,
        apdu.application,
        apdu.pin1,
        apdu.wrongPin1,
        queryPin1,
        '00 22 41 B6 06 800102 840101',
        '00 2A 9E 9A 02 1234 00',
        '00 24 00 01 10 34323731FFFFFFFF 34323731FFFFFFFF', // the same again
        '00 24 00 01 10 34323731FFFFFFFF 36393533FFFFFFFF',
        '00 20 00 01 08 36393533FFFFFFFF',
        '00 2A 9E 9A 02 1234 00',
        apdu.pin2, // the other one is still a transport PIN
      ),
    ).toEqual(['9000', '6985', '6985', '63C3', '9000', '6985', '6A80', '9000', '9000', '9000', '6985']);
    expect(card.commandLog.triesSpent).toBe(0);
  });

  it('change-first: a wrong old PIN in CHANGE REFERENCE DATA is a try', async () => {
    const card = await freshCard({ card: 'eid', variant: 'change-first' });
    await statusWords(card, apdu.application, '00 24 00 01 10 30303030FFFFFFFF 36393533FFFFFFFF');
    expect(card.tries('PIN1')).toBe(2);
  });

  it('change-first works on the EstEID layout too', async () => {
    const card = await freshCard({ card: 'esteid2018', variant: 'change-first' });
    expect(
      await statusWords(
        card,
        '00 20 00 01 0C 34323731FFFFFFFFFFFFFFFF',
        '00 24 00 01 18 34323731FFFFFFFFFFFFFFFF 3639353337FFFFFFFFFFFFFF',
        '00 20 00 01 0C 3639353337FFFFFFFFFFFFFF',
      ),
    ).toEqual(['6985', '9000', '9000']);
  });
});
