import { describe, expect, it } from 'vitest';
import { apdu, ask, freshCard, hex, statusWords } from './desk.ts';

const dir = `61234F0CA000000063504B43532D3135500D53494D554C415445442042496551043F005015`;

describe('what every simulated card answers to what it does not know', () => {
  it.each(['eid', '2025', 'esteid2018'] as const)('%s', async (name) => {
    const card = await freshCard({ card: name });
    expect(
      await statusWords(
        card,
        '00 DB 00 00', // PUT DATA: not there
        '00 D6 00 00 01 00', // nor is UPDATE BINARY
        '80 CA 9F 7F 00', // another class
        'A0 A4 00 00 02 3F00',
        'FF CA 00 00 00',
        '01 B0 00 00 00', // logical channel 1
        '0C B0 00 00 00', // secure messaging
        '00', // no command at all
        '00 A4 00 00 05 3F00',
        '00 C0 00 00 10', // nothing to continue
      ),
    ).toEqual(['6D00', '6D00', '6E00', '6E00', '6E00', '6881', '6882', '6700', '6700', '6985']);
  });

  it('an empty command too', async () => {
    const card = await freshCard({ card: 'eid' });
    expect((await ask(card, '')).sw).toBe('6700');
  });
});

describe('response data and Le', () => {
  it('waits for GET RESPONSE when it was not asked for or did not fit', async () => {
    const card = await freshCard({ card: 'eid' });
    const select = await ask(card, '00A40000 02 2F00');
    expect(`${hex(select.data)} ${select.sw}`).toBe(' 6113');
    expect(hex((await ask(card, '00C0000013')).data)).toBe('6F118002002582010183022F008801F08A0105');
    const part = await ask(card, '00A40000 02 2F00 05');
    expect(`${hex(part.data)} ${part.sw}`).toBe('6F11800200 610E');
    const next = await ask(card, '00C0000002');
    expect(`${hex(next.data)} ${next.sw}`).toBe('2582 610C');
    const rest = await ask(card, '00C0000000');
    expect(`${hex(rest.data)} ${rest.sw}`).toBe('010183022F008801F08A0105 9000');
  });

  it('is gone when another command comes in between', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(await statusWords(card, '00A40000 02 2F00', '00B0000001', '00C0000013')).toEqual([
      '6113',
      '9000',
      '6985',
    ]);
  });

  it('GET RESPONSE wants P1-P2 0000 and an Le', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(await statusWords(card, '00A40000 02 2F00', '00C0010013')).toEqual(['6113', '6A86']);
    expect(await statusWords(card, '00A40000 02 2F00', '00C00000')).toEqual(['6113', '6700']);
  });
});

describe('a card with T=0 manners', () => {
  it('holds the data of a command with data back, whatever Le says', async () => {
    const card = await freshCard({ card: 'eid', transport: 'T=0' });
    expect(await statusWords(card, '00A40000 02 2F00 00', '00C0000000')).toEqual(['6113', '6C13']);
    const fci = await ask(card, '00C0000013');
    expect(`${hex(fci.data)} ${fci.sw}`).toBe('6F118002002582010183022F008801F08A0105 9000');
  });

  it('tells the right Le by 6Cxx', async () => {
    const card = await freshCard({ card: 'eid', transport: 'T=0' });
    await ask(card, '00A4000C 02 2F00');
    expect(await statusWords(card, '00B0000000', '00B0000026', '00B0002010')).toEqual([
      '6C25',
      '6C25',
      '6C05',
    ]);
    const whole = await ask(card, '00B0000025');
    expect(`${hex(whole.data)} ${whole.sw}`).toBe(`${dir} 9000`);
    expect((await ask(card, '00B0000010')).sw).toBe('9000');
  });

  it('knows no extended length', async () => {
    const card = await freshCard({ card: 'eid', transport: 'T=0' });
    expect((await ask(card, '00A4000C 00 0002 2F00')).sw).toBe('6700');
  });

  it('signs: the signature of 256 bytes comes by GET RESPONSE', async () => {
    const card = await freshCard({ card: 'eid', transport: 'T=0' });
    expect(
      await statusWords(
        card,
        apdu.application,
        apdu.pin1,
        '00 22 41 B6 06 800102 840101',
        '00 2A 9E 9A 02 1234 00',
      ),
    ).toEqual(['9000', '9000', '9000', '6100']);
    const signature = await ask(card, '00C0000000');
    expect([signature.data.length, signature.sw]).toEqual([256, '9000']);
  });
});

describe('command chaining', () => {
  it('joins the data of a chain', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(
      await statusWords(
        card,
        '10 A4 08 0C 02 5015',
        '00 A4 08 0C 02 4401',
        '10 20 00 01 04 34323731',
        '00 20 00 01 04 FFFFFFFF',
        '00 20 00 01',
      ),
    ).toEqual(['9000', '9000', '9000', '9000', '9000']);
    expect(card.commandLog).toMatchObject({ verifications: 1, queries: 1 });
  });

  it('breaks a chain that another command interrupts, and does not execute it', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(
      await statusWords(
        card,
        apdu.application,
        '10 20 00 01 04 30303030',
        '00 B0 00 00 00',
        '00 20 00 01 04 FFFFFFFF',
        '00 20 00 01',
      ),
    ).toEqual(['9000', '9000', '6883', '6700', '63C3']);
  });

  it('is bounded: a chain never grows past the limit of EF.ATR/INFO', async () => {
    const card = await freshCard({ card: 'eid' });
    const link = `10 2A 9E 9A FF ${'AA'.repeat(255)}`;
    expect(await statusWords(card, ...Array.from({ length: 9 }, () => link))).toEqual([
      ...Array.from({ length: 8 }, () => '9000'),
      '6700',
    ]);
  });

  it('is refused for an instruction the card does not have', async () => {
    const card = await freshCard({ card: 'eid' });
    expect((await ask(card, '10 DB 00 00 01 00')).sw).toBe('6D00');
  });

  it('is forgotten on reset', async () => {
    const card = await freshCard({ card: 'eid' });
    await statusWords(card, apdu.application, '10 20 00 01 04 30303030');
    card.reset();
    expect(await statusWords(card, apdu.application, '00 20 00 01 04 FFFFFFFF')).toEqual(['9000', '6700']);
  });
});

describe('the command log', () => {
  it('keeps headers and counts, never data', async () => {
    const card = await freshCard({ card: 'eid' });
    await statusWords(card, apdu.application, apdu.pin1, '00 24 00 01 10 34323731FFFFFFFF 36393533FFFFFFFF');
    const { headers, ...counts } = card.commandLog;
    expect(headers).toEqual(['00a4080c', '00200001', '00240001']);
    expect(counts).toEqual({
      commands: 3,
      verifications: 1,
      queries: 0,
      changes: 1,
      unblockings: 0,
      triesSpent: 0,
    });
    expect(JSON.stringify(card.commandLog)).not.toContain('34323731');
  });

  it('does not know PINs that the card does not have', async () => {
    const card = await freshCard({ card: '2025' });
    expect(() => card.tries('PIN1')).toThrow(RangeError);
  });
});

describe('random numbers', () => {
  it('come by GET CHALLENGE in the length asked for', async () => {
    const card = await freshCard({ card: 'eid' });
    const [one, two] = [await ask(card, '0084000010'), await ask(card, '0084000010')];
    expect([one.data.length, one.sw, two.data.length]).toEqual([16, '9000', 16]);
    expect(hex(one.data)).not.toBe(hex(two.data));
    expect(await statusWords(card, '00840000', '0084010010')).toEqual(['6700', '6A86']);
  });
});
