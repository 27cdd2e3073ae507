/**
 * The messages between the agent and its clients. Each is one frame (`framing.ts`): a 4-byte big-endian length
 * and that many bytes of UTF-8 JSON.
 */
import { z } from 'zod';
import { monitorEventSchema } from '../diagnostics/monitor.ts';
import { trainingStateSchema } from '../diagnostics/training.ts';
import { readerSchema, tokenSchema } from '../model/card.ts';
import { failureWireSchema } from '../model/failure.ts';
import { pinPromptSchema, serviceStateSchema, sessionSchema } from '../model/status.ts';
import { methodNames } from './methods.ts';

export const protocolVersion = 1;

/** What changed. Every event but `monitor` carries the whole of what it is about: a missed one does no harm. */
export const agentEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('readers'),
    service: z.strictObject({ state: serviceStateSchema }),
    readers: z.array(readerSchema),
  }),
  z.strictObject({
    kind: z.literal('token'),
    reader: z.string().nullable(),
    token: tokenSchema.nullable(),
    problem: failureWireSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('session'), session: sessionSchema }),
  z.strictObject({ kind: z.literal('prompt-open'), prompt: pinPromptSchema }),
  z.strictObject({
    kind: z.literal('prompt-close'),
    promptId: z.uuid(),
    outcome: z.enum(['submitted', 'cancelled', 'refused', 'card-removed', 'timed-out']),
  }),
  z.strictObject({
    kind: z.literal('operation'),
    operationId: z.uuid(),
    state: z.enum(['started', 'done', 'failed']),
    failure: failureWireSchema.optional(),
  }),
  /** The exercise under way, or null when there is none. */
  z.strictObject({ kind: z.literal('training'), training: trainingStateSchema.nullable() }),
  /** For a client that watches (`monitor.start`), and for no other. */
  monitorEventSchema,
]);

export type AgentEvent = z.infer<typeof agentEventSchema>;

/** Everything a client that has just come (back) needs to know. */
export const agentSnapshotSchema = z.strictObject({
  service: z.strictObject({ state: serviceStateSchema }),
  readers: z.array(readerSchema),
  reader: z.string().nullable(),
  token: tokenSchema.nullable(),
  problem: failureWireSchema.optional(),
  session: sessionSchema,
  prompts: z.array(pinPromptSchema),
  /** Operations of this client that run, or ended while it was away. */
  operations: z.array(
    z.strictObject({
      operationId: z.uuid(),
      method: z.enum(methodNames),
      state: z.enum(['running', 'done', 'failed']),
    }),
  ),
  sandbox: z.boolean(),
  /** The exercise under way. */
  training: trainingStateSchema.optional(),
});

export type AgentSnapshot = z.infer<typeof agentSnapshotSchema>;

export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    version: z.literal(protocolVersion),
    /** The same id after a restart of the client gives it back its operations and prompts. */
    clientId: z.uuid(),
    /** The connection key that lies beside the socket (0600); empty on an inherited pipe. */
    key: z.string().max(128),
    /** Operations outlive a lost connection by this many milliseconds (windows); 0 cancels at once. */
    graceMs: z.int().min(0).max(60_000),
  }),
  z.strictObject({
    type: z.literal('request'),
    id: z.uuid(),
    method: z.enum(methodNames),
    params: z.record(z.string(), z.unknown()),
  }),
  /** Asks once more for the answer of a request that was sent before the connection broke. */
  z.strictObject({ type: z.literal('await'), id: z.uuid() }),
  z.strictObject({ type: z.literal('cancel'), id: z.uuid() }),
]);

export type ClientMessage = z.infer<typeof clientMessageSchema>;

export const agentMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('welcome'),
    version: z.literal(protocolVersion),
    /** Changes with each start of the agent: nothing of an earlier one is left. */
    agentId: z.uuid(),
    /** Number of the last event that the snapshot contains. */
    seq: z.int().nonnegative(),
    snapshot: agentSnapshotSchema,
  }),
  /** Instead of a welcome: the agent cannot work at all (settings, arguments), and ends. */
  z.strictObject({ type: z.literal('refused'), failure: failureWireSchema }),
  z.strictObject({ type: z.literal('event'), seq: z.int().positive(), event: agentEventSchema }),
  z.strictObject({ type: z.literal('result'), id: z.uuid(), result: z.unknown() }),
  z.strictObject({ type: z.literal('failure'), id: z.uuid(), failure: failureWireSchema }),
]);

export type AgentMessage = z.infer<typeof agentMessageSchema>;
