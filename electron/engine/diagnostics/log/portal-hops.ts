/** Requests to portals as undici tells of them: to which of the known hosts, what came back, how long it took. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

export type HostClass = 'portal' | 'mpass' | 'other';

interface UndiciRequest {
  readonly origin?: unknown;
}

const started = 'undici:request:create';
const answered = 'undici:request:headers';
const failed = 'undici:request:error';

/**
 * Calls `hop` for each request of this process.
 * @param classify which host an origin (`https://host:port`) is; the origin goes nowhere else
 * @returns the function that ends it
 */
export function watchPortalHops(
  classify: (origin: string) => HostClass,
  hop: (host: HostClass, status: number | undefined, ms: number) => void,
): () => void {
  const running = new WeakMap<object, number>();
  const end = (request: UndiciRequest, status: number | undefined): void => {
    const start = running.get(request);
    if (start === undefined) return;
    running.delete(request);
    hop(classify(String(request.origin)), status, performance.now() - start);
  };
  const onStart = (message: unknown): void => {
    running.set((message as { request: UndiciRequest }).request, performance.now());
  };
  const onAnswer = (message: unknown): void => {
    const { request, response } = message as { request: UndiciRequest; response: { statusCode: number } };
    end(request, response.statusCode);
  };
  const onFailure = (message: unknown): void =>
    end((message as { request: UndiciRequest }).request, undefined);
  subscribe(started, onStart);
  subscribe(answered, onAnswer);
  subscribe(failed, onFailure);
  return () => {
    unsubscribe(started, onStart);
    unsubscribe(answered, onAnswer);
    unsubscribe(failed, onFailure);
  };
}
