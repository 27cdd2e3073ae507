/**
 * A recorded session with a card, as a JSON document that may leave the house: what the card answered, without what
 * it said about its holder. Nothing is masked in it: bytes stand here only where a rule allows them
 * (`engine/diagnostics/trace`), everything else is a length or filler. `electron/contract/diagnostics/TRACES.md`
 * describes the format for other programs.
 */
import { z } from 'zod';
import { failureCodes } from '../failures/catalogue.ts';

export const traceFormat = 'buletin-trace';
export const traceVersion = 1;

/** Exchanges in one trace, at most. */
export const maxTraceExchanges = 8_192;
/** Cards (openings of a card) in one trace, at most. */
export const maxTraceCards = 64;
/** Largest trace as a file, in bytes. */
export const maxTraceBytes = 4 * 1024 * 1024;

const hex = (maxBytes: number) =>
  z
    .string()
    .regex(/^(?:[0-9A-F]{2})*$/)
    .max(2 * maxBytes);

const milliseconds = z.int().nonnegative().max(3_600_000);
const failureCode = z.enum(failureCodes);

/** Why bytes are not here: secrets do not even tell how many they are. */
const withheldSchema = z.discriminatedUnion('kind', [
  /** PIN, PUK: that there were some is all that is said. */
  z.strictObject({ kind: z.literal('secret') }),
  /** What is signed, signatures, and everything that no rule knows. */
  z.strictObject({ kind: z.literal('withheld'), length: z.int().nonnegative().max(65_536) }),
]);

/** A command APDU (ISO 7816-4, 5.2). */
export const traceCommandSchema = z.strictObject({
  /** CLA, INS, P1, P2. */
  header: hex(4).length(8),
  /** The command data field; absent when there is none. */
  data: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('open'), hex: hex(512) }),
      ...withheldSchema.options,
    ])
    .optional(),
  /** Ne in bytes; absent when none is expected. */
  expected: z.int().min(1).max(65_536).optional(),
  /** Lc and Le in extended form. */
  extended: z.literal(true).optional(),
});

/** A response APDU. */
export const traceResponseSchema = z.strictObject({
  /** The response data field; absent when it is empty. */
  data: z
    .discriminatedUnion('kind', [
      /** As a rule allows it: structure as it came, personal parts replaced by filler of the same length. */
      z.strictObject({ kind: z.literal('open'), hex: hex(65_536) }),
      z.strictObject({ kind: z.literal('withheld'), length: z.int().nonnegative().max(65_536) }),
    ])
    .optional(),
  /** SW1-SW2. */
  status: hex(2).length(4),
});

export const traceStepSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('exchange'),
    command: traceCommandSchema,
    response: traceResponseSchema,
    ms: milliseconds,
  }),
  /** The command got no answer. */
  z.strictObject({
    kind: z.literal('broken'),
    command: traceCommandSchema,
    failure: failureCode,
    ms: milliseconds,
  }),
  /** A control code to the reader (PC/SC part 10); its data are withheld but for the list of features. */
  z.strictObject({
    kind: z.literal('control'),
    code: z.int().nonnegative().max(0xffff_ffff),
    output: hex(512).optional(),
    failure: failureCode.optional(),
    ms: milliseconds,
  }),
]);

/** What was done in one transaction, or between two. Each group begins with nothing selected as far as we know. */
export const traceGroupSchema = z.strictObject({
  transaction: z.boolean(),
  steps: z.array(traceStepSchema).max(maxTraceExchanges),
  /** How the transaction ended for the card. */
  end: z.enum(['leave', 'reset']).optional(),
  /** The transaction could not begin. */
  failure: failureCode.optional(),
});

export const traceCardSchema = z.strictObject({
  /** Answer To Reset (ISO 7816-3); empty when the card could not be opened. */
  atr: hex(33),
  /** Opening it failed. */
  failure: failureCode.optional(),
  groups: z.array(traceGroupSchema).max(maxTraceExchanges),
  /** Why the channel ended; absent when it was open until the end of the recording. */
  ended: z.enum(['removed', 'reader-removed', 'service-stopped', 'closed']).optional(),
});

export const traceSchema = z.strictObject({
  format: z.literal(traceFormat),
  version: z.literal(traceVersion),
  /** Version of the program that recorded. */
  program: z.string().regex(/^[0-9A-Za-z.+-]{1,32}$/),
  /** The day, in UTC. */
  recordedOn: z.iso.date(),
  platform: z.enum(['linux', 'darwin', 'win32', 'other']),
  /** The recording reached its bounds: what came later is missing. */
  cut: z.boolean(),
  /** In the order in which they were opened. */
  cards: z.array(traceCardSchema).max(maxTraceCards),
});

export type Trace = z.infer<typeof traceSchema>;
export type TraceCard = z.infer<typeof traceCardSchema>;
export type TraceGroup = z.infer<typeof traceGroupSchema>;
export type TraceStep = z.infer<typeof traceStepSchema>;
export type TraceCommand = z.infer<typeof traceCommandSchema>;
export type TraceResponse = z.infer<typeof traceResponseSchema>;
