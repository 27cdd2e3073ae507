import { Failure } from '../../contract/failures/failure.ts';
import type { HashName } from '../token/digest-info.ts';
import type { PdfDocument } from './pdf/document.ts';
import { firstPage } from './pdf/first-page.ts';
import { type Form, readForm, type SignatureField } from './pdf/form.ts';
import { Increment } from './pdf/increment.ts';
import { broken } from './pdf/pdf-failures.ts';
import { refuseIfLocked, unmetDemand } from './pdf/permissions.ts';
import { integerOf, type PdfArray, type PdfDictionary, type PdfReference } from './pdf/values.ts';
import { dateText, nameText, referenceText, textString, withEntries, withItem } from './pdf/writing.ts';

/** What the signature dictionary says beside the signature. */
export interface SignatureWords {
  /** The claimed time of signing, written in UTC. */
  readonly moment: Date;
  /** The full name of an empty signature field to be signed; without it a new invisible field is made. */
  readonly field?: string;
  readonly reason?: string;
  readonly location?: string;
}

/** The objects of a signature's update, with room for the CMS. */
export interface SignatureObjects {
  readonly increment: Increment;
  /** The signature dictionary's object number. */
  readonly signature: number;
  /** Where in that object's text the `<` of Contents stands, and where ByteRange's three open numbers do. */
  readonly contentsAt: number;
  readonly byteRangeAt: number;
  /** The full name of the signed field. */
  readonly fieldName: string;
}

const subFilter = 'ETSI.CAdES.detached';
/** Print and Locked: what is meant for archives (ISO 19005) may be neither hidden nor left out in print. */
const invisibleFlags = 4 | 128;
/** SignaturesExist and AppendOnly (ISO 32000-1, table 219). */
const signatureFlags = 3;
/** Digits of each number of ByteRange. */
export const rangeDigits = 10;

/**
 * Lays out the update that adds a signature (ISO 32000-1, 12.8): the signature dictionary, its field, and what
 * must point there, and nothing else.
 *
 * @param contentsLength Bytes kept for the CMS.
 * @throws Failure `pdf-locked`, `pdf-field-unusable`, `pdf-broken`, `pdf-too-complex`.
 */
export async function layOutSignature(
  document: PdfDocument,
  words: SignatureWords,
  hash: HashName,
  contentsLength: number,
): Promise<SignatureObjects> {
  const catalogue = await document.catalogue();
  const form = await readForm(document, catalogue.dictionary);
  await refuseIfLocked(document, catalogue.dictionary, form, words.field);
  const increment = new Increment(document.references);
  const signature = increment.reserve();

  let lock: PdfDictionary | undefined;
  let fieldName = words.field;
  if (fieldName === undefined) {
    fieldName = await addField(document, catalogue, form, increment, signature);
  } else {
    const field = await usableField(document, form, fieldName, hash);
    lock = field.lock;
    await fillField(document, field, increment, signature);
    await markForm(document, catalogue, form, increment, undefined);
  }

  const head = [
    '<<',
    '/Type /Sig',
    '/Filter /Adobe.PPKLite',
    `/SubFilter ${nameText(subFilter)}`,
    `/M ${dateText(words.moment)}`,
    ...(words.reason === undefined ? [] : [`/Reason ${textString(words.reason)}`]),
    ...(words.location === undefined ? [] : [`/Location ${textString(words.location)}`]),
    ...(await lockReference(document, lock, catalogue.reference)),
    '/ByteRange [0 ',
  ].join('\n');
  const range = Array.from({ length: 3 }, () => '0'.padEnd(rangeDigits)).join(' ');
  const between = `${range}]\n/Contents `;
  increment.put(signature, `${head}${between}<${'0'.repeat(2 * contentsLength)}>\n>>`);
  return {
    increment,
    signature: signature.number,
    contentsAt: head.length + between.length,
    byteRangeAt: head.length,
    fieldName,
  };
}

interface Catalogue {
  readonly reference: PdfReference;
  readonly dictionary: PdfDictionary;
}

/** A new invisible field on the first page. Returns its name. */
async function addField(
  document: PdfDocument,
  catalogue: Catalogue,
  form: Form,
  increment: Increment,
  signature: PdfReference,
): Promise<string> {
  const page = await firstPage(document, catalogue.dictionary);
  const [field, appearance] = [increment.reserve(), increment.reserve()];
  const name = freeName(form.rootNames);
  increment.put(
    field,
    [
      '<<',
      '/Type /Annot',
      '/Subtype /Widget',
      '/FT /Sig',
      `/T ${textString(name)}`,
      `/V ${referenceText(signature)}`,
      '/Rect [0 0 0 0]',
      `/F ${invisibleFlags}`,
      `/P ${referenceText(page.reference)}`,
      `/AP << /N ${referenceText(appearance)} >>`,
      '>>',
    ].join('\n'),
  );
  increment.put(appearance, emptyAppearance('[0 0 0 0]'));

  const annotations = page.dictionary.entries.get('Annots');
  const list = await document.resolve(annotations);
  if (list !== undefined && list.kind !== 'array') throw broken('object', "a page's Annots");
  const written = withItem(list, referenceText(field));
  if (list && annotations?.kind === 'reference') increment.put(annotations, written);
  else increment.put(page.reference, withEntries(page.dictionary, { Annots: written }));

  await markForm(document, catalogue, form, increment, field);
  return name;
}

/** Adds the field to the form, if there is a new one, and says that signatures exist. */
async function markForm(
  document: PdfDocument,
  catalogue: Catalogue,
  form: Form,
  increment: Increment,
  field: PdfReference | undefined,
): Promise<void> {
  if (!form.dictionary) {
    const made = increment.reserve();
    const fields = field ? `[${referenceText(field)}]` : '[]';
    increment.put(made, `<<\n/Fields ${fields}\n/SigFlags ${signatureFlags}\n>>`);
    const set = { AcroForm: referenceText(made) };
    increment.put(catalogue.reference, withEntries(catalogue.dictionary, set));
    return;
  }
  const set: Record<string, string> = {};
  const flags = integerOf(await document.get(form.dictionary, 'SigFlags'), 0, 0x7fff_ffff) ?? 0;
  if ((flags & signatureFlags) !== signatureFlags) set.SigFlags = String(flags | signatureFlags);
  if (field) {
    const fields = form.dictionary.entries.get('Fields');
    const list = (await document.resolve(fields)) as PdfArray | undefined;
    const written = withItem(list, referenceText(field));
    if (list && fields?.kind === 'reference') increment.put(fields, written);
    else set.Fields = written;
  }
  if (Object.keys(set).length === 0) return;
  const changed = withEntries(form.dictionary, set);
  const holder = catalogue.dictionary.entries.get('AcroForm');
  if (holder?.kind === 'reference') increment.put(holder, changed);
  else increment.put(catalogue.reference, withEntries(catalogue.dictionary, { AcroForm: changed }));
}

/** The empty field of this name. @throws Failure `pdf-field-unusable`. */
async function usableField(
  document: PdfDocument,
  form: Form,
  name: string,
  hash: HashName,
): Promise<SignatureField> {
  const unusable = (detail: string) =>
    new Failure('pdf-field-unusable', { parameters: { field: name }, detail });
  const [field, ...others] = form.signatureFields.filter((one) => one.name === name);
  if (!field || others.length > 0) throw unusable('no such field, or several');
  if (field.signature || field.dictionary.entries.has('V')) throw unusable('signed already');
  const demand = await unmetDemand(document, field, subFilter, hash);
  if (demand !== undefined) throw unusable(`its seed values demand ${demand}`);
  return field;
}

/** Signs an existing field: its place and looks stay; one that has none gets empty ones (ISO 19005 asks for some). */
async function fillField(
  document: PdfDocument,
  field: SignatureField,
  increment: Increment,
  signature: PdfReference,
): Promise<void> {
  const set: Record<string, string> = { V: referenceText(signature) };
  const { entries } = field.dictionary;
  const rectangle = await document.get(field.dictionary, 'Rect');
  if (rectangle?.kind === 'array' && !entries.has('AP') && !entries.has('Kids')) {
    const corners = rectangle.items.map((item) => (item.kind === 'number' ? item.value : Number.NaN));
    const [left = 0, bottom = 0, right = 0, top = 0] = corners.some(Number.isNaN) ? [] : corners;
    const appearance = increment.reserve();
    const [width, height] = [Math.abs(right - left), Math.abs(top - bottom)];
    increment.put(appearance, emptyAppearance(`[0 0 ${width.toFixed(2)} ${height.toFixed(2)}]`));
    set.AP = `<< /N ${referenceText(appearance)} >>`;
  }
  increment.put(field.reference, withEntries(field.dictionary, set));
}

function emptyAppearance(box: string): string {
  return `<<\n/Type /XObject\n/Subtype /Form\n/BBox ${box}\n/Resources << >>\n/Length 0\n>>\nstream\n\nendstream`;
}

/** What the field's lock dictionary says, as the signature has to repeat it (ISO 32000-1, 12.8.2.4). */
async function lockReference(
  document: PdfDocument,
  lock: PdfDictionary | undefined,
  root: PdfReference,
): Promise<string[]> {
  if (!lock) return [];
  const action = await document.get(lock, 'Action');
  const fields = await document.get(lock, 'Fields');
  const permitted = integerOf(await document.get(lock, 'P'), 1, 3);
  if (action?.kind !== 'name') return [];
  const raw = (value: { readonly raw: Uint8Array }) => Buffer.from(value.raw).toString('latin1');
  const parameters = [
    `/Type /TransformParams /V /1.2 /Action ${nameText(action.name)}`,
    ...(fields?.kind === 'array' ? [`/Fields ${raw(fields)}`] : []),
  ].join(' ');
  const references = [
    `<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams << ${parameters} >> /Data ${referenceText(root)} >>`,
    ...(permitted === undefined
      ? []
      : [
          `<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /V /1.2 /P ${permitted} >> >>`,
        ]),
  ];
  return [`/Reference [${references.join(' ')}]`];
}

function freeName(taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const name = `Signature${number}`;
    if (!taken.has(name)) return name;
  }
}
