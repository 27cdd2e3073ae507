import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure, type Failure } from '../../electron/contract/failures/failure.ts';
import type { PageMethodName, PageParams, PageResult } from '../../electron/contract/pages/page-messages.ts';
import { useLink } from './host-link.ts';
import { useWindow } from './window-store.ts';

export interface RequestState<M extends PageMethodName> {
  /** Asks. Resolves with the result, or with undefined when it failed (see `failure`). */
  readonly run: (params: PageParams<M>) => Promise<PageResult<M> | undefined>;
  readonly busy: boolean;
  /** Why the last run failed. */
  readonly failure: Failure | null;
  readonly result: PageResult<M> | null;
  readonly cancel: () => void;
  /** Forgets result and failure. */
  readonly reset: () => void;
}

/**
 * One request at a time of one method, for a page: its state, its cancelling. What came of it is forgotten when the
 * person it is about has gone.
 */
export function useRequest<M extends PageMethodName>(method: M): RequestState<M> {
  const link = useLink();
  const epoch = useWindow((state) => state.epoch);
  const [state, setState] = useState<{
    epoch: number;
    busy: boolean;
    failure: Failure | null;
    result: PageResult<M> | null;
  }>({ epoch, busy: false, failure: null, result: null });
  const abort = useRef<AbortController | null>(null);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
      abort.current?.abort();
    };
  }, []);
  const run = useCallback(
    async (params: PageParams<M>) => {
      abort.current?.abort();
      const controller = new AbortController();
      abort.current = controller;
      const put = (part: { busy: boolean; failure?: Failure; result?: PageResult<M> }) => {
        if (alive.current && abort.current === controller)
          setState({ failure: null, result: null, ...part, epoch });
      };
      put({ busy: true });
      try {
        const result = await link.request(method, params, { signal: controller.signal });
        put({ busy: false, result });
        return result;
      } catch (thrown) {
        put({ busy: false, failure: asFailure(thrown) });
        return undefined;
      }
    },
    [link, method, epoch],
  );
  const cancel = useCallback(() => abort.current?.abort(), []);
  const reset = useCallback(() => setState({ epoch, busy: false, failure: null, result: null }), [epoch]);
  const mine = state.epoch === epoch;
  return {
    run,
    busy: state.busy,
    // A failure may be why the person has gone; it says nothing about them and stays.
    failure: state.failure,
    result: mine ? state.result : null,
    cancel,
    reset,
  };
}
