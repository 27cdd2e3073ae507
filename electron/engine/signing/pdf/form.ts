import { bounds } from './bounds.ts';
import type { PdfDocument } from './document.ts';
import { broken, tooComplex } from './pdf-failures.ts';
import { nameOf, type PdfDictionary, type PdfReference, type PdfValue, textOf } from './values.ts';

/** A signature field (ISO 32000-1, 12.7.4.5). */
export interface SignatureField {
  readonly reference: PdfReference;
  readonly dictionary: PdfDictionary;
  /** Partial names from the root on, joined by periods. */
  readonly name: string;
  /** The signature dictionary; undefined when the field is not signed. */
  readonly signature: PdfDictionary | undefined;
  /** What its signing locks. */
  readonly lock: PdfDictionary | undefined;
}

/** The interactive form as far as signing needs it. */
export interface Form {
  /** The AcroForm dictionary; undefined when the document has no form. */
  readonly dictionary: PdfDictionary | undefined;
  readonly signatureFields: readonly SignatureField[];
  /** The names of the fields at the root. */
  readonly rootNames: ReadonlySet<string>;
}

/** Reads the form. @throws Failure `pdf-broken`, `pdf-too-complex`. */
export async function readForm(document: PdfDocument, catalogue: PdfDictionary): Promise<Form> {
  const form = await document.get(catalogue, 'AcroForm');
  if (form !== undefined && form.kind !== 'dictionary') throw broken('object', 'a form that is none');
  const signatureFields: SignatureField[] = [];
  const rootNames = new Set<string>();
  const seen = new Set<number>();
  let visited = 0;

  const visit = async (
    value: PdfValue,
    parent: string | undefined,
    inherited: string | undefined,
    depth = 1,
  ) => {
    if (++visited > bounds.fields) throw tooComplex(`more than ${bounds.fields} form fields`);
    if (depth > bounds.depth) throw tooComplex('form fields nested without end');
    if (value.kind === 'reference') {
      if (seen.has(value.number)) throw broken('object', 'form fields that lead in a circle');
      seen.add(value.number);
    }
    const field = await document.resolve(value);
    if (field?.kind !== 'dictionary') return;
    const partial = textOf(await document.get(field, 'T'));
    if (depth === 1 && partial !== undefined) rootNames.add(partial);
    // A kid without a name is a widget of its parent, not a field.
    if (depth > 1 && partial === undefined) return;
    const name = parent === undefined ? (partial ?? '') : `${parent}.${partial}`;
    const type = nameOf(await document.get(field, 'FT')) ?? inherited;
    if (type === 'Sig' && value.kind === 'reference') {
      signatureFields.push({
        reference: value,
        dictionary: field,
        name,
        signature: await document.dictionary(field, 'V'),
        lock: await document.dictionary(field, 'Lock'),
      });
    }
    for (const kid of await arrayOf(document, field, 'Kids')) await visit(kid, name, type, depth + 1);
  };
  for (const field of form ? await arrayOf(document, form, 'Fields') : []) {
    await visit(field, undefined, undefined);
  }
  return { dictionary: form, signatureFields, rootNames };
}

async function arrayOf(
  document: PdfDocument,
  dictionary: PdfDictionary,
  key: string,
): Promise<readonly PdfValue[]> {
  const value = await document.get(dictionary, key);
  if (value === undefined) return [];
  if (value.kind !== 'array') throw broken('object', `${key} of a form that is no array`);
  return value.items;
}
