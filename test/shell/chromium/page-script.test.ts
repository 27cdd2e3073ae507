import { describe, expect, it } from 'vitest';
import { piecesOf } from '../../../electron/shell/chromium/page-script.ts';

describe('a long text for a page', () => {
  it.each([
    ['', 4, ['']],
    ['abc', 4, ['abc']],
    ['abcd', 4, ['abcd']],
    ['abcde', 4, ['abcd', 'e']],
    ['abc😀d', 4, ['abc', '😀d']],
    ['😀😀', 3, ['😀', '😀']],
    ['\ud83d\ud83dx', 1, ['\ud83d', '\ud83d', 'x']],
  ])('is cut between characters: %j', (text, longest, pieces) => {
    expect(piecesOf(text, longest)).toEqual(pieces);
  });

  it('is the same when its pieces are joined, in pieces of at most 128 Ki', () => {
    const text = `${'ăîșț😀'.repeat(70_000)}end`;
    const pieces = piecesOf(text);
    expect(pieces.join('')).toBe(text);
    expect(pieces.length).toBe(4);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBe(131_072);
  });
});
