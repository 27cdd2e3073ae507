import { z } from 'zod';

/**
 * The verbs of which profiles, and the programs made from PKCS#15 data, consist. Each is one command of
 * ISO 7816-4 or -8 with fixed parameters: no code, no conditions, no loops, no arithmetic.
 */

/** Upper bounds of what a profile may say. */
const maximumData = 255;
const maximumSteps = 12;

/** Bytes written as upper-case hex, `minimum` to `maximum` of them. */
export const hexBytes = (minimum = 1, maximum = maximumData) =>
  z
    .string()
    .regex(/^(?:[0-9A-F]{2})*$/)
    .refine((text) => text.length >= 2 * minimum && text.length <= 2 * maximum, 'length')
    .transform((text): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex')));

/** One byte written as two hex digits. */
export const hexByte = z
  .string()
  .regex(/^[0-9A-F]{2}$/)
  .transform((text) => Number.parseInt(text, 16));

/** A BER-TLV tag of one to three bytes, as the number that `card/tlv.ts` uses. */
const hexTag = z
  .string()
  .regex(/^(?:[0-9A-F]{2}){1,3}$/)
  .transform((text) => Number.parseInt(text, 16));

/** The id of a PIN in the same document. */
export const pinId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

/** What MSE SET may be told beside fixed bytes: the algorithm's reference. */
export const algorithmPlace = '{algorithm}';

/** Hex bytes in which `{algorithm}` stands for the reference of the algorithm that signs. */
const templateBytes = z
  .string()
  .regex(/^(?:[0-9A-F]{2}|\{algorithm\})+$/)
  .max(2 * maximumData);

/**
 * What a key operation is given: the digest itself, PKCS#1's DigestInfo around it (RFC 8017, 9.2), or the whole
 * block of PSS encoding (9.1) for a key that does plain RSA. `cut` drops the bytes of a digest beyond that many,
 * `fill` puts zeros in front up to that many; with the length of the curve's order both leave an ECDSA signature
 * what it is.
 */
const signingInput = {
  input: z.enum(['digest', 'digest-info', 'emsa-pss']),
  cut: z.int().min(20).max(66).optional(),
  fill: z.int().min(20).max(66).optional(),
} as const;

export const stepSchema = z.discriminatedUnion('verb', [
  /** SELECT by DF name (P1 = 04). */
  z.strictObject({ verb: z.literal('select-name'), name: hexBytes(5, 16) }),
  /**
   * SELECT by path from the MF (P1 = 08) or from the current DF (P1 = 09). A DF selected on the way becomes the
   * current one.
   */
  z.strictObject({
    verb: z.literal('select-path'),
    path: hexBytes(2, 16),
    from: z.enum(['mf', 'current']),
  }),
  /** READ BINARY of the whole selected file; `maximum` bytes at most. */
  z.strictObject({ verb: z.literal('read-file'), maximum: z.int().min(1).max(16_384) }),
  /**
   * GET DATA: the value found by descending through `find`, tag by tag. Even instruction without `data`, odd
   * with it.
   */
  z.strictObject({
    verb: z.literal('get-data'),
    object: hexBytes(2, 2),
    data: hexBytes().optional(),
    find: z.array(hexTag).min(1).max(6),
  }),
  /** VERIFY without data. Free on the cards of this profile: that is what naming it here says. */
  z.strictObject({ verb: z.literal('pin-status'), pin: pinId }),
  /** VERIFY with the PIN (or PUK) that the user entered. */
  z.strictObject({ verb: z.literal('verify'), pin: pinId }),
  /** CHANGE REFERENCE DATA with the old and the new PIN. */
  z.strictObject({ verb: z.literal('change'), pin: pinId }),
  /** RESET RETRY COUNTER, with PUK and new PIN (P1 = 00), or after `verify` of the PUK with the PIN alone (02). */
  z.strictObject({
    verb: z.literal('unblock'),
    pin: pinId,
    with: z.enum(['puk-and-pin', 'pin-after-puk']),
  }),
  /** MSE SET for computation (P1 = 41): template B6 (signature) or A4 (authentication). */
  z.strictObject({ verb: z.literal('mse-set'), template: z.enum(['B6', 'A4']), data: templateBytes }),
  /** PSO HASH: hands over `90 length digest`. */
  z.strictObject({ verb: z.literal('pso-hash') }),
  /** PSO COMPUTE DIGITAL SIGNATURE; without `input` after PSO HASH. */
  z.strictObject({ verb: z.literal('pso-cds'), ...signingInput, input: signingInput.input.optional() }),
  z.strictObject({ verb: z.literal('internal-authenticate'), ...signingInput }),
  /** VERIFY with P1 = FF for one PIN, or without one the proprietary `00 2E 00 00`: verified PINs are forgotten. */
  z.strictObject({ verb: z.literal('logout'), pin: pinId.optional() }),
]);

/** One step, its bytes decoded. */
export type Step = z.output<typeof stepSchema>;
export type StepVerb = Step['verb'];

/** A program of 1 to 12 steps. */
export const stepsSchema = z.array(stepSchema).min(1).max(maximumSteps);

const selecting: readonly StepVerb[] = ['select-name', 'select-path'];
const signing: readonly StepVerb[] = ['pso-cds', 'internal-authenticate'];

/**
 * Programs of one purpose: every step is one of `allowed`, `last` comes at the end and nowhere else, and each
 * verb of `once` appears exactly once.
 */
function program(
  allowed: readonly StepVerb[],
  last: readonly StepVerb[],
  once: readonly StepVerb[] = [],
): z.ZodType<Step[], unknown> {
  return stepsSchema.superRefine((steps, context) => {
    steps.forEach((step, at) => {
      const isLast = at === steps.length - 1;
      if (isLast !== last.includes(step.verb) || (!isLast && !allowed.includes(step.verb))) {
        context.addIssue({ code: 'custom', message: `${step.verb} may not stand here`, path: [at] });
      }
    });
    for (const verb of once) {
      if (steps.filter((step) => step.verb === verb).length !== 1) {
        context.addIssue({ code: 'custom', message: `exactly one ${verb}` });
      }
    }
  });
}

/** Programs that read: selections, then a file. */
export const readingProgram = program(selecting, ['read-file']);
/** Programs that ask for the tries of a PIN without spending one. */
export const triesProgram = program(selecting, ['get-data', 'pin-status']);
/** Programs that verify one PIN. */
export const verifyProgram = program(selecting, ['verify']);
/** Programs that change one PIN. */
export const changeProgram = program(selecting, ['change']);
/** Programs that unblock one PIN; the PUK may be verified on the way. */
export const unblockProgram = program([...selecting, 'verify'], ['unblock']);
/** Programs that verify one PIN and sign. */
export const signProgram = program([...selecting, 'mse-set', 'pso-hash', 'verify'], signing, ['verify']);
/** Programs after which no PIN is verified any more. */
export const logoutProgram = program(selecting, ['select-name', 'logout']);
