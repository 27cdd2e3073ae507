import { useState } from 'react';
import type { Failure } from '../../../electron/contract/failures/failure.ts';
import { useRequest } from '../../app/use-request.ts';

/** What a person can do with a PIN. */
export type PinDeed = 'verify' | 'change' | 'unblock';

export interface PinAct {
  /** Whose turn it is, or was last; null before the first. */
  readonly pin: 'PIN1' | 'PIN2' | null;
  readonly deed: PinDeed;
  readonly busy: boolean;
  readonly done: boolean;
  readonly failure: Failure | null;
  readonly start: (deed: PinDeed, pin: 'PIN1' | 'PIN2') => void;
  readonly cancel: () => void;
}

/**
 * The PIN acts of the page, one at a time. The code itself is asked for in the PIN window, never here; the tries
 * that are left come with the agent's events.
 */
export function usePinAct(): PinAct {
  const verify = useRequest('pin.verify');
  const change = useRequest('pin.change');
  const unblock = useRequest('pin.unblock');
  const requests = { verify, change, unblock };
  const [what, setWhat] = useState<{ deed: PinDeed; pin: 'PIN1' | 'PIN2' | null }>({
    deed: 'verify',
    pin: null,
  });
  const request = requests[what.deed];
  return {
    ...what,
    busy: request.busy,
    done: request.result !== null,
    failure: request.failure,
    start: (deed, pin) => {
      if (request.busy) return;
      for (const one of Object.values(requests)) one.reset();
      setWhat({ deed, pin });
      void requests[deed].run({ pin });
    },
    cancel: request.cancel,
  };
}
