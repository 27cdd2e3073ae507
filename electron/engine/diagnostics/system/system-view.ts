/**
 * What the checks may ask of the operating system, and nothing else. The real one is `NodeSystem`; tests put a folder
 * in place of the root, or recorded answers in place of programs.
 */

export type SystemPlatform = 'linux' | 'win32' | 'darwin' | 'other';

/** What a program printed; at most 1 MiB of each. */
export interface ProgramAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `dead`: the file is there and nobody listens. */
export type SocketState = 'listening' | 'dead' | 'absent' | 'forbidden';

export interface SystemView {
  readonly platform: SystemPlatform;
  /** As in `process.arch`. */
  readonly architecture: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's folder. */
  readonly home: string;
  /** Moment in milliseconds since 1970, by the system's clock. */
  now(): number;
  /**
   * A file's first bytes (default 1 MiB), or undefined when it is not there.
   * @throws NotPermitted
   */
  bytes(path: string, maxBytes?: number): Promise<Buffer | undefined>;
  /** The same as UTF-8. */
  text(path: string, maxBytes?: number): Promise<string | undefined>;
  /** Names in a folder; none when it is not there. @throws NotPermitted */
  list(path: string): Promise<readonly string[]>;
  /** Where a symbolic link points, as it is written; undefined when it is none. @throws NotPermitted */
  link(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
  /**
   * Runs a program of the system, without a shell, in the C locale; undefined when there is none of this name. It is
   * killed when `signal` aborts, and the call rejects then.
   * @throws NotPermitted
   */
  run(program: string, args: readonly string[], signal: AbortSignal): Promise<ProgramAnswer | undefined>;
  /** Whether somebody listens on a Unix socket. */
  socket(path: string, signal: AbortSignal): Promise<SocketState>;
  /** Bytes that this user may still write where the path lies. */
  freeBytes(path: string): Promise<number>;
  /** Addresses of a host. Rejects with a code of `dns` (`ENOTFOUND`, `EAI_AGAIN`). */
  lookup(host: string): Promise<readonly { readonly address: string; readonly family: number }[]>;
  /** Appends lines to a file of the user's, which is made (0600) with its folder (0700) when it is not there. */
  append(path: string, lines: readonly string[]): Promise<void>;
}

/** The system does not let this user look. */
export class NotPermitted extends Error {
  override readonly name = 'NotPermitted';
}

/** The system answered something that cannot be understood. */
export class AnswerInvalid extends Error {
  override readonly name = 'AnswerInvalid';
}
