/**
 * The session's state machine. Personal data lives only as long as a state that allows it:
 *
 *     none ──card──▶ reading ──read──▶ ready ──login──▶ signed-in
 *      ▲               │ failed          ▲                  │ sign-out, idle, expired, ended by the portal
 *      └───────────────┘                 └─── wiped ◀───────┘
 *     signed-in ──registered at the portal──▶ signed-in
 *     any ──card removed──▶ wiped ──card──▶ reading
 */
import type { SessionJson, SessionState } from '../../contract/model/status.ts';

export type WipeReason = NonNullable<SessionJson['wipedBecause']>;

/** Which states may follow which. */
const transitions: Record<SessionState, readonly SessionState[]> = {
  none: ['reading'],
  reading: ['ready', 'none', 'wiped'],
  ready: ['signed-in', 'reading', 'wiped', 'none'],
  // Again: what is known of the session has changed.
  'signed-in': ['wiped', 'signed-in'],
  wiped: ['ready', 'reading', 'none'],
};

export class SessionMachine {
  #session: SessionJson = { state: 'none' };
  readonly #changed: (session: SessionJson) => void;

  constructor(changed: (session: SessionJson) => void) {
    this.#changed = changed;
  }

  get current(): SessionJson {
    return this.#session;
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** @throws Error for a step that the diagram does not have: that would be a bug here, not a failure of the user's. */
  to(next: SessionJson): void {
    if (!transitions[this.#session.state].includes(next.state)) {
      throw new Error(`session cannot go from ${this.#session.state} to ${next.state}`);
    }
    this.#session = next;
    this.#changed(next);
  }
}
