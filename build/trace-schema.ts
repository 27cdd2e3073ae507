/** Writes the JSON Schema of traces for other programs: `node build/trace-schema.ts`. */
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { traceSchema } from '../electron/contract/diagnostics/trace.ts';

export const traceSchemaFile = new URL('../electron/contract/diagnostics/trace.schema.json', import.meta.url);

export function traceSchemaText(): string {
  const schema = z.toJSONSchema(traceSchema, {
    // Codes of failures are added with every version: for others they are words of that form.
    override: ({ jsonSchema }) => {
      if (!jsonSchema.enum?.includes('internal')) return;
      delete jsonSchema.enum;
      jsonSchema.pattern = '^[a-z0-9]+(?:-[a-z0-9]+)*$';
    },
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(traceSchemaFile, traceSchemaText());
