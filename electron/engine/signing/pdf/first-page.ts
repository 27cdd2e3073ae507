import { bounds } from './bounds.ts';
import type { PdfDocument } from './document.ts';
import { broken, tooComplex } from './pdf-failures.ts';
import { nameOf, type PdfDictionary, type PdfReference, type PdfValue } from './values.ts';

/** A page as an indirect object. */
export interface Page {
  readonly reference: PdfReference;
  readonly dictionary: PdfDictionary;
}

/**
 * The first page, by way of the page tree (ISO 32000-1, 7.7.3).
 * @throws Failure `pdf-broken` when the tree has no page.
 */
export async function firstPage(document: PdfDocument, catalogue: PdfDictionary): Promise<Page> {
  const seen = new Set<number>();
  const visit = async (value: PdfValue | undefined, depth: number): Promise<Page | undefined> => {
    if (value?.kind !== 'reference') throw broken('pages', 'a page that is no object of its own');
    if (depth > bounds.depth || seen.size > bounds.pageNodes) throw tooComplex('a page tree without end');
    if (seen.has(value.number)) throw broken('pages', 'a page tree that leads in a circle');
    seen.add(value.number);
    const node = await document.resolve(value);
    if (node?.kind !== 'dictionary') return undefined;
    const kids = await document.get(node, 'Kids');
    if (nameOf(await document.get(node, 'Type')) === 'Page' || kids === undefined) {
      return { reference: value, dictionary: node };
    }
    if (kids.kind !== 'array') throw broken('pages', 'a page tree without pages');
    for (const kid of kids.items) {
      const page = await visit(kid, depth + 1);
      if (page) return page;
    }
    return undefined;
  };
  const page = await visit(catalogue.entries.get('Pages'), 1);
  if (!page) throw broken('pages', 'no page');
  return page;
}
