import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { maxTraceBytes, type Trace, traceSchema } from '../../../contract/diagnostics/trace.ts';
import { Failure } from '../../../contract/failures/failure.ts';

/**
 * Reads a trace.
 * @throws Failure `trace-invalid` with `{file, field}`: unreadable, too large, no JSON, or not as a trace must be
 */
export async function readTraceFile(path: string): Promise<Trace> {
  const fail = (field: string, cause?: unknown) =>
    new Failure('trace-invalid', { parameters: { file: basename(path), field }, cause });
  let content: unknown;
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > maxTraceBytes) throw fail('size');
      content = JSON.parse(await file.readFile('utf8'));
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown : fail('JSON', thrown);
  }
  const parsed = traceSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw fail(parsed.error.issues[0]?.path.join('.') || 'JSON', parsed.error);
}
