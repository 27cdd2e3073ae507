/**
 * Everything that may stand in the log: events, and for each the fields it may have. A field is a number, a truth value
 * or one of a list of words. There is no field for a text, so that no name, path, number or address can be written by
 * mistake: what does not fit is not written at all.
 */
import { z } from 'zod';
import { logLevels } from '../../../contract/diagnostics/log.ts';
import { commandNames, statusMeanings } from '../../../contract/diagnostics/monitor.ts';
import { failureCodes } from '../../../contract/failures/catalogue.ts';
import { methodNames } from '../../../contract/protocol/methods.ts';

const ms = z.int().nonnegative();
const failure = z.enum(failureCodes).optional();
/** Number of a reader in the order in which this agent has met them. Its name may hold a serial number. */
const reader = z.int().positive();

export const logEventSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('agent-started'),
    world: z.enum(['pcsc', 'sandbox', 'module', 'replay']),
    platform: z.enum(['linux', 'darwin', 'win32', 'other']),
    /** Major, minor and patch number of Buletin and of Node. */
    version: z.tuple([z.int(), z.int(), z.int()]),
    node: z.tuple([z.int(), z.int(), z.int()]),
  }),
  z.strictObject({ event: z.literal('agent-stopped') }),
  z.strictObject({ event: z.literal('level'), level: z.enum(logLevels) }),
  z.strictObject({ event: z.literal('client'), act: z.enum(['came', 'left']) }),
  z.strictObject({
    event: z.literal('service'),
    state: z.enum(['running', 'absent', 'stopped', 'refused']),
    failure,
  }),
  z.strictObject({
    event: z.literal('reader'),
    reader,
    simulated: z.boolean(),
    state: z.enum(['empty', 'mute', 'busy', 'present', 'gone']),
  }),
  z.strictObject({
    event: z.literal('card'),
    act: z.enum(['reading', 'ready', 'failed', 'removed']),
    reader,
    /** What speaks for the card. */
    by: z.enum(['pkcs15', 'profile', 'pkcs11']).optional(),
    certificates: z.int().nonnegative().optional(),
    failure,
  }),
  z.strictObject({
    event: z.literal('session'),
    state: z.enum(['none', 'reading', 'ready', 'signed-in', 'wiped']),
    because: z
      .enum(['removed', 'sign-out', 'idle', 'expired', 'ended-by-portal', 'agent-restart'])
      .optional(),
  }),
  z.strictObject({
    event: z.literal('prompt'),
    act: z.enum(['open', 'submitted', 'cancelled', 'refused', 'card-removed', 'timed-out']),
    pin: z.enum(['PIN1', 'PIN2', 'PUK']).optional(),
  }),
  z.strictObject({ event: z.literal('request'), method: z.enum(methodNames), ms, failure }),
  z.strictObject({
    event: z.literal('failure'),
    code: z.enum(failureCodes),
    method: z.enum(methodNames).optional(),
    pin: z.enum(['PIN1', 'PIN2', 'PUK']).optional(),
    triesLeft: z.int().nonnegative().optional(),
    /** A card's status word, or an HTTP status. */
    status: z.int().min(0).max(0xffff).optional(),
  }),
  z.strictObject({
    event: z.literal('portal'),
    host: z.enum(['portal', 'mpass', 'other']),
    /** Absent when no answer came. */
    status: z.int().min(100).max(999).optional(),
    ms,
  }),
  z.strictObject({
    event: z.literal('command'),
    reader,
    name: z.enum(commandNames),
    ins: z.int().min(0).max(255),
    /** Bytes of the answer without its status word. */
    received: z.int().nonnegative().optional(),
    status: z.int().min(0).max(0xffff).optional(),
    meaning: z.enum(statusMeanings).optional(),
    ms,
    failure,
  }),
]);

export type LogEvent = z.infer<typeof logEventSchema>;
export type LogEventName = LogEvent['event'];

/** The least level at which an event is written. */
export const levelOf: Readonly<Record<LogEventName, Exclude<(typeof logLevels)[number], 'off'>>> = {
  failure: 'errors',
  'agent-started': 'acts',
  'agent-stopped': 'acts',
  level: 'acts',
  service: 'acts',
  reader: 'acts',
  card: 'acts',
  session: 'acts',
  request: 'acts',
  portal: 'acts',
  client: 'details',
  prompt: 'details',
  command: 'details',
};
