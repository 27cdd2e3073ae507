import type { Element } from '@xmldom/xmldom';
import { demand, SamlRefused } from './refused.ts';

/** Whether the element has this name in this namespace. */
export function isNamed(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name;
}

/** Value of an attribute without namespace. */
export function attribute(element: Element, name: string): string | undefined {
  for (const one of Array.from(element.attributes)) {
    if (!one.namespaceURI && one.localName === name) return one.value;
  }
  return undefined;
}

/** The same for an attribute that must be there, and not empty. */
export function demandAttribute(element: Element, name: string): string {
  const value = attribute(element, name);
  demand(value !== undefined && value !== '', 'shape', `${element.localName} has no ${name}`);
  return value;
}

/** An xs:boolean attribute; absent is false. */
export function booleanAttribute(element: Element, name: string): boolean {
  const value = attribute(element, name);
  if (value === undefined || value === 'false' || value === '0') return false;
  demand(value === 'true' || value === '1', 'shape', `${name} is no xs:boolean`);
  return true;
}

/** The text of an element that holds text alone, exactly as it stands. */
export function textOf(element: Element): string {
  const nodes = Array.from(element.childNodes);
  demand(
    nodes.every((node) => node.nodeType === 3),
    'shape',
    `${element.localName} holds more than text`,
  );
  return nodes.map((node) => node.nodeValue ?? '').join('');
}

/** The same, not empty and with a bound. */
export function demandText(element: Element, mostCharacters: number): string {
  const text = textOf(element);
  demand(text !== '' && text.length <= mostCharacters, 'shape', `${element.localName} is empty or too long`);
  return text;
}

/** The child elements of an element, taken in the order in which the schema has them. */
export class Children {
  readonly #parent: Element;
  readonly #elements: Element[];

  /** @throws SamlRefused when there is text between the elements. */
  constructor(parent: Element) {
    this.#parent = parent;
    this.#elements = [];
    for (const node of Array.from(parent.childNodes)) {
      if (node.nodeType === 1) this.#elements.push(node as Element);
      else if (!/^[ \t\r\n]*$/.test(node.nodeValue ?? '')) this.#refuse('text between its elements');
    }
  }

  /** The next child, if it has this name. */
  optional(namespace: string, name: string): Element | undefined {
    const [next] = this.#elements;
    if (next === undefined || !isNamed(next, namespace, name)) return undefined;
    this.#elements.shift();
    return next;
  }

  /** The next child, which must have this name. */
  one(namespace: string, name: string): Element {
    return this.optional(namespace, name) ?? this.#refuse(`no ${name} where it has to be`);
  }

  /** The next children, as many as have this name. */
  many(namespace: string, name: string): Element[] {
    const found: Element[] = [];
    for (let next = this.optional(namespace, name); next; next = this.optional(namespace, name)) {
      found.push(next);
    }
    return found;
  }

  /** Nothing may be left. */
  end(): void {
    if (this.#elements.length > 0) this.#refuse('elements that have no place there');
  }

  #refuse(detail: string): never {
    throw new SamlRefused('shape', `${this.#parent.localName}: ${detail}`);
  }
}
