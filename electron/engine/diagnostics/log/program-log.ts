import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type LogLevel,
  type LogState,
  logLevelSchema,
  logLevels,
} from '../../../contract/diagnostics/log.ts';
import { type LogEvent, levelOf, logEventSchema } from './log-events.ts';
import { RotatedFile } from './rotated-file.ts';

/** Where events go. */
export interface EventLog {
  write(event: LogEvent): void;
}

export interface ProgramLogOptions {
  readonly folder: string;
  /** Default: as it was set last, else `acts`. */
  readonly level?: LogLevel;
  readonly maxBytes?: number;
  readonly files?: number;
  readonly now?: () => Date;
}

const fileName = 'buletin.log';
/** Remembers the level for the next start. */
const levelName = 'level';
const defaultLevel: LogLevel = 'acts';
const defaultMaxBytes = 1024 * 1024;
const defaultFiles = 4;

/**
 * The log of this program: one JSON document a line, `{"at": …, "event": …}`, in files of at most 1 MiB, of which there
 * are four, for the user's eyes only (0600 in a 0700 folder). What may stand in it is decided by `logEventSchema`.
 */
export class ProgramLog implements EventLog {
  readonly folder: string;
  readonly #file: RotatedFile;
  readonly #now: () => Date;
  #level: LogLevel;

  constructor(options: ProgramLogOptions) {
    this.folder = options.folder;
    this.#now = options.now ?? (() => new Date());
    this.#level = options.level ?? this.#remembered();
    this.#file = new RotatedFile({
      folder: options.folder,
      name: fileName,
      maxBytes: options.maxBytes ?? defaultMaxBytes,
      files: options.files ?? defaultFiles,
      now: () => this.#now().getTime(),
    });
  }

  get path(): string {
    return this.#file.path;
  }

  get state(): LogState {
    return { level: this.#level, writing: this.#level === 'off' || this.#file.writing };
  }

  /** From now on this much is written; also by the programs started later. */
  setLevel(level: LogLevel): void {
    this.#level = level;
    this.write({ event: 'level', level });
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(this.folder, levelName), `${level}\n`, { mode: 0o600 });
    } catch {
      // It holds as long as this program runs.
    }
  }

  write(event: LogEvent): void {
    if (logLevels.indexOf(levelOf[event.event]) > logLevels.indexOf(this.#level)) return;
    // The types forbid what does not belong here; a value from outside could have slipped past them.
    const parsed = logEventSchema.safeParse(event);
    if (parsed.success) this.#file.write(JSON.stringify({ at: this.#now().toISOString(), ...parsed.data }));
  }

  close(): void {
    this.#file.close();
  }

  #remembered(): LogLevel {
    try {
      return logLevelSchema.parse(readFileSync(join(this.folder, levelName), 'utf8').trim());
    } catch {
      return defaultLevel;
    }
  }
}
