/** Our own scheme, `buletin://app/` and `buletin://pin/`: the built pages, and nothing else. */
import type { CustomScheme } from 'electron';
import type { PageKind } from '../../contract/pages/page-messages.ts';
import { pageHeaders } from '../pages/page-headers.ts';
import type { WindowFiles } from '../pages/window-files.ts';
import { origins, scheme } from './origins.ts';

/** Must be registered before Electron is ready. No bypass of the content security policy, no service workers. */
export const ownScheme: CustomScheme = {
  scheme,
  privileges: {
    standard: true,
    secure: true,
    supportFetchAPI: true,
    bypassCSP: false,
    allowServiceWorkers: false,
    corsEnabled: false,
    allowExtensions: false,
  },
};

/** Answers the requests for one kind of page. Whatever is no plain request for a built file does not exist. */
export function pageServer(kind: PageKind, files: WindowFiles): (request: Request) => Response {
  const headers = pageHeaders(kind);
  const start = `${origins[kind]}/`;
  return ({ method, url }) => {
    const own = url.startsWith(start) && !url.includes('?');
    const file = own ? files.get(pathOf(url, kind), kind) : undefined;
    if (method !== 'GET' || file === undefined) return new Response(null, { status: 404, headers });
    return new Response(new Uint8Array(file.body), { headers: { ...headers, 'Content-Type': file.type } });
  };
}

function pathOf(url: string, kind: PageKind): string {
  return url.slice(origins[kind].length).split('#', 1)[0] ?? '';
}
