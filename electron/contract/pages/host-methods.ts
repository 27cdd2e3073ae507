/**
 * What a window may ask of the program around it (the shell) beside what it may ask of the agent. A window is a
 * sandboxed page: it has no files, no network, no other windows. Paths of files never reach it; it holds documents
 * by ids that the shell gave out after the person chose them.
 */
import { z } from 'zod';
import { supportBundleSchema } from '../diagnostics/bundle.ts';
import { doctorMethods } from '../diagnostics/doctor.ts';
import { failureWireSchema } from '../model/failure.ts';
import { signedDocumentSchema } from '../model/signing.ts';
import { languages } from '../text/languages.ts';

/** What the person has decided about the window; kept by the shell in the user's own settings. */
export const windowSettingsSchema = z.strictObject({
  language: z.enum(languages),
  theme: z.enum(['system', 'light', 'dark']),
  /** Size of text in percent. */
  textSize: z.int().min(100).max(200),
  /** Exact name of the reader to use, or null for any. */
  reader: z.string().max(256).nullable(),
  /** The PIN pad's digits stand in a new order each time. */
  shuffledDigits: z.boolean(),
});

/** A document that the person chose or dropped. */
export const chosenDocumentSchema = z.strictObject({
  id: z.uuid(),
  /** File name without folders. It may contain anything that a file name may. */
  name: z.string(),
  /** Bytes. */
  size: z.int().nonnegative(),
});

/** File name, without folders, of what was saved. */
const savedName = z.string().optional();

const text = z.string().max(16 * 1024 * 1024);

export const hostMethods = {
  /** Opens the system's dialog for PDF files. Empty when the person cancelled. */
  'host.documents.choose': {
    params: z.strictObject({}),
    result: z.strictObject({ documents: z.array(chosenDocumentSchema) }),
  },
  /** A piece of a chosen document, for its preview. */
  'host.documents.read': {
    params: z.strictObject({
      id: z.uuid(),
      offset: z.int().nonnegative(),
      length: z
        .int()
        .positive()
        .max(1024 * 1024),
    }),
    result: z.strictObject({ data: z.base64(), size: z.int().nonnegative() }),
  },
  /** Signs chosen documents: `NAME.signed.pdf` beside each. */
  'host.documents.sign': {
    params: z.strictObject({
      ids: z.array(z.uuid()).min(1).max(1000),
      reason: z.string().min(1).max(256).optional(),
      location: z.string().min(1).max(256).optional(),
    }),
    result: z.strictObject({
      results: z.array(
        z.strictObject({
          id: z.uuid(),
          /** File name of the signed document; `host.documents.show` opens its folder. */
          output: z.string().optional(),
          signer: signedDocumentSchema.shape.signer.optional(),
          digest: signedDocumentSchema.shape.digest.optional(),
          failure: failureWireSchema.optional(),
        }),
      ),
    }),
  },
  /** Shows a signed document in the system's file manager. */
  'host.documents.show': { params: z.strictObject({ id: z.uuid() }), result: z.strictObject({}) },
  /** Saves what the window made, where the person says. `saved` is false when they cancelled. */
  'host.save': {
    params: z.strictObject({
      name: z.string().min(1).max(200),
      kind: z.enum(['csv', 'json']),
      content: text,
    }),
    result: z.strictObject({ saved: z.boolean(), name: savedName }),
  },
  /**
   * Saves a support bundle where the person says: `bundleText` of it, as the preview shows it. What is not in the
   * bundle's allow-list is refused.
   */
  'host.report.save': {
    params: z.strictObject({ bundle: supportBundleSchema }),
    result: z.strictObject({ saved: z.boolean(), name: savedName }),
  },
  /**
   * `doctor.fix` for a window: the shell shows the person the very lines in a dialog of its own and asks the agent only
   * when they agree.
   * @throws Failure `cancelled` when they do not, `doctor-fix-none` where the host has no dialog to ask with
   */
  'host.doctor.fix': doctorMethods['doctor.fix'],
  /** Shows the program's log in the system's file manager. Where it lies, the window does not learn. */
  'host.log.show': { params: z.strictObject({}), result: z.strictObject({}) },
  /** Prints the page, or saves it as PDF where the person says. */
  'host.print': {
    params: z.strictObject({ to: z.enum(['printer', 'pdf']) }),
    result: z.strictObject({ done: z.boolean(), name: savedName }),
  },
  'host.settings.set': {
    params: z.strictObject(windowSettingsSchema.partial().shape),
    result: z.strictObject({ settings: windowSettingsSchema }),
  },
} as const;

export type HostMethods = typeof hostMethods;
export type HostMethodName = keyof HostMethods;
export type WindowSettings = z.infer<typeof windowSettingsSchema>;
export type ChosenDocument = z.infer<typeof chosenDocumentSchema>;
