import type { AgentOptions } from '../agent.ts';

/** What an agent lives in: its readers, its portal, and the controls of the sandbox where there is one. */
export interface World
  extends Pick<
    AgentOptions,
    'readers' | 'portal' | 'sandbox' | 'training' | 'openCard' | 'watchModule' | 'doctor'
  > {}
