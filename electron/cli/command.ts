import type { AgentClient } from '../client/agent-client.ts';
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

/** A command that talks to the agent; `words` are its arguments after the name. Returns the exit code. */
export type Command = (context: CommandContext, words: readonly string[]) => Promise<number>;
