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
 * Characters that no field carries: controls, which a terminal would obey, halves of surrogate pairs, which are no
 * text, and the bidirectional overrides and isolates, with which a text can be made to read as another.
 */
const forbiddenCharacters = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Text as a portal writes it: bounded, without characters that act on the screen. */
export const portalText = z
  .string()
  .min(1)
  .max(maxFieldLength)
  .refine((text) => !forbiddenCharacters.test(text), { error: 'control character' });

const date = z.iso.date();

/**
 * "Date personale principale". Which fields the real service has is not public: these are what MPass, the EVO
 * wallet's person data and the printed card have in common.
 */
export const personalItemSchema = z.strictObject({
  /** 13 digits, when it is one. */
  idnp: portalText,
  family_name: portalText,
  given_name: portalText,
  patronymic: portalText.nullable(),
  /** As the portal writes it; `sexes` are those known. */
  sex: portalText,
  birth_date: date,
  birth_place: portalText.nullable(),
  /** ISO 3166 code, or a name; null for the stateless. */
  citizenship: portalText.nullable(),
  /** Sensitive (see `sensitiveFields`); `bloodGroups` are those known. */
  blood_group: portalText.nullable(),
  /** As the portal writes it; `legalCapacities` are those known. */
  legal_capacity: portalText.nullable(),
});

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

/** "Accesarea datelor": somebody read, or otherwise processed, the person's data. */
export const accessLogItemSchema = z.strictObject({
  /** Institution that did. */
  operator: portalText,
  /** When, UTC. */
  time: z.iso.datetime(),
  /** As the portal writes it; `accessActions` are those known. */
  action: portalText,
  legal_basis: portalText.nullable(),
  reason: portalText.nullable(),
  /** Who at the institution: an IDNP, masked by the portal; null when no person did it. */
  user: portalText.nullable(),
  /** What was looked at, such as a plate. */
  object: portalText.nullable(),
});

/** Known values of a person's `sex`. Others are kept and shown as they came. */
export const sexes = ['M', 'F'] as const;

/** Known values of `blood_group`. Others are kept and shown as they came. */
export const bloodGroups = ['0+', '0-', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-'] as const;

/** Known values of `legal_capacity`. Others are kept and shown as they came. */
export const legalCapacities = ['full', 'limited', 'none'] as const;

/** Known values of an access's `action`, those of the government's event journal. Others are kept as they came. */
export const accessActions = ['Access', 'Export', 'Validate', 'Search', 'Transfer'] as const;

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

export type PersonalItem = z.infer<typeof personalItemSchema>;
export type DocumentItem = z.infer<typeof documentItemSchema>;
export type DomicileItem = z.infer<typeof domicileItemSchema>;
export type VehicleItem = z.infer<typeof vehicleItemSchema>;
export type AccessLogItem = z.infer<typeof accessLogItemSchema>;
