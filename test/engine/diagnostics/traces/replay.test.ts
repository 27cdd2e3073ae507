import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { traceSchemaFile, traceSchemaText } from '../../../../build/trace-schema.ts';
import { type Trace, type TraceCard, traceSchema } from '../../../../electron/contract/diagnostics/trace.ts';
import { ReplayReaders } from '../../../../electron/engine/diagnostics/trace/replay-readers.ts';
import { readTraceFile } from '../../../../electron/engine/diagnostics/trace/trace-file.ts';
import { makeScratchFolder, removeScratchFolder } from '../../../rig/scratch-folder.ts';
import { bytes, failureOf, hexOf } from '../../card/scripted-channel.ts';
import { replayed } from './trace-of.ts';

const folder = makeScratchFolder();
afterAll(() => removeScratchFolder(folder));

const header = (text: string) => ({ header: text });

/** A trace typed by hand: two transactions, in each a SELECT and what it leads to. */
const card: TraceCard = {
  atr: '3B00',
  groups: [
    {
      transaction: true,
      steps: [
        {
          kind: 'exchange',
          command: { ...header('00A40000'), data: { kind: 'open', hex: '2F00' }, expected: 256 },
          response: { status: '9000' },
          ms: 3,
        },
        {
          kind: 'exchange',
          command: { ...header('00B00000'), expected: 4 },
          response: { data: { kind: 'open', hex: '61020000' }, status: '9000' },
          ms: 2,
        },
      ],
      end: 'leave',
    },
    {
      transaction: true,
      steps: [
        {
          kind: 'exchange',
          command: { ...header('00A40000'), data: { kind: 'open', hex: '2F00' }, expected: 256 },
          response: { status: '9000' },
          ms: 3,
        },
        {
          kind: 'exchange',
          command: { ...header('00200001'), data: { kind: 'secret' } },
          response: { status: '63C2' },
          ms: 2,
        },
        {
          kind: 'exchange',
          command: { ...header('002A9E9A'), data: { kind: 'withheld', length: 20 }, expected: 256 },
          response: { data: { kind: 'withheld', length: 3 }, status: '9000' },
          ms: 2,
        },
      ],
    },
    { transaction: true, steps: [], failure: 'reader-held' },
  ],
};
const traceWith = (...cards: TraceCard[]): Trace =>
  traceSchema.parse({
    format: 'buletin-trace',
    version: 1,
    program: '0.1.0',
    recordedOn: '2026-03-04',
    platform: 'linux',
    cut: false,
    cards,
  });

async function channelOf(one: TraceCard) {
  return new ReplayReaders(traceWith(one)).connect('Buletin Trace 1');
}
const select = bytes('00A40000022F0000');
const read = bytes('00B0000004');

describe('a replayed trace', () => {
  it('answers what was asked then, byte for byte', async () => {
    const channel = await channelOf(card);
    expect(hexOf(channel.atr)).toBe('3B00');
    expect(channel.simulated).toBe(true);
    await channel.transaction(async () => {
      expect(hexOf(await channel.transmit(select))).toBe('9000');
      expect(hexOf(await channel.transmit(read))).toBe('610200009000');
    });
    await channel.transaction(async () => {
      await channel.transmit(select);
      // Which PIN it was nobody wrote down: any will do, and is as wrong as that one.
      expect(hexOf(await channel.transmit(bytes('0020000106313131313131')))).toBe('63C2');
      const sign = `002A9E9A14${'AB'.repeat(20)}00`;
      expect(hexOf(await channel.transmit(bytes(sign)))).toBe('0000009000');
    });
    await expect(channel.transaction(async () => undefined)).rejects.toMatchObject({ code: 'reader-held' });
  });

  it.each([
    ['another length', '00B0000005'],
    ['another offset', '00B0000104'],
    ['another file', '00A40000022F0100'],
    ['another class', '80B0000004'],
    ['extended form', '00B00000000004'],
    ['more than was read', '00C0000004'],
    ['a PIN where none was', '002000010431323334'],
  ])('refuses %s, and everything after it', async (_, command) => {
    const channel = await channelOf(card);
    await channel.transaction(async () => {
      await channel.transmit(select);
      const failure = await failureOf(channel.transmit(bytes(command)));
      expect(failure.code).toBe('trace-mismatch');
      expect(failure.parameters).toEqual({ command: command.slice(0, 8) });
      expect((await failureOf(channel.transmit(read))).code).toBe('trace-mismatch');
    });
  });

  it('refuses an act that was not recorded in its place: signing without the PIN before it', async () => {
    const channel = await channelOf(card);
    await channel.transaction(async () => {
      await channel.transmit(select);
      await channel.transmit(read);
    });
    await channel.transaction(async () => {
      await channel.transmit(select);
      const sign = bytes(`002A9E9A14${'AB'.repeat(20)}00`);
      expect((await failureOf(channel.transmit(sign))).code).toBe('trace-mismatch');
    });
  });

  it('lets a transaction be repeated, but not one that is still to come be skipped', async () => {
    const channel = await channelOf(card);
    for (let times = 0; times < 3; times++) {
      await channel.transaction(async () => {
        await channel.transmit(select);
        expect(hexOf(await channel.transmit(read))).toBe('610200009000');
      });
    }
    const fresh = await channelOf(card);
    await fresh.transaction(async () => {
      await fresh.transmit(select);
      expect((await failureOf(fresh.transmit(bytes('002000010431313131')))).code).toBe('trace-mismatch');
    });
  });

  it('ends where the card was pulled', async () => {
    const channel = await channelOf({
      atr: '3B00',
      groups: [
        {
          transaction: true,
          steps: [
            {
              kind: 'broken',
              command: { ...header('00B00000'), expected: 4 },
              failure: 'card-removed',
              ms: 1,
            },
          ],
        },
      ],
      ended: 'removed',
    });
    await channel.transaction(async () => {
      expect((await failureOf(channel.transmit(read))).code).toBe('card-removed');
    });
    expect(await channel.gone).toBe('removed');
    expect((await failureOf(channel.transmit(read))).code).toBe('card-removed');
  });

  it('shows a reader for each card, and in it what was in the way', async () => {
    const readers = new ReplayReaders(
      traceWith(
        { atr: '', groups: [], failure: 'card-mute' },
        { atr: '', groups: [], failure: 'reader-busy' },
        card,
      ),
    );
    expect(readers.snapshot.readers.map(({ name, state, atr }) => [name, state, atr && hexOf(atr)])).toEqual([
      ['Buletin Trace 1', 'mute', null],
      ['Buletin Trace 2', 'busy', null],
      ['Buletin Trace 3', 'present', '3B00'],
    ]);
    expect((await failureOf(readers.connect('Buletin Trace 1'))).code).toBe('card-mute');
    expect((await failureOf(readers.connect('Buletin Trace 9'))).code).toBe('reader-unknown-name');
  });
});

describe('traces of earlier versions', () => {
  it.each([
    [
      'eid',
      'pkcs15',
      [
        ['PIN1', 3],
        ['PIN2', 3],
        ['PUK', 10],
      ],
      ['authentication', 'signature'],
    ],
    [
      '2025',
      'pkcs15',
      [
        ['PIN2', 3],
        ['PUK', 10],
      ],
      ['signature'],
    ],
    [
      'esteid2018',
      'profile:esteid2018',
      [
        ['PIN1', 3],
        ['PIN2', 3],
        ['PUK', 3],
      ],
      ['authentication', 'signature'],
    ],
  ])('%s can still be replayed', async (name, source, tries, roles) => {
    const trace = await readTraceFile(join(import.meta.dirname, `${name}.trace.json`));
    const { token, pins } = await replayed(trace);
    expect(token.source).toBe(source);
    expect(token.simulated).toBe(true);
    expect(pins.map((pin) => [pin.name, pin.tries])).toEqual(tries);
    expect(token.certificates.map(({ role }) => role)).toEqual(roles);
  });
});

describe('the file of a trace', () => {
  it('has a JSON Schema for other programs, which is that of ours', () => {
    expect(JSON.parse(readFileSync(traceSchemaFile, 'utf8'))).toEqual(JSON.parse(traceSchemaText()));
  });

  const valid = () => JSON.parse(readFileSync(join(import.meta.dirname, '2025.trace.json'), 'utf8')) as Trace;

  it.each([
    ['no JSON', '{', 'JSON'],
    ['another format', JSON.stringify({ ...valid(), format: 'trace' }), 'format'],
    ['a version of later', JSON.stringify({ ...valid(), version: 2 }), 'version'],
    [
      'an ATR that is too long',
      JSON.stringify({ ...valid(), cards: [{ atr: '3B'.repeat(34), groups: [] }] }),
      'cards.0.atr',
    ],
    ['more than it may say', JSON.stringify({ ...valid(), holder: 'Ana' }), 'JSON'],
    ['more than 4 MiB', ' '.repeat(4 * 1024 * 1024 + 1), 'size'],
  ])('is refused: %s', async (_, content, field) => {
    const path = join(folder, 'trace.json');
    writeFileSync(path, content);
    const failure = await failureOf(readTraceFile(path));
    expect(failure.code).toBe('trace-invalid');
    expect(failure.parameters).toEqual({ file: 'trace.json', field });
  });

  it('that is not there is refused', async () => {
    expect((await failureOf(readTraceFile(join(folder, 'none.json')))).code).toBe('trace-invalid');
  });
});
