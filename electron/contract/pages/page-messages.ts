/**
 * The talk between a window and the shell: JSON texts both ways, the same under both hosts (Electron carries them by
 * a message port, Chromium by a binding). The shell checks everything that comes from a page, and passes to the agent
 * what that kind of page may ask for and nothing else.
 */
import { z } from 'zod';
import { failureWireSchema } from '../model/failure.ts';
import { pinPromptSchema } from '../model/status.ts';
import { agentEventSchema, agentSnapshotSchema } from '../protocol/messages.ts';
import { type MethodName, methods } from '../protocol/methods.ts';
import { chosenDocumentSchema, hostMethods, windowSettingsSchema } from './host-methods.ts';

/** `main`: everything but PINs. `pin`: one question for a PIN, the only place where one is typed. */
export const pageKindSchema = z.enum(['main', 'pin']);
export type PageKind = z.infer<typeof pageKindSchema>;

/** Longest message of a page, in UTF-16 code units. */
export const maxPageMessage = 20 * 1024 * 1024;

/** What each kind of page may ask of the agent. */
export const pageAgentMethods = {
  main: [
    'status',
    'pin.status',
    'pin.verify',
    'pin.change',
    'pin.unblock',
    'session.login',
    'session.logout',
    'session.register',
    'data.read',
    'sandbox.insert',
    'sandbox.remove',
    'trace.start',
    'trace.stop',
    'monitor.start',
    'monitor.stop',
    'inspect.certificate',
    'inspect.modules',
    'inspect.connection',
    'log.level',
    'doctor.run',
    'doctor.explain',
    'report.make',
    'training.catalogue',
    'training.show',
    'training.exercises',
    'training.start',
    'training.stop',
    'training.state',
    'training.act',
    'training.diagnose',
  ],
  pin: ['pin.submit', 'pin.agree', 'pin.cancel'],
} as const satisfies Record<PageKind, readonly (keyof typeof methods)[]>;

/**
 * Where a page may ask less than other clients do: the parameters that it may give. A certificate of its own choice
 * would say whom the agent asks over the network; a page has those of the card inspected.
 */
export const pageAgentParams: { readonly [M in MethodName]?: z.ZodType<object> } = {
  'inspect.certificate': methods['inspect.certificate'].params.extend({
    certificate: z.strictObject({ id: z.string().min(1).max(512) }),
  }),
};

/** What a main page may ask: of the agent and of the shell. */
export const pageMethods = { ...methods, ...hostMethods } as const;
export type PageMethods = typeof pageMethods;
export type PageMethodName = keyof PageMethods;
export type PageParams<M extends PageMethodName> = z.input<PageMethods[M]['params']>;
export type PageResult<M extends PageMethodName> = z.output<PageMethods[M]['result']>;

export const pageMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello') }),
  z.strictObject({
    type: z.literal('request'),
    id: z.uuid(),
    method: z.enum(Object.keys(pageMethods) as [PageMethodName, ...PageMethodName[]]),
    params: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({ type: z.literal('cancel'), id: z.uuid() }),
]);
export type PageMessage = z.infer<typeof pageMessageSchema>;

export const hostMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('welcome'),
    page: pageKindSchema,
    host: z.strictObject({
      kind: z.enum(['electron', 'chromium']),
      /** Of the host: Electron's or Chromium's. */
      hostVersion: z.string(),
      platform: z.string(),
      /** Of Buletin. */
      version: z.string(),
    }),
    settings: windowSettingsSchema,
    /** Null while there is no agent. A pin page gets no snapshot. */
    snapshot: agentSnapshotSchema.nullable(),
    /** The question of a pin page. */
    prompt: pinPromptSchema.optional(),
  }),
  /** The agent is there (again); everything known before is replaced. */
  z.strictObject({
    type: z.literal('agent-up'),
    snapshot: agentSnapshotSchema,
    restarts: z.int().nonnegative(),
  }),
  /** The agent has gone; what was under way has failed with `agent-lost`. It comes back unless `final`. */
  z.strictObject({ type: z.literal('agent-down'), final: z.boolean() }),
  /** For a main page, `prompt-open` carries an empty key: its question is the pin window's. */
  z.strictObject({ type: z.literal('event'), event: agentEventSchema }),
  z.strictObject({ type: z.literal('settings'), settings: windowSettingsSchema }),
  /** PDF files that the person dropped on the window, as `host.documents.choose` gives chosen ones. */
  z.strictObject({ type: z.literal('documents'), documents: z.array(chosenDocumentSchema) }),
  z.strictObject({ type: z.literal('result'), id: z.uuid(), result: z.unknown() }),
  z.strictObject({ type: z.literal('failure'), id: z.uuid(), failure: failureWireSchema }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** What carries the texts; each host has its own. In a page it is `window.buletin`. */
export interface PagePort {
  send(text: string): void;
  /** Called with each text that comes. */
  onMessage(listener: (text: string) => void): void;
}
