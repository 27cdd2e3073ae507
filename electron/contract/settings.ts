import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Failure } from './failures/failure.ts';
import { portalSettingsSchema } from './portal/settings.ts';

/** The settings file: what an administrator or the user has decided. Everything is optional. */
export const settingsSchema = z.strictObject({
  portal: portalSettingsSchema.optional(),
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
