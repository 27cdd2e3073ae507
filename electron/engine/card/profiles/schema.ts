import { z } from 'zod';
import { type AtrPattern, atrPattern } from '../atr.ts';
import {
  algorithmPlace,
  changeProgram,
  hexByte,
  logoutProgram,
  pinId,
  readingProgram,
  type Step,
  signProgram,
  triesProgram,
  unblockProgram,
  verifyProgram,
} from './step.ts';

/**
 * The schema of card profiles: JSON documents that say what a card's own data does not. Everything is strict:
 * an unknown field, an odd hex string or a program with a verb out of place is a fault of the document.
 */

const atrSchema = z
  .string()
  .regex(/^(?:[0-9A-F]{2}|\.\.){2,33}$/)
  .transform((text): AtrPattern => atrPattern(text));

const heading = {
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  title: z.string().min(1).max(100),
  /** Public documents that the profile was written from; what it was tried on. */
  sources: z.array(z.string().min(1).max(300)).min(1).max(10),
} as const;

/** How far a profile is known to be right. */
const statusSchema = z.enum(['simulated', 'public specification', 'verified on a real card']);

const hashSchema = z.enum(['SHA-256', 'SHA-384', 'SHA-512']);

const keyAlgorithmSchema = z.strictObject({
  kind: z.enum(['rsa-pkcs1', 'rsa-pss', 'ecdsa']),
  hash: hashSchema,
  /** What `{algorithm}` in the program stands for. */
  reference: hexByte.optional(),
});

const pinSchema = z.strictObject({
  id: pinId,
  label: z.string().min(1).max(40),
  /** P2 of the PIN commands. */
  reference: hexByte,
  /** In digits. */
  length: z
    .strictObject({ min: z.int().min(4).max(16), max: z.int().min(4).max(16) })
    .refine(({ min, max }) => min <= max, 'min above max'),
  /** Filled up to so many bytes with this byte. */
  padding: z.strictObject({ storedLength: z.int().min(4).max(16), padByte: hexByte }).optional(),
  /** The id of the PIN that unblocks this one. */
  puk: pinId.optional(),
  /** How the tries are read for nothing; absent: they are not known. */
  tries: triesProgram.optional(),
  verify: verifyProgram.optional(),
  change: changeProgram.optional(),
  unblock: unblockProgram.optional(),
});

const keySchema = z.strictObject({
  /** Hex, as certificates are named on the token. */
  id: z.string().regex(/^(?:[0-9a-f]{2}){1,8}$/),
  label: z.string().min(1).max(40),
  pin: pinId,
  certificate: readingProgram,
  /** Best first. Only those that fit the certificate's key are offered. */
  algorithms: z.array(keyAlgorithmSchema).min(1).max(9),
  sign: signProgram,
});

const layoutSchema = z
  .strictObject({
    kind: z.literal('layout'),
    ...heading,
    status: statusSchema,
    /** Applies when the ATR fits one of these, and then only if every certificate program finds what it selects. */
    match: z.strictObject({ atr: z.array(atrSchema).min(1).max(10) }),
    label: z.string().min(1).max(40),
    /** Reads the serial number: a file with one primitive data object whose value is text. */
    serial: readingProgram.optional(),
    pins: z.array(pinSchema).min(1).max(8),
    keys: z.array(keySchema).min(1).max(8),
    /** What makes the card forget verified PINs; absent: it is reset. */
    logout: logoutProgram.optional(),
  })
  .superRefine((profile, context) => {
    const fault = (message: string): void => context.addIssue({ code: 'custom', message });
    const ids = profile.pins.map((pin) => pin.id);
    if (new Set(ids).size !== ids.length) fault('two PINs of one id');
    const named = (id: string | undefined, where: string): void => {
      if (id !== undefined && !ids.includes(id)) fault(`${where} names a PIN ${id} that is not there`);
    };
    for (const pin of profile.pins) {
      named(pin.puk, pin.id);
      if (pin.unblock && pin.puk === undefined) fault(`${pin.id} can be unblocked but names no PUK`);
      if (pin.padding && pin.padding.storedLength < pin.length.max) fault(`${pin.id} is longer than stored`);
      for (const steps of [pin.tries, pin.verify, pin.change]) {
        for (const id of pinsOf(steps)) if (id !== pin.id) fault(`a program of ${pin.id} names ${id}`);
      }
      for (const step of pin.unblock ?? []) {
        if (step.verb === 'verify' && step.pin !== pin.puk)
          fault(`unblocking ${pin.id} verifies ${step.pin}`);
        if (step.verb === 'unblock' && step.pin !== pin.id)
          fault(`unblocking ${pin.id} unblocks ${step.pin}`);
      }
      if (pin.unblock && !unblockingIsWhole(pin.unblock))
        fault(`unblocking ${pin.id} verifies at the wrong place`);
    }
    const keyIds = profile.keys.map((key) => key.id);
    if (new Set(keyIds).size !== keyIds.length) fault('two keys of one id');
    for (const key of profile.keys) {
      named(key.pin, `key ${key.id}`);
      for (const id of pinsOf(key.sign)) if (id !== key.pin) fault(`key ${key.id} verifies ${id}`);
      const filled = key.sign.some((step) => step.verb === 'mse-set' && step.data.includes(algorithmPlace));
      if (filled && key.algorithms.some((algorithm) => algorithm.reference === undefined)) {
        fault(`key ${key.id} has an algorithm without a reference`);
      }
    }
    for (const id of pinsOf(profile.logout)) named(id, 'logout');
  });

/** The PUK is verified on the way exactly when it does not travel with the new PIN. */
function unblockingIsWhole(steps: readonly Step[]): boolean {
  const last = steps.at(-1);
  const verifications = steps.filter((step) => step.verb === 'verify').length;
  return last?.verb === 'unblock' && verifications === (last.with === 'pin-after-puk' ? 1 : 0);
}

function pinsOf(steps: readonly Step[] | undefined): string[] {
  return (steps ?? []).flatMap((step) => ('pin' in step && step.pin !== undefined ? [step.pin] : []));
}

/** Adds to a card that describes itself by PKCS#15 data; it can never contradict that data. */
const overlaySchema = z.strictObject({
  kind: z.literal('overlay'),
  ...heading,
  status: statusSchema,
  /** Exact values of EF.TokenInfo. */
  match: z.strictObject({ manufacturer: z.string().min(1).max(100) }),
  /** `empty-verify`: VERIFY without data tells the tries and costs none. */
  tries: z.enum(['empty-verify']).optional(),
  /** `not-initialized`: a PIN without the flag `initialized` is a transport PIN that must be changed first. */
  changeFirst: z.enum(['not-initialized']).optional(),
  /** How verified PINs are forgotten: `verify-ff` (VERIFY with P1 = FF) or `deauthenticate` (00 2E 00 00). */
  logout: z.enum(['verify-ff', 'deauthenticate']).optional(),
});

/** A card that is known by its ATR and by nothing else: its layout is not public. */
const recognitionSchema = z.strictObject({
  kind: z.literal('recognition'),
  ...heading,
  status: z.literal('not public'),
  match: z.strictObject({ atr: z.array(atrSchema).min(1).max(10) }),
});

export const profileSchema = z.discriminatedUnion('kind', [layoutSchema, overlaySchema, recognitionSchema]);

export type CardProfile = z.output<typeof profileSchema>;
export type LayoutProfile = Extract<CardProfile, { kind: 'layout' }>;
export type OverlayProfile = Extract<CardProfile, { kind: 'overlay' }>;
export type RecognitionProfile = Extract<CardProfile, { kind: 'recognition' }>;
export type ProfilePin = LayoutProfile['pins'][number];
export type ProfileKey = LayoutProfile['keys'][number];

/**
 * A profile from a JSON value.
 * @throws Error (zod) that names each fault: a profile comes with the program, so a faulty one is a bug.
 */
export function parseProfile(value: unknown): CardProfile {
  return profileSchema.parse(value);
}
