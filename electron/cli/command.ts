import type { AgentClient } from '../client/agent-client.ts';
import { Failure } from '../contract/failures/failure.ts';
import type { AgentSnapshot } from '../contract/protocol/messages.ts';
import type { CliOptions } from './arguments.ts';
import type { Output } from './output.ts';

/** What a command has to work with. */
export interface CommandContext {
  readonly client: AgentClient;
  readonly snapshot: AgentSnapshot;
  /** The agent was running before us and lives on after us. */
  readonly attached: boolean;
  readonly out: Output;
  readonly options: CliOptions;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a command does with an agent; returns the exit code. */
export type Action = (context: CommandContext) => Promise<number>;

/**
 * A command: looks at its words (the arguments after its name) before any agent is started.
 * @throws Failure `usage` with `{argument}`, the word that does not fit
 */
export type Command = (words: readonly string[]) => Action;

/** The parameter that chooses a reader, where the caller did. */
export function readerParameter({ options }: CommandContext): { reader?: string } {
  return options.reader === undefined ? {} : { reader: options.reader };
}

/** @throws Failure `usage` naming the first word that is too many */
export function refuseWords(words: readonly string[]): void {
  if (words[0] !== undefined) throw new Failure('usage', { parameters: { argument: words[0] } });
}
