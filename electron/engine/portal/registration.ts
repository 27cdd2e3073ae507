/** First-time registration at the e-services site: personal and contact data, which the site keeps. */
import type { Registration } from '../../contract/portal/registration.ts';
import type { PortalSession } from './session.ts';

/**
 * Registers the signed-in person. Sent once.
 * @throws Failure `session-ended`, `portal-refused` and those of a request
 */
export async function register(
  session: PortalSession,
  registration: Registration,
  signal?: AbortSignal,
): Promise<void> {
  await session.request('POST', session.adapter.registrationPath, { body: registration, signal });
  session.markRegistered();
}
