/** The portal's data services and the answer of each, as the command line prints it. */
import { z } from 'zod';
import {
  accessLogItemSchema,
  documentItemSchema,
  domicileItemSchema,
  personalItemSchema,
  portalText,
  vehicleItemSchema,
} from './items.ts';

/** Most items of one answer. */
export const maxItems = 1000;
/** Most entries of the access log, which grows by itself. */
export const maxAccesses = 10_000;

const answer = <Name extends string, Item extends z.ZodType>(service: Name, item: Item, most = maxItems) =>
  z.strictObject({
    service: z.literal(service),
    /** When the register was read, by the portal's clock; UTC. */
    readAt: z.iso.datetime(),
    /** Which register the data come from, in the portal's words. */
    source: portalText,
    items: z.array(item).max(most),
  });

export const personalAnswerSchema = answer('personal', personalItemSchema);
export const documentsAnswerSchema = answer('documents', documentItemSchema);
export const domicileAnswerSchema = answer('domicile', domicileItemSchema);
export const vehiclesAnswerSchema = answer('vehicles', vehicleItemSchema);
export const accessLogAnswerSchema = answer('access-log', accessLogItemSchema, maxAccesses);

/** Each data service with the schema of its answer, in the order in which they are shown. */
export const serviceAnswerSchemas = {
  personal: personalAnswerSchema,
  documents: documentsAnswerSchema,
  domicile: domicileAnswerSchema,
  vehicles: vehiclesAnswerSchema,
  'access-log': accessLogAnswerSchema,
} as const;

export type DataService = keyof typeof serviceAnswerSchemas;

export const dataServices = Object.keys(serviceAnswerSchemas) as [DataService, ...DataService[]];
export const dataServiceSchema = z.enum(dataServices);

/** The services that show what the registers hold of a person; the access log shows who looked. */
export const mainServices = [
  'personal',
  'documents',
  'domicile',
  'vehicles',
] as const satisfies DataService[];

/**
 * Fields shown to people only when they ask for them, because somebody may be looking over their shoulder. Programs
 * get them like any other.
 */
export const sensitiveFields: Readonly<Partial<Record<DataService, readonly string[]>>> = {
  personal: ['blood_group'],
};

/** The answer of any data service. */
export const serviceAnswerSchema = z.discriminatedUnion('service', [
  personalAnswerSchema,
  documentsAnswerSchema,
  domicileAnswerSchema,
  vehiclesAnswerSchema,
  accessLogAnswerSchema,
]);

export type ServiceAnswers = { [Name in DataService]: z.infer<(typeof serviceAnswerSchemas)[Name]> };
export type ServiceAnswer = z.infer<typeof serviceAnswerSchema>;
