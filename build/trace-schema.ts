/** Writes the JSON Schema of traces for other programs: `node build/trace-schema.ts`. */
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { traceSchema } from '../electron/contract/diagnostics/trace.ts';

export const traceSchemaFile = new URL('../electron/contract/diagnostics/trace.schema.json', import.meta.url);

export function traceSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(traceSchema), null, 2)}\n`;
}

if (import.meta.main) writeFileSync(traceSchemaFile, traceSchemaText());
