import type { PageKind } from '../../contract/pages/page-messages.ts';

/** Our own scheme. */
export const scheme = 'buletin';

/** Each kind of page is a site of its own, so that each has processes of its own. */
export const origins = { main: `${scheme}://app`, pin: `${scheme}://pin` } as const satisfies Record<
  PageKind,
  string
>;
