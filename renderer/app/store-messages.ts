import { failureFromWire } from '../../electron/contract/model/failure.ts';
import type { HostMessage } from '../../electron/contract/pages/page-messages.ts';
import type { AgentEvent, AgentSnapshot } from '../../electron/contract/protocol/messages.ts';
import type { Personal, WindowState } from './window-store.ts';

/** What a message of the host changes in the window's state. Pure, so that what must go, goes in one step. */
export function stateAfter(message: HostMessage, state: WindowState): Partial<WindowState> {
  switch (message.type) {
    case 'welcome':
      return {
        connection: message.snapshot === null && message.page === 'main' ? 'down' : 'up',
        host: message.host,
        settings: message.settings,
        ...(message.snapshot === null ? nothing : fromSnapshot(message.snapshot, state)),
        // A PIN page has no snapshot, and a question instead.
        ...(message.prompt === undefined ? {} : { prompt: message.prompt }),
      };
    case 'agent-up':
      return { connection: 'up', restarts: message.restarts, ...fromSnapshot(message.snapshot, state) };
    case 'agent-down':
      return { connection: message.final ? 'lost' : 'down', ...nothing };
    case 'event':
      return afterEvent(message.event, state);
    case 'settings':
      return { settings: message.settings };
    case 'documents':
      return { dropped: [...state.dropped, ...message.documents] };
    case 'result':
    case 'failure':
      return {};
  }
}

/** No card, no person, no session. */
const nothing = {
  personal: null,
  problem: null,
  prompt: null,
  session: { state: 'none' },
} as const satisfies Partial<WindowState>;

function fromSnapshot(snapshot: AgentSnapshot, state: WindowState): Partial<WindowState> {
  return {
    service: snapshot.service.state,
    readers: snapshot.readers,
    session: snapshot.session,
    problem: snapshot.problem === undefined ? null : failureFromWire(snapshot.problem),
    personal: person(snapshot.token, snapshot.reader, state, snapshot.session.state === 'signed-in'),
    sandbox: snapshot.sandbox,
    training: snapshot.training ?? null,
    prompt: snapshot.prompts[0] ?? null,
  };
}

/** The person whose card lies there; what was read of the same one stays while their session lasts. */
function person(
  token: Personal['token'] | null,
  reader: string | null,
  state: WindowState,
  signedIn: boolean,
): Personal | null {
  if (token === null) return null;
  const same = state.personal?.token.serial === token.serial ? state.personal : null;
  return {
    token,
    reader,
    readAt: same?.readAt ?? Date.now(),
    data: signedIn && same !== null ? same.data : {},
  };
}

function afterEvent(event: AgentEvent, state: WindowState): Partial<WindowState> {
  switch (event.kind) {
    case 'readers': {
      const { reader } = state.personal ?? { reader: null };
      const gone =
        reader !== null &&
        !event.readers.some(
          (one) => one.name === reader && (one.state === 'present' || one.state === 'busy'),
        );
      return {
        service: event.service.state,
        readers: event.readers,
        ...(gone || event.service.state !== 'running' ? { personal: null } : {}),
        ...(event.readers.some((one) => one.state !== 'empty') ? {} : { problem: null }),
      };
    }
    case 'token':
      return {
        personal: person(event.token, event.reader, state, state.session.state === 'signed-in'),
        problem: event.problem === undefined ? null : failureFromWire(event.problem),
      };
    case 'session': {
      const { state: now } = event.session;
      const personal = now === 'none' || now === 'reading' || event.session.wipedBecause === 'removed';
      const { personal: known } = state;
      return {
        session: event.session,
        ...(personal
          ? { personal: null }
          : now === 'signed-in' || known === null
            ? {}
            : { personal: { ...known, data: {} } }),
      };
    }
    case 'prompt-open':
      return { prompt: event.prompt };
    case 'prompt-close':
      return state.prompt?.promptId === event.promptId ? { prompt: null } : {};
    case 'training':
      return { training: event.training };
    case 'operation':
    case 'monitor':
      return {};
  }
}
