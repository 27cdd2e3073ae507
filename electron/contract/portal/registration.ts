/**
 * First-time registration at the e-services site: the contact data that it asks for once. The personal data beside
 * them come from the identity provider. Lengths are those of the provider's attributes.
 */
import { z } from 'zod';
import { maxFieldLength } from './items.ts';

/** Letters, digits and RFC 5322's atom characters before the `@`, host names with a dot after it; at most 64. */
const email = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/);

/** Digits, a plus before them at most: ITU-T E.164 with its 15 digits, or the number as dialled at home. */
const phone = z.string().regex(/^\+?[0-9]{6,15}$/);

/**
 * Text on one line, as `portalText` is, and of the Basic Multilingual Plane alone: its length is then the same by
 * everybody's count.
 */
const address = z
  .string()
  .min(1)
  .max(maxFieldLength)
  .regex(/^[\u0020-\u007e\u00a0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\uffff]+$/);

export const registrationLanguages = ['ro', 'ru', 'en'] as const;

export const registrationSchema = z.strictObject({
  email,
  mobilePhone: phone,
  homePhone: phone.nullable().optional(),
  postalAddress: address.nullable().optional(),
  /** In which the site writes to the person. */
  language: z.enum(registrationLanguages),
});

/** What the site knows from the identity provider and proposes: as much of a registration as there is. */
export const registrationSuggestionSchema = registrationSchema.omit({ postalAddress: true }).partial();

export type Registration = z.infer<typeof registrationSchema>;
export type RegistrationSuggestion = z.infer<typeof registrationSuggestionSchema>;
