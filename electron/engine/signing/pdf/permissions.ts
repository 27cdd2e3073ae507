import type { PdfDocument } from './document.ts';
import type { Form, SignatureField } from './form.ts';
import { broken, locked } from './pdf-failures.ts';
import { integerOf, nameOf, type PdfDictionary, textOf } from './values.ts';

/**
 * Whether the signatures that are there allow one more (ISO 32000-1, 12.8.2): a certification with P = 1 allows
 * nothing, and a FieldMDP that locks all fields, or all but some, locks the new one too.
 *
 * @param into The full name of the field that is to be signed; undefined for a new field.
 * @throws Failure `pdf-locked`.
 */
export async function refuseIfLocked(
  document: PdfDocument,
  catalogue: PdfDictionary,
  form: Form,
  into: string | undefined,
): Promise<void> {
  const permissions = await document.dictionary(catalogue, 'Perms');
  const certification = permissions && (await document.dictionary(permissions, 'DocMDP'));
  if (certification) await refuseByTransforms(document, certification, into);
  for (const { signature, lock, name } of form.signatureFields) {
    if (!signature) continue;
    await refuseByTransforms(document, signature, into);
    if (lock && (await locks(document, lock, into))) throw locked(`by the lock of the field ${name}`);
    if (lock && integerOf(await document.get(lock, 'P'), 1, 1) === 1) throw locked(`by the field ${name}`);
  }
}

async function refuseByTransforms(
  document: PdfDocument,
  signature: PdfDictionary,
  into: string | undefined,
): Promise<void> {
  const references = await document.get(signature, 'Reference');
  if (references === undefined) return;
  if (references.kind !== 'array') throw broken('object', "a signature's Reference");
  for (const item of references.items) {
    const reference = await document.resolve(item);
    if (reference?.kind !== 'dictionary') continue;
    const method = nameOf(await document.get(reference, 'TransformMethod'));
    const parameters = await document.dictionary(reference, 'TransformParams');
    if (method === 'DocMDP' && parameters && integerOf(await document.get(parameters, 'P'), 1, 1) === 1) {
      throw locked('certified, no change allowed');
    }
    if (method === 'FieldMDP' && parameters && (await locks(document, parameters, into))) {
      throw locked('an earlier signature locks the fields');
    }
  }
}

/** Whether a field lock or FieldMDP dictionary covers the field to be signed; a new field has no name yet. */
async function locks(
  document: PdfDocument,
  dictionary: PdfDictionary,
  into: string | undefined,
): Promise<boolean> {
  const action = nameOf(await document.get(dictionary, 'Action'));
  if (action === 'All') return true;
  if (action !== 'Include' && action !== 'Exclude') return false;
  const fields = await document.get(dictionary, 'Fields');
  const names =
    fields?.kind === 'array' ? await Promise.all(fields.items.map((f) => document.resolve(f))) : [];
  // A name locks the fields below it, too.
  const named = names.some((value) => {
    const name = textOf(value);
    return into !== undefined && name !== undefined && (into === name || into.startsWith(`${name}.`));
  });
  return action === 'Include' ? named : !named;
}

/** Bits of a seed value dictionary's Ff that name what must be kept to (ISO 32000-1, table 234). */
const seedFilter = 1 << 0;
const seedSubFilter = 1 << 1;
const seedDigest = 1 << 6;

/**
 * What a field's seed value dictionary demands that a plain signature does not give; undefined when all is well.
 * @param hash As the project names it: `SHA-256`.
 */
export async function unmetDemand(
  document: PdfDocument,
  { dictionary }: SignatureField,
  subFilter: string,
  hash: string,
): Promise<string | undefined> {
  const seed = await document.dictionary(dictionary, 'SV');
  const flags = seed && integerOf(await document.get(seed, 'Ff'), 0, 0x7fff_ffff);
  if (!seed || !flags) return undefined;
  const values = async (key: string): Promise<(string | undefined)[]> => {
    const value = await document.get(seed, key);
    const items = value?.kind === 'array' ? value.items : value === undefined ? [] : [value];
    return (await Promise.all(items.map((item) => document.resolve(item)))).map(
      (v) => nameOf(v) ?? textOf(v),
    );
  };
  const met = async (bit: number, key: string, ours: string): Promise<boolean> => {
    const allowed = (flags & bit) === 0 ? [] : await values(key);
    return allowed.length === 0 || allowed.some((one) => one?.replace('-', '') === ours.replace('-', ''));
  };
  if ((flags & ~(seedFilter | seedSubFilter | seedDigest)) !== 0) return 'Ff';
  if (!(await met(seedFilter, 'Filter', 'Adobe.PPKLite'))) return 'Filter';
  if (!(await met(seedSubFilter, 'SubFilter', subFilter))) return 'SubFilter';
  if (!(await met(seedDigest, 'DigestMethod', hash))) return 'DigestMethod';
  return undefined;
}
