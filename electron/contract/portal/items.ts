/**
 * What the portal's data services return, item by item. The keys are those of the field dictionary and are
 * public: the command line prints them, other programs read them. Dates stay ISO 8601 (`YYYY-MM-DD`);
 * a value that does not exist is null.
 *
 * A schema here says what a value *is* (text, date, whole number). Whether it looks odd is another question,
 * which never blocks: `warnings.ts`.
 */
import { z } from 'zod';

/** Longest text of one field, in UTF-16 code units. */
export const maxFieldLength = 256;

/**
 * Characters that no field carries: controls, which a terminal would obey, and the bidirectional overrides and
 * isolates, with which a text can be made to read as another.
 */
const forbiddenCharacters = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Text as a portal writes it: bounded, without characters that act on the screen. */
export const portalText = z
  .string()
  .min(1)
  .max(maxFieldLength)
  .refine((text) => !forbiddenCharacters.test(text), { error: 'control character' });

const date = z.iso.date();

/** "Date despre documente eliberate": an identity document issued to the person (7 fields). */
export const documentItemSchema = z.strictObject({
  /** Series: up to 4 capital letters or digits; null when the document has none. */
  series: portalText.nullable(),
  number: portalText,
  issue_date: date,
  /** Place or office code. */
  issue_place: portalText,
  /** As the portal writes it; `documentStatuses` are those known. */
  status: portalText,
  /** Null: without limit. */
  expiry_date: date.nullable(),
  /** As the portal writes it; `documentTypes` are those known. */
  doc_type: portalText,
});

/** "Date despre domiciliu/reședința temporară": one registration of residence (9 fields). */
export const domicileItemSchema = z.strictObject({
  /** Kind of registration (not an entry visa), as the portal writes it; `registrationTypes` are those known. */
  visa_type: portalText,
  reg_date: date,
  /** Null for a domicile. */
  reg_expiry: date.nullable(),
  /** Name or ISO 3166 code. */
  country: portalText,
  district: portalText,
  street: portalText.nullable(),
  house: portalText.nullable(),
  block: portalText.nullable(),
  flat: portalText.nullable(),
});

/** "Date despre vehicule": a vehicle in the person's name (6 fields). */
export const vehicleItemSchema = z.strictObject({
  /** The vehicle's number in the State Register of Transport. */
  idnv: portalText,
  plate: portalText,
  make: portalText,
  model: portalText,
  /** Year of manufacture. */
  year: z.int().min(0).max(9999),
  /** ISO 3779; null where the body or chassis number stands in its place. */
  vin: portalText.nullable(),
});

/** Known values of a document's `status`. Others are kept and shown as they came. */
export const documentStatuses = [
  'valabil',
  'nevalabil',
  'expirat',
  'pierdut',
  'furat',
  'deteriorat',
  'anulat',
  'restituit titularului',
  'neridicat',
  'distrus',
] as const;

/** Known values of a document's `doc_type`. Others are kept and shown as they came. */
export const documentTypes = ['CA', 'eCA', 'BP', 'ID', 'PA', 'AP', 'IR', 'IC', 'CR'] as const;

/** Known values of a registration's `visa_type`. Others are kept and shown as they came. */
export const registrationTypes = ['domiciliu', 'reședință temporară'] as const;

export type DocumentItem = z.infer<typeof documentItemSchema>;
export type DomicileItem = z.infer<typeof domicileItemSchema>;
export type VehicleItem = z.infer<typeof vehicleItemSchema>;
