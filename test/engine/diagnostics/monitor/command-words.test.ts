/** Commands and status words, their meaning typed by hand from ISO 7816-4:2020 and -8. */
import { describe, expect, it } from 'vitest';
import {
  commandDetail,
  commandName,
  statusMeaning,
} from '../../../../electron/engine/diagnostics/monitor/command-words.ts';
import { observeCommand } from '../../../../electron/engine/diagnostics/observing/observed-command.ts';
import { bytes } from '../../card/scripted-channel.ts';

describe('commands in words', () => {
  it.each([
    // ISO 7816-4, 11.2.2, table 62
    [
      '00A404000CA000000063504B43532D313500',
      'SELECT',
      { kind: 'select-name', aid: 'A000000063504B43532D3135' },
    ],
    ['00A40000023F0000', 'SELECT', { kind: 'select-path', from: 'file-identifier', path: '3F00' }],
    ['00A40804045015503100', 'SELECT', { kind: 'select-path', from: 'master-file', path: '50155031' }],
    ['00A4090C024401', 'SELECT', { kind: 'select-path', from: 'current-df', path: '4401' }],
    ['00A4030C', 'SELECT', { kind: 'select-path', from: 'parent' }],
    // 11.3.2: P1 bit 8 says that P1 holds a short file identifier
    ['00B0000000', 'READ BINARY', { kind: 'read-binary', offset: 0 }],
    ['00B00100E0', 'READ BINARY', { kind: 'read-binary', offset: 256 }],
    ['00B07FFF01', 'READ BINARY', { kind: 'read-binary', offset: 32767 }],
    ['00B09C0510', 'READ BINARY', { kind: 'read-binary', offset: 5, file: 28 }],
    // 11.4.2: P2 bits 8 to 4 hold the short file identifier
    ['00B2010400', 'READ RECORD', { kind: 'read-record', record: 1 }],
    ['00B2021C00', 'READ RECORD', { kind: 'read-record', record: 2, file: 3 }],
    ['00CA016E00', 'GET DATA', { kind: 'get-data', object: '016E' }],
    ['00CB3FFF0A4D087006BF810102A08000', 'GET DATA', { kind: 'get-data', object: '3FFF' }],
    // 11.6.6, table 94: P2 bit 8 is for the application
    ['00200001', 'VERIFY', { kind: 'pin', act: 'ask', reference: 1, scope: 'card' }],
    ['002000850431323334', 'VERIFY', { kind: 'pin', act: 'verify', reference: 5, scope: 'application' }],
    ['0020FF81', 'VERIFY', { kind: 'pin', act: 'forget', reference: 1, scope: 'application' }],
    [
      '00240001083132333435363738',
      'CHANGE REFERENCE DATA',
      { kind: 'pin', act: 'change', reference: 1, scope: 'card' },
    ],
    ['002401020431323334', 'CHANGE REFERENCE DATA', { kind: 'pin', act: 'set', reference: 2, scope: 'card' }],
    [
      '002C02010431323334',
      'RESET RETRY COUNTER',
      { kind: 'pin', act: 'unblock', reference: 1, scope: 'card' },
    ],
    // 11.5.11, tables 120 and 121
    [
      '002241B606800112840103',
      'MANAGE SECURITY ENVIRONMENT',
      { kind: 'security-environment', act: 'set', template: 'signature', algorithm: '12', key: '03' },
    ],
    [
      '002241A403840101',
      'MANAGE SECURITY ENVIRONMENT',
      { kind: 'security-environment', act: 'set', template: 'authentication', key: '01' },
    ],
    [
      '0022F302',
      'MANAGE SECURITY ENVIRONMENT',
      { kind: 'security-environment', act: 'restore', template: 'other', number: 2 },
    ],
    // ISO 7816-8, 5.4 and 5.2
    ['002A90A0039001AA', 'PERFORM SECURITY OPERATION', { kind: 'security-operation', act: 'hash' }],
    ['002A9E9A02AABB00', 'PERFORM SECURITY OPERATION', { kind: 'security-operation', act: 'sign' }],
    ['002A808602AABB00', 'PERFORM SECURITY OPERATION', { kind: 'security-operation', act: 'decipher' }],
    ['00C0000020', 'GET RESPONSE', undefined],
    ['0088000002AABB00', 'INTERNAL AUTHENTICATE', undefined],
    ['0084000008', 'GET CHALLENGE', undefined],
    ['0087000002AABB00', 'GENERAL AUTHENTICATE', undefined],
    ['00D6000001AA', 'UPDATE BINARY', undefined],
    // Another class: what the parameters mean, only the card's maker knows.
    ['80CA9F7F00', 'GET DATA', undefined],
    ['0CB0000000', 'READ BINARY', undefined],
    ['00F0000000', 'unknown', undefined],
  ])('%s', (apdu, name, detail) => {
    const command = observeCommand(bytes(apdu));
    expect(commandName(command)).toBe(name);
    expect(commandDetail(command)).toEqual(detail);
  });

  it.each([
    // ISO 7816-4, tables 6 and 7
    ['9000', 'success', undefined],
    ['6110', 'bytes-available', 16],
    ['6100', 'bytes-available', 256],
    ['6282', 'end-of-file', undefined],
    ['6283', 'file-deactivated', undefined],
    ['62FF', 'warning-unchanged', undefined],
    ['6300', 'wrong', undefined],
    ['63C2', 'tries-left', 2],
    ['63C0', 'tries-left', 0],
    ['6381', 'warning-changed', undefined],
    ['6581', 'memory-failure', undefined],
    ['6500', 'execution-error', undefined],
    ['6600', 'security-issue', undefined],
    ['6700', 'wrong-length', undefined],
    ['6882', 'secure-messaging-not-supported', undefined],
    ['6884', 'chaining-not-supported', undefined],
    ['6981', 'file-structure', undefined],
    ['6982', 'security-status', undefined],
    ['6983', 'blocked', undefined],
    ['6984', 'reference-not-usable', undefined],
    ['6985', 'conditions', undefined],
    ['6986', 'no-current-file', undefined],
    ['6A80', 'wrong-data', undefined],
    ['6A82', 'file-not-found', undefined],
    ['6A83', 'record-not-found', undefined],
    ['6A86', 'wrong-parameters', undefined],
    ['6A88', 'reference-not-found', undefined],
    ['6B00', 'wrong-offset', undefined],
    ['6C0A', 'exact-length', 10],
    ['6D00', 'instruction-not-supported', undefined],
    ['6E00', 'class-not-supported', undefined],
    ['6F00', 'no-diagnosis', undefined],
    // PC/SC part 10, 2.5.3
    ['6400', 'pad-timeout', undefined],
    ['6401', 'pad-cancelled', undefined],
    ['6402', 'pad-mismatch', undefined],
    ['6403', 'pad-length', undefined],
    ['1234', 'not-standard', undefined],
  ])('%s', (status, meaning, count) => {
    expect(statusMeaning(Number.parseInt(status, 16))).toEqual(
      count === undefined ? { meaning } : { meaning, count },
    );
  });
});
