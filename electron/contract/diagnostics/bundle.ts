/**
 * The support bundle: what a helpdesk is given about a computer, its readers and its card. It is an allow-list. A
 * value is a number, a date, one of a few words, a version number, the hex of an ATR or a status word; there is no
 * place where a name, a path, an IDNP or any other text of a person or a machine could stand. What is not in this
 * schema cannot be written.
 */
import { z } from 'zod';
import { failureCodes } from '../failures/catalogue.ts';
import { pinNameSchema, pinTriesSchema } from '../model/card.ts';
import { serviceStateSchema, sessionStateSchema } from '../model/status.ts';
import { languages } from '../text/languages.ts';
import { causeCodeSchema, checkIdSchema } from './finding.ts';
import { traceSchema } from './trace.ts';

/** Numbers and points, as `24.21.0`. */
export const plainVersionSchema = z.string().regex(/^\d{1,6}(?:\.\d{1,6}){0,3}$/);

/** Version of a package: numbers, and the marks of the distributions' own revisions, as `1.9.9-2+deb12u1`. */
export const packageVersionSchema = z
  .string()
  .max(48)
  .regex(
    /^(?:\d{1,2}:)?\d{1,6}(?:\.\d{1,6}){0,3}(?:-\d{1,4}(?:\.\d{1,4})?)?(?:[+~](?:deb|bpo|ubuntu)\d{1,3}(?:[.u]\d{1,3}){0,2})*$/,
  );

/** Packages whose versions matter; no other is named. */
export const bundlePackages = ['pcscd', 'libpcsclite1', 'libccid', 'opensc', 'opensc-pkcs11'] as const;

const at = z.iso.datetime();
const hexByte = '[0-9A-F]{2}';
const count = z.int().nonnegative();

export const bundleReaderSchema = z.strictObject({
  kind: z.enum(['simulated', 'virtual', 'usb', 'unknown']),
  /** Vendor and product of the USB device, where it is known. */
  usb: z
    .string()
    .regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/)
    .nullable(),
  state: z.enum(['empty', 'mute', 'busy', 'present']),
  /** Answer To Reset (ISO 7816-3), hex. It names the kind of card, not the card. */
  atr: z
    .string()
    .regex(new RegExp(`^(?:${hexByte}){2,33}$`))
    .nullable(),
  /** What is known of its PIN pad: none, one that is used, or one that claims more than it can. */
  pinPad: z.enum(['none', 'used', 'quirk', 'unknown']),
});

export const bundleCardSchema = z.strictObject({
  source: z.enum(['pkcs15', 'profile', 'pkcs11']),
  simulated: z.boolean(),
  certificates: z
    .array(
      z.strictObject({
        role: z.enum(['authentication', 'signature', 'other']),
        key: z.enum(['RSA', 'EC']),
        bits: z.int().positive().max(16_384),
        status: z.enum(['valid', 'expired', 'not-yet-valid']),
        /** Month, not moment: a moment would be as good as a serial number. */
        validUntil: z.string().regex(/^\d{4}-\d{2}$/),
      }),
    )
    .max(16),
  pins: z
    .array(z.strictObject({ name: pinNameSchema, tries: pinTriesSchema, changeFirst: z.boolean() }))
    .max(8),
});

/** A failure that was met: which, when and, for PINs, the tries that were left. */
export const bundleFailureSchema = z.strictObject({
  at,
  code: z.enum(failureCodes),
  triesLeft: z.int().min(0).max(15).optional(),
});

/** A check of the doctor and what came of it. */
export const bundleCheckSchema = z.strictObject({
  check: checkIdSchema,
  state: z.enum(['ok', 'notice', 'problem', 'unknown', 'not-applicable']),
  cause: causeCodeSchema.nullable(),
  /** How long the check took, in milliseconds. */
  ms: count.max(600_000).optional(),
});

export const supportBundleSchema = z.strictObject({
  format: z.literal('buletin-support-bundle'),
  version: z.literal(1),
  createdAt: at,
  versions: z.strictObject({
    buletin: plainVersionSchema,
    node: plainVersionSchema,
    platform: z.enum(['linux', 'win32', 'darwin', 'other']),
    architecture: z.enum(['x64', 'arm64', 'ia32', 'other']),
    /** Of the kernel, its numbers alone. */
    system: plainVersionSchema.nullable(),
    packages: z.partialRecord(z.enum(bundlePackages), packageVersionSchema),
  }),
  language: z.enum(languages).nullable(),
  simulated: z.boolean(),
  service: z.strictObject({ state: serviceStateSchema, failure: z.enum(failureCodes).nullable() }),
  readers: z.array(bundleReaderSchema).max(32),
  card: bundleCardSchema.nullable(),
  /** Why a card that is there cannot be used. */
  cardProblem: z.enum(failureCodes).nullable(),
  session: sessionStateSchema,
  checks: z.array(bundleCheckSchema).max(60),
  /** The short code of the same findings, as it is read over the phone. */
  shortCode: z
    .string()
    .regex(/^[0-9A-HJKMNP-TV-Z]{8,12}$/)
    .nullable(),
  /** Oldest first. */
  failures: z.array(bundleFailureSchema).max(200),
  /** What was recorded, redacted by an allow-list of its own. */
  traces: z.array(traceSchema).max(1),
});

export type SupportBundle = z.infer<typeof supportBundleSchema>;
export type BundleReader = z.infer<typeof bundleReaderSchema>;
export type BundleCard = z.infer<typeof bundleCardSchema>;
export type BundleFailure = z.infer<typeof bundleFailureSchema>;
export type BundleCheck = z.infer<typeof bundleCheckSchema>;

/**
 * The bundle as text, the same wherever it is made: what a preview shows is byte for byte what is saved.
 * @throws ZodError for anything that is not in the allow-list
 */
export function bundleText(bundle: SupportBundle): string {
  return `${JSON.stringify(supportBundleSchema.parse(bundle), null, 2)}\n`;
}

/** Methods of the agent about the bundle. */
export const reportMethods = {
  /** Puts the bundle together. Nothing is written anywhere. */
  'report.make': {
    params: z.strictObject({ language: z.enum(languages).optional() }),
    result: supportBundleSchema,
  },
} as const;
