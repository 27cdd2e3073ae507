import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as frames from '../../../electron/engine/modules/frames.ts';
import {
  BrokenFrame,
  encodeFrame,
  FrameReader,
  longestAnswer,
} from '../../../electron/engine/modules/frames.ts';
import { candidates, findKnownModule, knownModules } from '../../../electron/engine/modules/known-modules.ts';
import type { ListedToken } from '../../../electron/engine/modules/messages.ts';
import { cardsOf } from '../../../electron/engine/modules/module-cards.ts';
import { architecturesOf } from '../../../electron/engine/modules/module-file.ts';
import type { ModuleContent } from '../../../electron/engine/modules/module-host.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';
import { needs } from '../../run/needs.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { code } from '../token/desk.ts';
import { ModuleDesk } from './module-desk.ts';

vi.mock(import('../../../electron/engine/modules/frames.ts'), { spy: true });

describe('messages between agent and module host', () => {
  it('carry secrets as bytes behind the header', () => {
    const frame = encodeFrame({ a: 1 }, [Buffer.from('4271'), new Uint8Array(0)]);
    expect(frame.toString('latin1')).toBe('\0\0\0\x17\0\0\0\x07{"a":1}\0\0\0\x044271\0\0\0\0');
  });

  it('are put together from any pieces', () => {
    const bytes = Buffer.concat([encodeFrame({ a: 1 }, [Buffer.from('xy')]), encodeFrame({ b: 2 })]);
    for (let size = 1; size <= bytes.length; size += 1) {
      const reader = new FrameReader();
      const found: { header: unknown; parts: string[] }[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        for (const { header, parts } of reader.take(bytes.subarray(at, at + size))) {
          found.push({ header, parts: parts.map((part) => Buffer.from(part).toString()) });
        }
      }
      expect(found).toEqual([
        { header: { a: 1 }, parts: ['xy'] },
        { header: { b: 2 }, parts: [] },
      ]);
    }
  });

  it.each([
    ['too long', `${(longestAnswer + 1).toString(16).padStart(8, '0')}`],
    ['empty', '00000000'],
    ['a header cut off', '0000000400000005'],
    ['no JSON', '000000050000000178'],
    ['a part cut off', '0000000a000000027b7d00000001'],
    ['half a length', '000000080000000 27b7d0000'.replace(' ', '')],
  ])('are refused when they are broken: %s', (_, hex) => {
    expect(() => new FrameReader().take(Buffer.from(hex, 'hex'))).toThrow(BrokenFrame);
  });
});

describe('a library file', () => {
  const head = (hex: string) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(256)]);
  const elf = (machine: string, type = '0300', order = '01') =>
    head(`7f454c4602${order}01000000000000000000${type}${machine}`);
  const pe = (machine: string) => {
    const file = Buffer.alloc(256);
    file.write('MZ');
    file.writeUInt32LE(0x80, 0x3c);
    file.write('PE\0\0', 0x80);
    Buffer.from(machine, 'hex').copy(file, 0x84);
    return file;
  };

  it.each([
    ['linux', elf('3e00'), ['x64']],
    ['linux', elf('b700'), ['arm64']],
    ['linux', elf('0300'), ['ia32']],
    ['linux', elf('3e00', '0200'), []],
    ['linux', elf('003e', '0003', '02'), []],
    ['linux', pe('6486'), []],
    ['linux', Buffer.from('7f454c46', 'hex'), []],
    ['win32', pe('4c01'), ['ia32']],
    ['win32', pe('6486'), ['x64']],
    ['win32', pe('64aa'), ['arm64']],
    ['win32', Buffer.from('MZ'), []],
    ['darwin', head('cffaedfe07000001'), ['x64']],
    ['darwin', head('cffaedfe0c000001'), ['arm64']],
    [
      'darwin',
      head(`cafebabe00000002${'01000007'.padEnd(40, '0')}${'0100000c'.padEnd(40, '0')}`),
      ['x64', 'arm64'],
    ],
    ['darwin', head('cafebabe00000034'), []],
  ] as const)('of %s tells its processors', (platform, file, expected) => {
    expect(architecturesOf(file, platform)).toEqual(expected);
  });
});

describe('the list of known modules', () => {
  it('names the first file that is there', () => {
    const there = '/usr/lib/bit4id/libbit4xpki.so';
    expect(findKnownModule('bit4id', 'linux', (file) => file === there)).toBe(there);
    expect(findKnownModule('bit4id', 'linux', () => false)).toBeUndefined();
    expect(findKnownModule('constructor', 'linux', () => true)).toBeUndefined();
  });

  it('has places for three systems, 32-bit Windows among them', () => {
    for (const name of Object.keys(knownModules)) {
      for (const system of ['linux', 'darwin', 'win32'] as const) {
        expect([name, system, candidates(name, system).length > 0]).toEqual([name, system, true]);
      }
    }
    expect(candidates('bit4id', 'win32')).toContain('C:\\Windows\\SysWOW64\\bit4xpki.dll');
    expect(candidates('feitian', 'darwin')).toContain(
      '/Applications/STISC/MoldSign/native_lib/libcastle.1.0.0.dylib',
    );
  });
});

const flags = { countLow: false, finalTry: false, locked: false, toBeChanged: false };
const token = (label: string, serial: string): ListedToken => ({
  ...{
    label,
    serial,
    loginRequired: true,
    protectedPath: false,
    pinInitialized: true,
    minPin: 4,
    maxPin: 8,
  },
  ...{ pin: flags, securityOfficer: flags, manufacturer: '', model: '', mechanisms: [] },
  ...{ certificates: [], publicKeys: [], privateKeys: [] },
});

describe('slots as cards', () => {
  const content = (...slots: [description: string, token: ListedToken | null][]): ModuleContent => ({
    slots: slots.map(([description, one], id) => ({
      id: String(id),
      description,
      token: one,
      trouble: null,
    })),
    certificates: [],
    run: 1,
  });
  const shape = (...slots: [description: string, token: ListedToken | null][]) =>
    cardsOf(content(...slots)).map(({ reader, tokens }) => [reader, tokens.map(({ slot }) => slot)]);

  it('are one where the serial number is one, whatever their descriptions', () => {
    const three = ['auth', 'sign', 'qscd'].map((name): [string, ListedToken] => [
      `${name} slot`,
      token(name, 'A1'),
    ]);
    expect(shape(...three)).toEqual([['auth slot', ['0', '1', '2']]]);
  });

  it('are two where the serial numbers differ, even in slots of one name', () => {
    expect(shape(['Reader', token('a', 'A1')], ['Reader', token('b', 'B2')])).toEqual([
      ['Reader', ['0']],
      ['Reader (1)', ['1']],
    ]);
  });

  it('are one where only the description tells', () => {
    expect(shape(['Reader', token('a', '')], ['Reader', token('b', '')], ['Other', null])).toEqual([
      ['Reader', ['0', '1']],
      ['Other', []],
    ]);
  });
});

/** Programs that take the place of the module host. */
describe.skipIf(!needs('linux'))('a module host that is not what it should be', () => {
  const desk = new ModuleDesk();
  let folder: string;
  beforeAll(() => {
    folder = makeScratchFolder();
    const machine = { x64: '3e00', arm64: 'b700' }[process.arch as 'x64' | 'arm64'] ?? '3e00';
    writeFileSync(
      join(folder, 'module.so'),
      Buffer.from(`7f454c460201010000000000000000000300${machine}`, 'hex'),
    );
  });
  afterEach(() => desk.close());
  afterAll(() => removeScratchFolder(folder));

  const ready = encodeFrame({ event: 'ready', protocol: 1, library: null, threads: true });
  const questions = [
    encodeFrame({ id: 1, call: 'list' }),
    encodeFrame({ id: 2, call: 'watch', mode: 'wait' }),
  ];
  /** A program that says `ready`, then after each question what is given, and then nothing more. */
  function host(name: string, ...answers: Buffer[]) {
    const program = join(folder, name);
    const steps = answers.flatMap((answer, at) => {
      writeFileSync(`${program}.${at}`, answer);
      return [`head -c ${questions[at]?.length} > ${program}.asked`, `cat ${program}.${at}`];
    });
    writeFileSync(`${program}.ready`, ready);
    writeFileSync(program, ['#!/bin/sh', `cat ${program}.ready`, ...steps, 'exec sleep 60', ''].join('\n'));
    chmodSync(program, 0o755);
    return desk.host(
      { path: join(folder, 'module.so') },
      { program, deadlines: { reading: 3_000, pin: 500 } },
    );
  }

  const lying = { ...token('a', '1'), certificates: [{ id: '01', label: '', part: 5 }] };
  it.each([
    ['what no schema knows', encodeFrame({ id: 1, result: { slots: [{ id: -1 }] } })],
    ['an answer to another question', encodeFrame({ id: 99, result: {} })],
    [
      'a certificate that is not there',
      encodeFrame({ id: 1, result: { slots: [{ id: '1', description: '', token: lying, trouble: null }] } }),
    ],
    ['a message that never ends', Buffer.from('ffffffff', 'hex')],
    ['text', Buffer.from('Hello, world, this is a log line\n')],
  ])('is ended when it says %s', async (name, message) => {
    const failure = await failureOf(host(name.replaceAll(/\W/g, ''), message).list());
    expect(failure.code).toBe('module-answer-invalid');
  });

  it('leaves no copy of a PIN in the message that carried it', async () => {
    const listed = encodeFrame({ id: 1, result: { slots: [] } });
    const silent = host('silent', listed, encodeFrame({ id: 2, result: {} }));
    await silent.list();
    const place = { slot: '1', label: '', serial: '', run: 1 };
    const failure = await failureOf(silent.verify(place, { kind: 'verify', pin: 'PIN1' }, code('827364')));
    expect(failure.code).toBe('module-timeout');
    const carried = vi.mocked(frames.encodeFrame).mock.results.at(-1)?.value as Buffer;
    expect(carried.length).toBeGreaterThan(50);
    expect(carried.every((byte) => byte === 0)).toBe(true);
  });
});
