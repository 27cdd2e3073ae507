import { describe, expect, it } from 'vitest';
import type { SessionState } from '../../../electron/contract/model/status.ts';
import { SessionMachine } from '../../../electron/engine/agent/session.ts';

/** The diagram of the architecture, written out by hand. */
const allowed = new Set([
  'none>reading',
  'reading>ready',
  'reading>none',
  'reading>wiped',
  'ready>signed-in',
  'ready>reading',
  'ready>wiped',
  'ready>none',
  'signed-in>wiped',
  // Registered: what is known of the session has changed.
  'signed-in>signed-in',
  'wiped>ready',
  'wiped>reading',
  'wiped>none',
]);
const states: SessionState[] = ['none', 'reading', 'ready', 'signed-in', 'wiped'];
const wayTo: Record<SessionState, SessionState[]> = {
  none: [],
  reading: ['reading'],
  ready: ['reading', 'ready'],
  'signed-in': ['reading', 'ready', 'signed-in'],
  wiped: ['reading', 'wiped'],
};

describe('the session', () => {
  for (const from of states) {
    for (const to of states) {
      it(`${allowed.has(`${from}>${to}`) ? 'goes' : 'does not go'} from ${from} to ${to}`, () => {
        const seen: SessionState[] = [];
        const machine = new SessionMachine((session) => seen.push(session.state));
        for (const state of wayTo[from]) machine.to({ state });
        const step = () => machine.to({ state: to });
        if (allowed.has(`${from}>${to}`)) {
          step();
          expect(machine.state).toBe(to);
          expect(seen).toEqual([...wayTo[from], to]);
        } else {
          expect(step).toThrow(`from ${from} to ${to}`);
          expect(machine.state).toBe(from);
        }
      });
    }
  }

  it('never goes from signed in to ready without wiping', () => {
    expect(allowed.has('signed-in>ready')).toBe(false);
  });
});
