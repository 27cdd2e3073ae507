/**
 * What passes between the program and a card or a PKCS#11 module, decoded, line by line, while somebody watches. No
 * line holds data of the card or of a person: parameters are those that the standard names, the rest are lengths.
 */
import { z } from 'zod';
import { failureCodes } from '../failures/catalogue.ts';

const hexByte = z.string().regex(/^[0-9A-F]{2}$/);
const shortHex = z.string().regex(/^(?:[0-9A-F]{2}){1,32}$/);

/** Names of commands, as ISO 7816-4, -8 and -9 give them. `unknown`: another instruction byte. */
export const commandNames = [
  'SELECT',
  'READ BINARY',
  'READ RECORD',
  'GET DATA',
  'GET RESPONSE',
  'VERIFY',
  'CHANGE REFERENCE DATA',
  'RESET RETRY COUNTER',
  'MANAGE SECURITY ENVIRONMENT',
  'PERFORM SECURITY OPERATION',
  'INTERNAL AUTHENTICATE',
  'EXTERNAL AUTHENTICATE',
  'GENERAL AUTHENTICATE',
  'GET CHALLENGE',
  'LOGOUT',
  'UPDATE BINARY',
  'WRITE BINARY',
  'UPDATE RECORD',
  'PUT DATA',
  'MANAGE CHANNEL',
  'ENVELOPE',
  'GENERATE ASYMMETRIC KEY PAIR',
  'unknown',
] as const;

/** What the parameters of a command say (keys for the locale files), beside the bytes themselves. */
export const commandDetailSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('select-name'), aid: shortHex }),
  /** `from`: where the path begins. */
  z.strictObject({
    kind: z.literal('select-path'),
    from: z.enum(['file-identifier', 'child-df', 'child-ef', 'parent', 'master-file', 'current-df']),
    path: shortHex.optional(),
  }),
  /** Offset in bytes; `file` when a short file identifier is given. */
  z.strictObject({
    kind: z.literal('read-binary'),
    offset: z.int().nonnegative(),
    file: z.int().nonnegative().optional(),
  }),
  z.strictObject({ kind: z.literal('read-record'), record: z.int().nonnegative(), file: z.int().optional() }),
  z.strictObject({ kind: z.literal('get-data'), object: z.string().regex(/^[0-9A-F]{4}$/) }),
  /**
   * A PIN command: which reference (P2: number, and whether it is of the application or of the whole card), and what
   * is done. `ask` carries no PIN.
   */
  z.strictObject({
    kind: z.literal('pin'),
    act: z.enum(['ask', 'verify', 'forget', 'change', 'set', 'unblock']),
    reference: z.int().min(0).max(31),
    scope: z.enum(['card', 'application']),
  }),
  /** MSE: which template, and the key and algorithm references in it. */
  z.strictObject({
    kind: z.literal('security-environment'),
    act: z.enum(['set', 'restore', 'store', 'erase', 'other']),
    template: z.enum([
      'authentication',
      'key-agreement',
      'hash',
      'checksum',
      'signature',
      'confidentiality',
      'other',
    ]),
    algorithm: shortHex.optional(),
    key: shortHex.optional(),
    number: z.int().optional(),
  }),
  z.strictObject({
    kind: z.literal('security-operation'),
    act: z.enum(['hash', 'sign', 'decipher', 'encipher', 'verify-certificate', 'other']),
  }),
]);

/** What a status word means (ISO 7816-4, 5.6): keys for the locale files. */
export const statusMeanings = [
  'success',
  'bytes-available',
  'warning-unchanged',
  'corrupted',
  'end-of-file',
  'file-deactivated',
  'file-terminated',
  'warning-changed',
  'wrong',
  'tries-left',
  'execution-error',
  'memory-failure',
  'security-issue',
  'wrong-length',
  'exact-length',
  'channel-not-supported',
  'secure-messaging-not-supported',
  'last-of-chain-expected',
  'chaining-not-supported',
  'class-function-not-supported',
  'not-allowed',
  'file-structure',
  'security-status',
  'blocked',
  'reference-not-usable',
  'conditions',
  'no-current-file',
  'secure-messaging-missing',
  'secure-messaging-wrong',
  'wrong-parameters',
  'wrong-data',
  'function-not-supported',
  'file-not-found',
  'record-not-found',
  'memory-full',
  'reference-not-found',
  'wrong-offset',
  'instruction-not-supported',
  'class-not-supported',
  'no-diagnosis',
  'pad-timeout',
  'pad-cancelled',
  'pad-mismatch',
  'pad-length',
  'pad-disabled',
  'not-standard',
] as const;

const common = {
  /** Grows by one with each line; a gap means that lines were dropped. */
  number: z.int().positive(),
  /** Reader number since the agent's start; names of readers can be told apart by `readers`. */
  at: z.iso.datetime(),
  reader: z.string(),
  /** From command to answer, in milliseconds. */
  ms: z.number().nonnegative(),
  failure: z.enum(failureCodes).optional(),
} as const;

export const monitorLineSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('command'),
    ...common,
    name: z.enum(commandNames),
    cla: hexByte,
    ins: hexByte,
    p1: hexByte,
    p2: hexByte,
    detail: commandDetailSchema.optional(),
    /** One of a chain of commands that is not its last (CLA bit 5). */
    chained: z.boolean(),
    /** The data field of the command in bytes; null for one that holds a PIN. */
    sent: z.int().nonnegative().nullable(),
    /** Ne in bytes, or null. */
    expected: z.int().positive().nullable(),
    /** The answer; absent with `failure`. */
    answer: z
      .strictObject({
        /** Bytes of data. */
        received: z.int().nonnegative(),
        status: z.string().regex(/^[0-9A-F]{4}$/),
        meaning: z.enum(statusMeanings),
        /** What the status word counts: tries left, bytes available, the exact length. */
        count: z.int().nonnegative().optional(),
      })
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('channel'),
    ...common,
    act: z.enum(['opened', 'closed', 'reset', 'gone', 'begin', 'end', 'control']),
  }),
  z.strictObject({
    kind: z.literal('module'),
    ...common,
    /** File name of the PKCS#11 module. */
    module: z.string(),
    /** The function of PKCS#11, as `C_GetSlotList`. */
    function: z.string().regex(/^C_[A-Za-z]{1,40}$/),
    /** CK_RV: `CKR_OK`, `CKR_PIN_INCORRECT`, or its number. */
    result: z
      .string()
      .regex(/^(?:CKR_[A-Z0-9_]{1,60}|0x[0-9A-F]{1,16})$/)
      .optional(),
  }),
]);

/** Lines in one event, at most. */
export const maxMonitorLines = 256;

/** Event of the agent for the client that watches. */
export const monitorEventSchema = z.strictObject({
  kind: z.literal('monitor'),
  lines: z.array(monitorLineSchema).max(maxMonitorLines),
});

export type MonitorLine = z.infer<typeof monitorLineSchema>;
export type CommandLine = Extract<MonitorLine, { kind: 'command' }>;
export type CommandDetail = z.infer<typeof commandDetailSchema>;
export type CommandName = (typeof commandNames)[number];
export type StatusMeaning = (typeof statusMeanings)[number];
