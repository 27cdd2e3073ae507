import type { PageMethodName } from '../../electron/contract/pages/page-messages.ts';
import type { AgentEvent } from '../../electron/contract/protocol/messages.ts';

/** What the scripted host does with a request; undefined lets it hang. */
export type Answer =
  | { readonly result: unknown /** Told after it. */; readonly events?: readonly AgentEvent[] }
  | { failure: string }
  | undefined;

/** What it does with requests of some methods. */
export type Answers = { readonly [M in PageMethodName]?: (params: Record<string, unknown>) => Answer };
