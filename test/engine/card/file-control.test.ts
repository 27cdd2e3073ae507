import { expect, it } from 'vitest';
import { parseFileControlInformation } from '../../../electron/engine/card/file-control.ts';
import { bytes } from './scripted-channel.ts';

const nothing = {
  size: undefined,
  kind: undefined,
  fileIdentifier: undefined,
  name: undefined,
  lifeCycle: undefined,
};

it.each([
  [
    'FCI',
    '6F0E 80020533 820101 83024301 8A0105',
    { size: 0x533, kind: 'transparent', fileIdentifier: 0x4301, lifeCycle: 5 },
  ],
  ['FCP with tag 81 in place of 80', '6208 8102012C 83023401', { size: 300, fileIdentifier: 0x3401 }],
  ['FCI around an FCP', '6F0B 6209 80020100 820101 8300', { size: 256, kind: 'transparent' }],
  [
    'a DF with its name',
    '6F13 820138 840CA000000063504B43532D3135 8A00',
    { kind: 'df', name: bytes('A000000063504B43532D3135') },
  ],
  ['records of variable length', '6203 820104', { kind: 'records' }],
  ['a shareable file', '6203 820141', { kind: 'transparent' }],
  ['trailing padding', '6204 80020010 0000', { size: 16 }],
  ['a size nobody can mean', '6209 8007FFFFFFFFFFFFFF', {}],
  ['nothing', '', {}],
  ['garbage', 'DEADBEEF', {}],
  ['a truncated template', '6F20 8002', {}],
  ['a broken inside', '6203 8005AA', {}],
  ['another template', '7F4900', {}],
])('%s', (_, hex, expected) => {
  expect(parseFileControlInformation(bytes(hex))).toEqual({ ...nothing, ...expected });
});
