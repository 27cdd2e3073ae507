/**
 * The browser has no network; what its pages ask for is answered here, from the built window, or fails. Intercepted
 * for the whole browser: frames, workers and windows that we did not make are caught, too.
 */
import type { PageKind } from '../../contract/pages/page-messages.ts';
import { pageHeaders } from '../pages/page-headers.ts';
import type { WindowFiles } from '../pages/window-files.ts';
import type { CdpSession } from './cdp-pipe.ts';

/**
 * Where the pages live, as far as they know. Nobody can own these names (RFC 2606). Two sites, not two origins of
 * one: the browser gives each a process of its own, and the PIN window shares none with documents and photos.
 */
export const origins: Readonly<Record<PageKind, string>> = {
  main: 'https://buletin.invalid',
  pin: 'https://buletin-pin.invalid',
};

interface PausedRequest {
  readonly requestId: string;
  readonly request: { readonly url: string; readonly method: string };
}

/** Whose file this address names. */
function kindOf(url: URL): PageKind | undefined {
  return url.origin === origins.main ? 'main' : url.origin === origins.pin ? 'pin' : undefined;
}

/**
 * Takes over every request of the browser. Must be done before a page of ours is opened.
 * @param refused told of each request that fails: its scheme and host, no more
 */
export async function interceptEverything(
  browser: CdpSession,
  files: WindowFiles,
  refused: (host: string) => void,
): Promise<void> {
  browser.on('Fetch.requestPaused', (paused: PausedRequest) => {
    const { requestId, request } = paused;
    const fail = () => browser.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    const kind = url && kindOf(url);
    const file = url && kind && request.method === 'GET' ? files.get(url.pathname, kind) : undefined;
    if (kind === undefined || file === undefined) {
      if (kind === undefined) refused(url ? `${url.protocol}//${url.host}` : 'no address');
      fail().catch(() => undefined);
      return;
    }
    browser
      .send('Fetch.fulfillRequest', {
        requestId,
        responseCode: 200,
        responseHeaders: Object.entries({ ...pageHeaders(kind), 'Content-Type': file.type }).map(
          ([name, value]) => ({ name, value }),
        ),
        body: file.body.toString('base64'),
      })
      // The page went while we answered.
      .catch(() => undefined);
  });
  await browser.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
}
