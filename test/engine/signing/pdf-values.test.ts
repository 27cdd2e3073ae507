import { describe, expect, it } from 'vitest';
import { PdfSyntax } from '../../../electron/engine/signing/pdf/syntax.ts';
import { bytesOf, type PdfValue, textOf } from '../../../electron/engine/signing/pdf/values.ts';
import { dateText, nameText, textString } from '../../../electron/engine/signing/pdf/writing.ts';

const read = (text: string): PdfValue => new PdfSyntax(Buffer.from(text, 'latin1'), true).value();
const plain = (value: PdfValue): unknown => {
  switch (value.kind) {
    case 'array':
      return value.items.map(plain);
    case 'dictionary':
      return Object.fromEntries([...value.entries].map(([key, inner]) => [key, plain(inner)]));
    case 'reference':
      return `${value.number} ${value.generation} R`;
    case 'name':
      return `/${value.name}`;
    case 'string':
      return Buffer.from(bytesOf(value)).toString('latin1');
    case 'null':
      return null;
    default:
      return value.value;
  }
};

describe('values of a PDF', () => {
  it.each([
    ['<< /A 1 /B [2 3 0 R (x) <41 4>] >>', { A: 1, B: [2, '3 0 R', 'x', 'A@'] }],
    ['[1 2 3 4 R 5]', [1, 2, '3 4 R', 5]],
    ['[true false null -1.5 .5 +7]', [true, false, null, -1.5, 0.5, 7]],
    ['/A#20B#2fC', '/A B/C'],
    ['% a comment\n [/A% another\r/B]', ['/A', '/B']],
    ['(a (nested) \\) \\\\ \\101\\n\\\r\nb)', 'a (nested) ) \\ A\nb'],
    ['(line\r\nend)', 'line\nend'],
    ['<</A<</B/C>>/D<>>>', { A: { B: '/C' }, D: '' }],
  ])('%s', (text, expected) => {
    expect(plain(read(text))).toEqual(expected);
  });

  it('keep their bytes', () => {
    const value = read('<< /A (x\\051)  /B [ 1  2 ] >> /C');
    expect(Buffer.from(value.raw).toString()).toBe('<< /A (x\\051)  /B [ 1  2 ] >>');
  });

  it.each(['(never ends', '<41', '[1 2', '<< /A', '<< 1 2 >>', 'endobj', '>>'])('refuse %s', (text) => {
    expect(() => read(text)).toThrow(/pdf-broken/);
  });

  it('tell text strings apart', () => {
    expect(textOf(read('<FEFF0219>'))).toBe('ș');
    expect(textOf(read('<EFBBBFC899>'))).toBe('ș');
    expect(textOf(read('(Signature1)'))).toBe('Signature1');
  });

  it('are written as the standard has them', () => {
    expect(textString('a (b) \\')).toBe('(a \\(b\\) \\\\)');
    expect(textString('ș')).toBe('<FEFF0219>');
    expect(nameText('A B#/é')).toBe('/A#20B#23#2f#e9');
    expect(dateText(new Date('2026-11-22T03:04:05.678Z'))).toBe('(D:20261122030405Z)');
  });
});
