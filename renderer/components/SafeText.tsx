import { clean } from '../app/clean-text.ts';

/**
 * Text that somebody else wrote (card, portal, file system): shown as text whatever it contains, in its own
 * direction, and broken where there is no place.
 */
export function SafeText({ children, limit }: { readonly children: string; readonly limit?: number }) {
  return <bdi className="safe-text">{clean(children, limit)}</bdi>;
}
