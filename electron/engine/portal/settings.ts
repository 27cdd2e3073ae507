import { Failure } from '../../contract/failures/failure.ts';
import { type PortalSettings, portalSettingsSchema } from '../../contract/portal/settings.ts';

/**
 * Portal settings from a policy, a command line or the sandbox.
 * @throws Failure `portal-tls` for an address that is not https (nothing is ever sent in the clear),
 *   `portal-not-configured` naming the `field` for everything else that does not fit
 */
export function parsePortalSettings(input: unknown): PortalSettings {
  const parsed = portalSettingsSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  const value = issue?.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  const inTheClear = typeof value === 'string' && /Url$/.test(field) && /^(?!https:)[a-z]+:\/\//i.test(value);
  throw new Failure(inTheClear ? 'portal-tls' : 'portal-not-configured', { parameters: { field } });
}

/** Host and port of an address of the settings, as shown to a person. */
export function hostOf(address: string): string {
  return new URL(address).host;
}
