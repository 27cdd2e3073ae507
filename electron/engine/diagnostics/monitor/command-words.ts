/** Commands and status words in the words of ISO 7816-4, -8 and -9, as codes for the locale files. */
import type { CommandDetail, CommandName, StatusMeaning } from '../../../contract/diagnostics/monitor.ts';
import { readTlvList } from '../../card/tlv.ts';
import type { ObservedCommand } from '../observing/observed-command.ts';

/** ISO 7816-4 table 4 (with -8 and -9); odd instructions carry the same name. */
const names: Readonly<Record<number, CommandName>> = {
  32: 'VERIFY',
  33: 'VERIFY',
  34: 'MANAGE SECURITY ENVIRONMENT',
  36: 'CHANGE REFERENCE DATA',
  37: 'CHANGE REFERENCE DATA',
  42: 'PERFORM SECURITY OPERATION',
  43: 'PERFORM SECURITY OPERATION',
  44: 'RESET RETRY COUNTER',
  45: 'RESET RETRY COUNTER',
  46: 'LOGOUT',
  70: 'GENERATE ASYMMETRIC KEY PAIR',
  71: 'GENERATE ASYMMETRIC KEY PAIR',
  112: 'MANAGE CHANNEL',
  130: 'EXTERNAL AUTHENTICATE',
  132: 'GET CHALLENGE',
  134: 'GENERAL AUTHENTICATE',
  135: 'GENERAL AUTHENTICATE',
  136: 'INTERNAL AUTHENTICATE',
  164: 'SELECT',
  176: 'READ BINARY',
  177: 'READ BINARY',
  178: 'READ RECORD',
  179: 'READ RECORD',
  192: 'GET RESPONSE',
  194: 'ENVELOPE',
  195: 'ENVELOPE',
  202: 'GET DATA',
  203: 'GET DATA',
  208: 'WRITE BINARY',
  214: 'UPDATE BINARY',
  215: 'UPDATE BINARY',
  218: 'PUT DATA',
  219: 'PUT DATA',
  220: 'UPDATE RECORD',
  221: 'UPDATE RECORD',
};

export function commandName({ ins }: Pick<ObservedCommand, 'ins'>): CommandName {
  return names[ins] ?? 'unknown';
}

/** What the parameters say; undefined where the name says all, or the command is none of the standard's. */
export function commandDetail(command: ObservedCommand): CommandDetail | undefined {
  // Proprietary classes and secure messaging: the parameters may mean anything.
  if ((command.cla & 0xe0) !== 0 || (command.cla & 0x0c) !== 0) return undefined;
  switch (command.ins) {
    case 0xa4:
      return selectDetail(command);
    case 0xb0:
      return readBinaryDetail(command);
    case 0xb2:
      return { kind: 'read-record', record: command.p1, ...shortFile(command.p2 >> 3) };
    case 0xca:
    case 0xcb:
      return { kind: 'get-data', object: hex(Uint8Array.of(command.p1, command.p2)) };
    case 0x20:
    case 0x21:
    case 0x24:
    case 0x25:
    case 0x2c:
    case 0x2d:
      return pinDetail(command);
    case 0x22:
      return environmentDetail(command);
    case 0x2a:
      return { kind: 'security-operation', act: operationAct(command) };
    default:
      return undefined;
  }
}

const selections = {
  0: 'file-identifier',
  1: 'child-df',
  2: 'child-ef',
  3: 'parent',
  8: 'master-file',
  9: 'current-df',
} as const;

function selectDetail({ p1, data }: ObservedCommand): CommandDetail | undefined {
  const bytes = data?.kind === 'open' ? data.bytes : undefined;
  if (p1 === 0x04) return bytes && { kind: 'select-name', aid: hex(bytes) };
  const from = selections[p1 as keyof typeof selections];
  return from && { kind: 'select-path', from, ...(bytes ? { path: hex(bytes) } : {}) };
}

function readBinaryDetail({ p1, p2 }: ObservedCommand): CommandDetail {
  // Bit 8 of P1: a short file identifier in its low five bits, the offset in P2 alone (ISO 7816-4, 11.3.2).
  if ((p1 & 0x80) !== 0) return { kind: 'read-binary', offset: p2, ...shortFile(p1 & 0x1f) };
  return { kind: 'read-binary', offset: (p1 << 8) | p2 };
}

function shortFile(file: number): { file?: number } {
  return file === 0 ? {} : { file };
}

function pinDetail({ ins, p1, p2, data }: ObservedCommand): CommandDetail {
  const act = (() => {
    if ((ins & 0xfe) === 0x24) return p1 === 0x01 ? 'set' : 'change';
    if ((ins & 0xfe) === 0x2c) return 'unblock';
    if (p1 === 0xff) return 'forget';
    return data === undefined ? 'ask' : 'verify';
  })();
  // P2, ISO 7816-4 table 94: bit 8 for reference data of the application, the number in the low five bits.
  return { kind: 'pin', act, reference: p2 & 0x1f, scope: (p2 & 0x80) === 0 ? 'card' : 'application' };
}

const templates = {
  164: 'authentication',
  166: 'key-agreement',
  170: 'hash',
  180: 'checksum',
  182: 'signature',
  184: 'confidentiality',
} as const;

function environmentDetail({ p1, p2, data }: ObservedCommand): CommandDetail {
  const kind = 'security-environment';
  // P1, ISO 7816-4 table 120: the low four bits.
  const act = ({ 1: 'set', 2: 'store', 3: 'restore', 4: 'erase' } as const)[p1 & (0x0f as 1)] ?? 'other';
  if (act !== 'set') return { kind, act, template: 'other', number: p2 };
  const template = templates[p2 as keyof typeof templates] ?? 'other';
  const objects = data?.kind === 'open' ? listOf(data.bytes) : [];
  const algorithm = objects.find(({ tag }) => tag === 0x80)?.value;
  const key = objects.find(({ tag }) => tag === 0x84 || tag === 0x83)?.value;
  return {
    kind,
    act,
    template,
    ...(algorithm?.length ? { algorithm: hex(algorithm) } : {}),
    ...(key?.length ? { key: hex(key) } : {}),
  };
}

function operationAct({
  p1,
  p2,
}: ObservedCommand): Extract<CommandDetail, { kind: 'security-operation' }>['act'] {
  // ISO 7816-8, table 2: tags of what goes out (P1) and of what comes in (P2).
  if (p1 === 0x90) return 'hash';
  if (p1 === 0x9e) return 'sign';
  if (p1 === 0x80) return 'decipher';
  if (p1 === 0x86 || p1 === 0x84) return 'encipher';
  return p1 === 0x00 && (p2 === 0xae || p2 === 0xbe) ? 'verify-certificate' : 'other';
}

/** What a status word means, and what it counts. */
export function statusMeaning(status: number): { meaning: StatusMeaning; count?: number } {
  const exact = meanings[status];
  if (exact !== undefined) return { meaning: exact };
  if ((status & 0xfff0) === 0x63c0) return { meaning: 'tries-left', count: status & 0x0f };
  const low = status & 0xff || 256;
  switch (status >> 8) {
    case 0x61:
      return { meaning: 'bytes-available', count: low };
    case 0x62:
      return { meaning: 'warning-unchanged' };
    case 0x63:
      return { meaning: 'warning-changed' };
    case 0x64:
    case 0x65:
      return { meaning: 'execution-error' };
    case 0x66:
      return { meaning: 'security-issue' };
    case 0x68:
      return { meaning: 'class-function-not-supported' };
    case 0x69:
      return { meaning: 'not-allowed' };
    case 0x6a:
      return { meaning: 'wrong-parameters' };
    case 0x6c:
      return { meaning: 'exact-length', count: low };
    default:
      return { meaning: 'not-standard' };
  }
}

/** ISO 7816-4 tables 6 and 7; 6400 to 6404 as PIN pads use them (PC/SC part 10, 2.5.3). */
const meanings: Readonly<Record<number, StatusMeaning>> = {
  36864: 'success',
  25217: 'corrupted',
  25218: 'end-of-file',
  25219: 'file-deactivated',
  25221: 'file-terminated',
  25344: 'wrong',
  25600: 'pad-timeout',
  25601: 'pad-cancelled',
  25602: 'pad-mismatch',
  25603: 'pad-length',
  25604: 'pad-disabled',
  25985: 'memory-failure',
  26368: 'wrong-length',
  26753: 'channel-not-supported',
  26754: 'secure-messaging-not-supported',
  26755: 'last-of-chain-expected',
  26756: 'chaining-not-supported',
  27009: 'file-structure',
  27010: 'security-status',
  27011: 'blocked',
  27012: 'reference-not-usable',
  27013: 'conditions',
  27014: 'no-current-file',
  27015: 'secure-messaging-missing',
  27016: 'secure-messaging-wrong',
  27264: 'wrong-data',
  27265: 'function-not-supported',
  27266: 'file-not-found',
  27267: 'record-not-found',
  27268: 'memory-full',
  27272: 'reference-not-found',
  27392: 'wrong-offset',
  27904: 'instruction-not-supported',
  28160: 'class-not-supported',
  28416: 'no-diagnosis',
};

function listOf(bytes: Uint8Array) {
  try {
    return readTlvList(bytes);
  } catch {
    return [];
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
