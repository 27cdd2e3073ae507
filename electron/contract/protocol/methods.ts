/**
 * Everything a page, the command line or another program may ask of the agent: each method with the schema of
 * its parameters and of its result. Both ends check both.
 */
import { z } from 'zod';
import { reportMethods } from '../diagnostics/bundle.ts';
import { connectionReportSchema, connectionTargetSchema } from '../diagnostics/connection.ts';
import { doctorMethods } from '../diagnostics/doctor.ts';
import { certificateInspectionSchema, inspectedModuleSchema } from '../diagnostics/inspect.ts';
import { logLevelSchema, logPlaceSchema, logStateSchema } from '../diagnostics/log.ts';
import { traceSchema } from '../diagnostics/trace.ts';
import { trainingMethods } from '../diagnostics/training.ts';
import { pinSchema } from '../model/card.ts';
import { signingRequestSchema, signingResultSchema } from '../model/signing.ts';
import { sessionSchema, statusSchema } from '../model/status.ts';
import { pinEnvelopeSchema } from '../pin/envelope.ts';
import { registrationSchema } from '../portal/registration.ts';
import { dataServiceSchema, serviceAnswerSchema } from '../portal/services.ts';

/** Which reader is meant: its exact name; absent means the one with a supported card. */
const reader = z.string().min(1).max(256).optional();
const pinNumber = z.enum(['PIN1', 'PIN2']);

export const sandboxPinsSchema = z.strictObject({ PIN1: z.string(), PIN2: z.string(), PUK: z.string() });

export const methods = {
  /** The whole state; reads the card when it has not been read yet. */
  status: { params: z.strictObject({ reader }), result: statusSchema },
  /** The PINs, read again from the card where that is free. */
  'pin.status': { params: z.strictObject({ reader }), result: z.strictObject({ pins: z.array(pinSchema) }) },
  'pin.verify': { params: z.strictObject({ reader, pin: pinNumber }), result: z.strictObject({}) },
  'pin.change': { params: z.strictObject({ reader, pin: pinNumber }), result: z.strictObject({}) },
  'pin.unblock': { params: z.strictObject({ reader, pin: pinNumber }), result: z.strictObject({}) },
  /** Answers a prompt. The envelope can be used once, whatever comes of it. */
  'pin.submit': {
    params: z.strictObject({
      promptId: z.uuid(),
      envelope: pinEnvelopeSchema,
      /** Needed when the prompt says `lastTry`. */
      acknowledgeLastTry: z.boolean().optional(),
    }),
    result: z.strictObject({}),
  },
  /** Answers a prompt with `atReader: 'agree'`: the person goes on, and types at the reader. */
  'pin.agree': {
    params: z.strictObject({ promptId: z.uuid(), acknowledgeLastTry: z.boolean().optional() }),
    result: z.strictObject({}),
  },
  'pin.cancel': { params: z.strictObject({ promptId: z.uuid() }), result: z.strictObject({}) },
  /** Signs a ready-made digest with the key that PIN1 or PIN2 guards. A tool for tests. */
  'sign.digest': {
    params: z.strictObject({
      reader,
      pin: pinNumber,
      digest: z.string().regex(/^(?:[0-9a-fA-F]{2}){1,64}$/),
    }),
    result: z.strictObject({ algorithm: z.string(), signature: z.string().regex(/^[0-9A-F]+$/) }),
  },
  /** Signs PDF files with the signature key: one act, one entry of the PIN. */
  'sign.documents': {
    params: z.strictObject({ reader, ...signingRequestSchema.shape }),
    result: signingResultSchema,
  },
  'session.login': { params: z.strictObject({ reader }), result: z.strictObject({ session: sessionSchema }) },
  'session.logout': { params: z.strictObject({}), result: z.strictObject({ session: sessionSchema }) },
  /** First-time registration at the portal, within the session. */
  'session.register': {
    params: registrationSchema,
    result: z.strictObject({ session: sessionSchema }),
  },
  'data.read': {
    params: z.strictObject({ service: dataServiceSchema }),
    result: serviceAnswerSchema,
  },
  /**
   * Records what passes between the program and cards from now on; the card that is there is let go and read again, so
   * that the trace has its beginning: a session that was open ends. A recording of this client's that was under way is
   * thrown away.
   */
  'trace.start': { params: z.strictObject({}), result: z.strictObject({}) },
  /** Ends the recording and gives it out, redacted by allow-list. An empty one when none was under way. */
  'trace.stop': { params: z.strictObject({}), result: z.strictObject({ trace: traceSchema }) },
  /** From now on the asking client gets `monitor` events, until it stops or is gone. */
  'monitor.start': { params: z.strictObject({}), result: z.strictObject({}) },
  'monitor.stop': { params: z.strictObject({}), result: z.strictObject({}) },
  /** Looks into a certificate: one of the card's by its `id`, or any that is given. */
  'inspect.certificate': {
    params: z.strictObject({
      reader,
      certificate: z.union([
        z.strictObject({ id: z.string().min(1).max(512) }),
        z.strictObject({
          pem: z
            .string()
            .min(1)
            .max(32 * 1024),
        }),
      ]),
      /** Also asks OCSP responder and revocation list, and fetches missing issuers: goes over the network. */
      online: z.boolean(),
    }),
    result: certificateInspectionSchema,
  },
  /** The PKCS#11 modules that are known or registered on this system, each loaded in a process of its own. */
  'inspect.modules': {
    params: z.strictObject({}),
    result: z.strictObject({ modules: z.array(inspectedModuleSchema).max(64) }),
  },
  /** How far one gets on the way to a server. What is in the way stands in the report, not in a failure. */
  'inspect.connection': {
    params: z.strictObject({ which: connectionTargetSchema }),
    result: connectionReportSchema,
  },
  /** How much is logged, or with `level` how much shall be from now on. */
  'log.level': {
    params: z.strictObject({ level: logLevelSchema.optional() }),
    result: logStateSchema,
  },
  /** Where the log lies. Not for pages. */
  'log.place': { params: z.strictObject({}), result: logPlaceSchema },
  ...doctorMethods,
  ...reportMethods,
  ...trainingMethods,
  /** Training mode only: puts a simulated card on the simulated reader. */
  'sandbox.insert': {
    params: z.strictObject({ card: z.string().max(64) }),
    result: z.strictObject({}),
  },
  'sandbox.remove': { params: z.strictObject({}), result: z.strictObject({}) },
  /** Training mode only: the published PINs of the simulated cards. */
  'sandbox.pins': { params: z.strictObject({}), result: sandboxPinsSchema },
  /** Ends the agent after everything under way has been cancelled. */
  'agent.stop': { params: z.strictObject({}), result: z.strictObject({}) },
} as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type MethodParams<M extends MethodName> = z.infer<Methods[M]['params']>;
export type MethodResult<M extends MethodName> = z.infer<Methods[M]['result']>;

export const methodNames = Object.keys(methods) as [MethodName, ...MethodName[]];
