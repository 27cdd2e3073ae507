/**
 * Text from cards, portals, file systems and readers, made harmless for a page: characters that act on the text
 * around them, that nobody can see, or that are no text, become a visible replacement.
 */

/** Controls, halves of surrogate pairs, separators of lines, and everything that turns the direction of writing. */
const acting = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Longest text shown in one piece, in characters. */
const longest = 300;

/**
 * @param limit characters after which it is cut; the whole text belongs into a copy or a file
 */
export function clean(text: string, limit = longest): string {
  const harmless = text.replace(acting, '\ufffd');
  if (harmless.length <= limit) return harmless;
  return `${[...harmless.slice(0, limit * 2)].slice(0, limit).join('')}…`;
}
