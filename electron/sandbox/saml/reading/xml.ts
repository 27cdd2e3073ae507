import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom';
import { mostMessageCharacters } from '../names.ts';
import { demand, SamlRefused } from './refused.ts';

const deepest = 32;
const declaration =
  /^<\?xml version=(["'])1\.0\1(?: encoding=(["'])utf-8\2)?(?: standalone=(["'])yes\3)?\s*\?>/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/**
 * The text of a message as it stands in a form field: base64 without anything else but line breaks, UTF-8, an XML
 * declaration of that encoding at most.
 * @returns the message without declaration
 */
export function messageText(field: string): string {
  demand(field.length <= mostMessageCharacters, 'size', 'longer than a message may be');
  const base64 = field.replace(/\r?\n/g, '');
  const bytes = Buffer.from(base64, 'base64');
  demand(bytes.length > 0 && bytes.toString('base64') === base64, 'base64', 'not base64');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SamlRefused('xml', 'not UTF-8');
  }
  return text.replace(declaration, '');
}

/**
 * Parses an XML document that consists of elements and text alone. Declarations of any kind (so entities too),
 * comments, CDATA sections and processing instructions are refused before a parser sees them: in well-formed XML
 * `<!` and `<?` have no other meaning, and what programs disagree about is mostly in there.
 * @returns the root
 */
export function parseXml(text: string): Element {
  demand(!/<!(?:DOCTYPE|ENTITY)/i.test(text), 'doctype', 'document type declarations are not taken');
  demand(!/<[!?]/.test(text), 'xml', 'comments, sections and processing instructions are not taken');
  const document = parse(text);
  const root = document.documentElement;
  demand(root !== null, 'xml', 'no element');
  for (const node of Array.from(document.childNodes)) {
    demand(node === root || isBlank(node), 'xml', 'something stands beside the root');
  }
  checkTree(root);
  return root;
}

/** Parses strictly: a mere warning of the parser is a refusal. */
function parse(text: string): Document {
  demand(text.isWellFormed() && !forbidden.test(text), 'xml', 'characters that XML cannot hold');
  const refuse = (): never => {
    throw new SamlRefused('xml', 'not well-formed');
  };
  try {
    const errorHandler = { warning: refuse, error: refuse, fatalError: refuse };
    return new DOMParser({ errorHandler }).parseFromString(text, 'text/xml');
  } catch {
    return refuse();
  }
}

function isBlank(node: Node): boolean {
  return node.nodeType === 3 && /^[ \t\r\n]*$/.test(node.nodeValue ?? '');
}

/** Refuses trees that are deep, or hold characters that XML cannot and only a reference brings. */
function checkTree(root: Element): void {
  const open: { readonly node: Node; readonly depth: number }[] = [{ node: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    demand(depth <= deepest, 'xml', 'nested too deeply');
    const texts =
      node.nodeType === 1
        ? Array.from((node as Element).attributes, (one) => one.value)
        : [node.nodeValue ?? ''];
    for (const one of texts) {
      demand(one.isWellFormed() && !forbidden.test(one), 'xml', 'characters that XML cannot hold');
    }
    for (const child of Array.from(node.childNodes ?? [])) open.push({ node: child, depth: depth + 1 });
  }
}
