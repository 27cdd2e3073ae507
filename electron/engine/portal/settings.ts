import { Failure } from '../../contract/failures/failure.ts';
import { type PortalSettings, portalSettingsSchema } from '../../contract/portal/settings.ts';
import type { Settings } from '../../contract/settings.ts';

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

/**
 * The portal to use: the one of this address among those in the settings, or the first when none is named. An
 * address alone is no portal: whose challenge a card signs and whom to trust there stands in the settings only.
 * @param address of the e-services site
 * @throws Failure `portal-unknown` for an address that the settings do not have
 */
export function choosePortal(settings: Settings, address?: string): PortalSettings | undefined {
  const known = [...(settings.portal ? [settings.portal] : []), ...(settings.portals ?? [])];
  if (address === undefined) return known[0];
  const wanted = URL.parse(address);
  const found = known.find(({ servicesUrl }) => {
    const url = new URL(servicesUrl);
    const samePath = wanted?.pathname.replace(/\/+$/, '') === url.pathname.replace(/\/+$/, '');
    return wanted?.origin === url.origin && samePath && wanted.search === '' && wanted.username === '';
  });
  if (found) return found;
  throw new Failure('portal-unknown', { parameters: { portal: address.slice(0, 200) } });
}

/** Host and port of an address of the settings, as shown to a person. */
export function hostOf(address: string): string {
  return new URL(address).host;
}
