/** The forms of a page, as a browser would submit them. Scripts are never run. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { Failure } from '../../contract/failures/failure.ts';

type Element = DefaultTreeAdapterTypes.Element;
type ParentNode = DefaultTreeAdapterTypes.ParentNode;

export interface HtmlForm {
  /** Where it goes to, absolute. */
  readonly action: URL;
  readonly method: 'GET' | 'POST';
  /** Names and values of its hidden and text inputs, in the page's order; the last of a name counts. */
  readonly fields: Readonly<Record<string, string>>;
  /** Its submit buttons with a name. */
  readonly buttons: readonly { readonly name: string; readonly value: string }[];
}

/** Most elements of a page that are looked at. */
const maxElements = 20_000;
/** Longest value of a field in UTF-16 code units: a SAML message with certificates has about 10,000. */
const maxValueLength = 256 * 1024;

/**
 * Reads a page's forms. A form whose action is no address is left out.
 * @param at the page's own address
 * @throws Failure `portal-answer-invalid` with field `html` for a page beyond all bounds
 */
export function readForms(page: string, at: URL): readonly HtmlForm[] {
  const document = parse(page, { scriptingEnabled: false });
  const elements = elementsOf(document, at.host);
  const forms: HtmlForm[] = [];
  const formElements = elements.filter(({ tagName }) => tagName === 'form');
  for (const element of formElements) {
    const target = attribute(element, 'action') ?? '';
    if (!URL.canParse(target, at.href)) continue;
    const inside = elements.filter((candidate) => belongsTo(candidate, element, formElements.length === 1));
    forms.push({
      action: new URL(target, at.href),
      method: attribute(element, 'method')?.toLowerCase() === 'post' ? 'POST' : 'GET',
      fields: fieldsOf(inside, at.host),
      buttons: inside.filter(isSubmit).map((button) => ({
        name: attribute(button, 'name') ?? '',
        value: attribute(button, 'value') ?? '',
      })),
    });
  }
  return forms;
}

function elementsOf(root: ParentNode, host: string): Element[] {
  const found: Element[] = [];
  const waiting: ParentNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('tagName' in node) found.push(node);
    if (found.length > maxElements) throw tooMuch(host);
    waiting.push(...node.childNodes.filter((child): child is Element => 'childNodes' in child).reverse());
  }
  return found;
}

/**
 * Whether a control is the form's: inside it, or tied to it by `form=ID`. A table tears a form apart: its controls
 * then stand outside, where a browser still knows their form and this parser does not. On a page with one form they
 * can only be that form's.
 */
function belongsTo(control: Element, form: Element, isOnly: boolean): boolean {
  const named = attribute(control, 'form');
  if (named !== undefined) return named !== '' && attribute(form, 'id') === named;
  for (let node = control.parentNode; node !== null; node = 'parentNode' in node ? node.parentNode : null) {
    if (node === form) return true;
  }
  return isOnly;
}

function fieldsOf(elements: readonly Element[], host: string): Record<string, string> {
  // No prototype: a field may have any name.
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const element of elements) {
    const name = attribute(element, 'name');
    if (element.tagName !== 'input' || !name || isSubmit(element)) continue;
    const value = attribute(element, 'value') ?? '';
    if (value.length > maxValueLength) throw tooMuch(host);
    fields[name] = value;
  }
  return fields;
}

function isSubmit(element: Element): boolean {
  const type = attribute(element, 'type')?.toLowerCase();
  if (element.tagName === 'button') return type === undefined || type === 'submit';
  return element.tagName === 'input' && type === 'submit';
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value;
}

function tooMuch(host: string): Failure {
  return new Failure('portal-answer-invalid', { parameters: { host, field: 'html' } });
}
