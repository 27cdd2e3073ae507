import type { PageKind } from '../../contract/pages/page-messages.ts';
import { firstPage } from '../pages/window-files.ts';
import { origins } from './origins.ts';

/** Address of the page of a kind. */
export function pageAddress(kind: PageKind): string {
  return `${origins[kind]}/${firstPage[kind]}`;
}
