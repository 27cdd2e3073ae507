/** Where the portal is and whom to trust there. Nothing of a portal's address is written into the code. */
import { z } from 'zod';
import { portalText } from './items.ts';

/** An https address without credentials, query or fragment; kept without a slash at its end. */
const httpsBase = z
  .url({ protocol: /^https$/ })
  .max(512)
  .refine((address) => {
    const url = URL.parse(address);
    return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  })
  .transform((address) => address.replace(/\/+$/, ''));

const milliseconds = z.int().min(1).max(600_000);

export const portalSettingsSchema = z.strictObject({
  /** What the portal is called on screen. */
  label: portalText.max(100),
  /** How the portal is spoken to. A portal of another shape is another adapter. */
  adapter: z.enum(['mpass-forms']).default('mpass-forms'),
  /** The identity provider: the only party whose challenge a card will sign. */
  providerUrl: httpsBase,
  /** The e-services site that trusts it. */
  servicesUrl: httpsBase,
  /** Certificates (PEM) that server certificates must lead to. No others are trusted. */
  trust: z
    .array(
      z.string().regex(/^\s*-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/),
    )
    .min(1)
    .max(64),
  /** The portal is simulated, and must be called so wherever it is shown. */
  simulated: z.boolean(),
  timeouts: z
    .strictObject({
      /** TCP and TLS together. */
      connectMs: milliseconds.default(10_000),
      /** From the request to the first byte, and between any two. */
      silenceMs: milliseconds.default(10_000),
      /** One request as a whole, also when the answer trickles. */
      totalMs: milliseconds.default(30_000),
    })
    .prefault({}),
});

/** Settings as read: addresses trimmed, timeouts filled in. */
export type PortalSettings = z.output<typeof portalSettingsSchema>;
/** Settings as written. */
export type PortalSettingsInput = z.input<typeof portalSettingsSchema>;
