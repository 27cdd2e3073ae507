/** The program's log file: how much is written. What may be written is decided in `engine/diagnostics/log`. */
import { z } from 'zod';

/** Each level includes those before it. `errors`: failures; `acts`: what is done; `details`: every step. */
export const logLevels = ['off', 'errors', 'acts', 'details'] as const;
export const logLevelSchema = z.enum(logLevels);
export type LogLevel = z.infer<typeof logLevelSchema>;

export const logStateSchema = z.strictObject({
  level: logLevelSchema,
  /** False while nothing can be written: no folder, no room, no permission. Work goes on all the same. */
  writing: z.boolean(),
});
export type LogState = z.infer<typeof logStateSchema>;

/** Where the log lies, for the command line and the shell; pages are not told. */
export const logPlaceSchema = z.strictObject({
  folder: z.string(),
  file: z.string(),
  ...logStateSchema.shape,
});
