/**
 * The part of @xmldom/xmldom that is used here. The package's own types bring those of a browser along, which would
 * then be known everywhere and contradict Node's; tsconfig.json leads to these instead.
 */

export interface Node {
  /** 1 element, 3 text. */
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly parentNode: Node | null;
  /** Null for nodes that cannot have any. */
  readonly childNodes: ArrayLike<Node> | null;
  readonly textContent: string | null;
}

export interface Attr extends Node {
  readonly name: string;
  readonly localName: string | null;
  readonly namespaceURI: string | null;
  readonly value: string;
}

export interface Element extends Node {
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly childNodes: ArrayLike<Node>;
  readonly attributes: ArrayLike<Attr>;
  getElementsByTagName(name: string): ArrayLike<Element>;
  getElementsByTagNameNS(namespace: string, name: string): ArrayLike<Element>;
}

export interface Document extends Node {
  readonly documentElement: Element | null;
  readonly childNodes: ArrayLike<Node>;
}

export interface ParserOptions {
  readonly errorHandler: Readonly<Record<'warning' | 'error' | 'fatalError', (message: string) => void>>;
}

export class DOMParser {
  constructor(options: ParserOptions);
  parseFromString(text: string, type: 'text/xml'): Document;
}
