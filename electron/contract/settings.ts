import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Failure } from './failures/failure.ts';
import { portalSettingsSchema } from './portal/settings.ts';

/** A PKCS#11 module that was trusted as it is: another file in its place is not loaded. */
const moduleSettingsSchema = z.strictObject({
  path: z.string().min(1).max(4096),
  sha256: z.string().regex(/^[0-9a-fA-F]{64}$/),
  /** The module takes the PUK as the security officer's PIN: PINs can then be unblocked. PKCS#11 does not tell. */
  puk: z.literal('security-officer').optional(),
});

/** The settings file: what an administrator or the user has decided. Everything is optional. */
export const settingsSchema = z.strictObject({
  portal: portalSettingsSchema.optional(),
  /** PKCS#11 modules, for `--module`. */
  modules: z.array(moduleSettingsSchema).max(64).optional(),
  /** Time-stamping authority (RFC 3161) that the doctor asks whether it answers. */
  timestampUrl: z
    .url({ protocol: /^https?$/ })
    .max(512)
    .optional(),
  /** Further portals, for `--portal`. */
  portals: z.array(portalSettingsSchema).max(32).optional(),
});

export type Settings = z.output<typeof settingsSchema>;

/** Largest settings file, in bytes. */
const maxBytes = 1024 * 1024;

/**
 * Reads a settings file (JSON, UTF-8).
 * @throws Failure `settings-invalid` with `{path, field}`: unreadable, no JSON, or a field that is not as it must be
 */
export function readSettings(path: string): Settings {
  const fail = (field: string, cause?: unknown) =>
    new Failure('settings-invalid', { parameters: { path, field }, cause });
  let content: unknown;
  try {
    const bytes = readFileSync(path);
    if (bytes.length > maxBytes) throw fail('size');
    content = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw cause instanceof Failure ? cause : fail('JSON', cause);
  }
  const parsed = settingsSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw fail(parsed.error.issues[0]?.path.join('.') || 'JSON', parsed.error);
}
