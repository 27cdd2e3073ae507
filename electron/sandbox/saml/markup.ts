/** XML or HTML text that is already escaped. */
export type Markup = string & { readonly markup: true };

type Attributes = Readonly<Record<string, string | undefined>>;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // Parsers turn these into spaces or line feeds when they stand unescaped.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/**
 * Escapes a text for an element or a quoted attribute.
 * @throws TypeError for characters that XML cannot hold, and for the line ends of XML 1.1, which @xmldom/xmldom
 *   turns into line feeds: what was signed would not be what was meant.
 */
export function text(value: string): Markup {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
  if (!value.isWellFormed() || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u0085\u2028\ufffe\uffff]/.test(value))
    throw new TypeError('the text has characters that XML cannot hold');
  return value.replace(/[&<>"'\t\n\r]/g, (character) => escapes[character] ?? '') as Markup;
}

/** One element. Attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, ...content: readonly Markup[]): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${text(value)}"`],
  );
  const inside = content.join('');
  const start = `<${name}${written.join('')}`;
  return (inside === '' ? `${start}/>` : `${start}>${inside}</${name}>`) as Markup;
}

/** No markup at all: what stands for an optional element that is not there. */
export const nothing = '' as Markup;
