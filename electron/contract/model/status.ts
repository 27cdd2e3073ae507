import { z } from 'zod';
import { pinNameSchema, pinTriesSchema, readerSchema, tokenSchema } from './card.ts';
import { failureWireSchema } from './failure.ts';

/** The session's states, in the words of the architecture page. */
export const sessionStateSchema = z.enum(['none', 'reading', 'ready', 'signed-in', 'wiped']);

export const sessionSchema = z.strictObject({
  state: sessionStateSchema,
  /** Where the session is, while signed in. */
  portal: z.strictObject({ label: z.string(), host: z.string(), simulated: z.boolean() }).optional(),
  /** False while the portal wants contact data before it shows anything; while signed in. */
  registered: z.boolean().optional(),
  /** When it ends by itself, while signed in. */
  expiresAt: z.iso.datetime().optional(),
  /** Why it ended, when wiped. */
  wipedBecause: z
    .enum(['removed', 'sign-out', 'idle', 'expired', 'ended-by-portal', 'agent-restart'])
    .optional(),
});

export const serviceStateSchema = z.enum(['running', 'absent', 'stopped', 'refused']);

/** What `buletin status --json` prints. `problem` says why there is no token although a card is there. */
export const statusSchema = z.strictObject({
  version: z.literal(1),
  service: z.strictObject({ state: serviceStateSchema }),
  readers: z.array(readerSchema),
  token: tokenSchema.nullable(),
  session: sessionSchema,
  problem: failureWireSchema.optional(),
});

/** What a PIN or PUK is wanted for. */
export const pinPurposeSchema = z.enum(['verify', 'change', 'unblock', 'sign-in', 'sign', 'sign-digest']);

/** An open question for a PIN: everything the PIN window shows before anyone types. */
export const pinPromptSchema = z.strictObject({
  promptId: z.uuid(),
  operationId: z.uuid(),
  pin: pinNameSchema,
  /** `new`: the PIN that shall hold from now on. */
  entry: z.enum(['current', 'new']),
  purpose: pinPurposeSchema,
  /** Who asks: the portal's host name, or null when it is the person themself. */
  requester: z.string().nullable(),
  /** The act is a qualified signature in law (PIN2), also when it only signs someone in. */
  legalAct: z.boolean(),
  /** Names of the documents that one entry will sign. They may contain anything that a file name may. */
  documents: z.array(z.string()).optional(),
  reader: z.string(),
  simulated: z.boolean(),
  length: z.strictObject({ min: z.int(), max: z.int() }),
  tries: pinTriesSchema,
  /** One wrong entry blocks the PIN: `pin.submit` must acknowledge it. */
  lastTry: z.boolean(),
  /**
   * The PIN is typed on the reader's keys. `agree`: the person says first that they want to go on (`pin.agree`).
   * `enter`: it is being typed there; nothing is to be answered.
   */
  atReader: z.enum(['agree', 'enter']).optional(),
  /** The agent's one-use P-256 key for this prompt, uncompressed point (65 bytes), base64. */
  publicKey: z.base64(),
});

export type SessionState = z.infer<typeof sessionStateSchema>;
export type SessionJson = z.infer<typeof sessionSchema>;
export type StatusJson = z.infer<typeof statusSchema>;
export type PinPrompt = z.infer<typeof pinPromptSchema>;
export type PinPurpose = z.infer<typeof pinPurposeSchema>;
