/** The portal's data services and the answer of each, as the command line prints it. */
import { z } from 'zod';
import { documentItemSchema, domicileItemSchema, portalText, vehicleItemSchema } from './items.ts';

/** Most items of one answer. */
export const maxItems = 1000;

const answer = <Name extends string, Item extends z.ZodType>(service: Name, item: Item) =>
  z.strictObject({
    service: z.literal(service),
    /** When the register was read, by the portal's clock; UTC. */
    readAt: z.iso.datetime(),
    /** Which register the data come from, in the portal's words. */
    source: portalText,
    items: z.array(item).max(maxItems),
  });

export const documentsAnswerSchema = answer('documents', documentItemSchema);
export const domicileAnswerSchema = answer('domicile', domicileItemSchema);
export const vehiclesAnswerSchema = answer('vehicles', vehicleItemSchema);

/** Each data service with the schema of its answer. */
export const serviceAnswerSchemas = {
  documents: documentsAnswerSchema,
  domicile: domicileAnswerSchema,
  vehicles: vehiclesAnswerSchema,
} as const;

export type DataService = keyof typeof serviceAnswerSchemas;

export const dataServices = Object.keys(serviceAnswerSchemas) as [DataService, ...DataService[]];
export const dataServiceSchema = z.enum(dataServices);

/** The answer of any data service. */
export const serviceAnswerSchema = z.discriminatedUnion('service', [
  documentsAnswerSchema,
  domicileAnswerSchema,
  vehiclesAnswerSchema,
]);

export type ServiceAnswers = { [Name in DataService]: z.infer<(typeof serviceAnswerSchemas)[Name]> };
export type ServiceAnswer = z.infer<typeof serviceAnswerSchema>;
