import { describe, expect, it } from 'vitest';
import { messageField } from '../../../electron/sandbox/saml/index.ts';
import {
  evilName,
  genuineName,
  genuineResponse,
  outcome,
  readAsService,
  readFieldAsService,
  resigned,
} from './exchange.ts';
import { firstSignatureHolds, naiveName } from './libxml2-verifier.ts';
import { providerKey } from './parties.ts';

/** Messages that are no plain XML. What the signature does not cover is what such tricks are made of. */

const genuine = genuineResponse();
const read = (xml: string) => outcome(() => readAsService(xml));
const field = (text: string) => outcome(() => readFieldAsService(text));

describe('document types', () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    '',
  );

  it.each([
    ['that nobody uses', '<!DOCTYPE x>'],
    ['in other capitals', '<!doctype x>'],
    ['with a name for an external file', '<!DOCTYPE x SYSTEM "file:///etc/passwd">'],
    ['with an entity', '<!DOCTYPE x [<!ENTITY e "2009009999999">]>'],
    ['with an external entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'],
    ['with a parameter entity', '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x"> %e;]>'],
    ['with a billion laughs', `<!DOCTYPE x [<!ENTITY l0 "lol">${laughs}]>`],
    ['with default attributes', '<!DOCTYPE x [<!ATTLIST samlp:Response ID ID #IMPLIED>]>'],
  ])('%s', (_what, doctype) => {
    expect(read(doctype + genuine)).toBe('doctype');
    expect(read(`<?xml version="1.0"?>\n<!-- x -->\n${doctype}${genuine}`)).toBe('doctype');
    expect(read(genuine + doctype)).toBe('doctype');
  });

  it('is refused although the signature holds', () => {
    const xml = `<!DOCTYPE x>${genuine}`;
    expect(firstSignatureHolds(xml, providerKey.certificate)).toBe(true);
    expect(read(xml)).toBe('doctype');
  });

  it('entities without declaration are refused', () => {
    expect(read(genuine.replace(genuineName, `&e;`))).toBe('xml');
    expect(read(genuine.replace(genuineName, `${genuineName}&nbsp;`))).toBe('xml');
  });
});

describe('what a canonical form leaves out', () => {
  it('comments in the name, which cut it short for some (2018)', () => {
    // The signature holds, because comments are not signed; a reader that takes the first text node reads less.
    const cut = genuineResponse({}, { nameId: `${genuineName}.evil` }).replace('.evil', '<!---->.evil');
    expect(firstSignatureHolds(cut, providerKey.certificate)).toBe(true);
    expect(read(cut)).toBe('xml');
  });

  it('comments, sections and processing instructions anywhere', () => {
    for (const trick of ['<!-- x -->', '<![CDATA[x]]>', '<?x y?>', '<?xml version="1.0"?>']) {
      expect(read(genuine.replace('<samlp:Status>', `<samlp:Status>${trick}`)), trick).toBe('xml');
      expect(read(genuine + trick), trick).toBe('xml');
      expect(read(genuine.replace('<ds:SignedInfo>', `<ds:SignedInfo>${trick}`)), trick).toBe('xml');
    }
    const section = genuine.replace(genuineName, `<![CDATA[${genuineName}]]>`);
    expect(firstSignatureHolds(section, providerKey.certificate)).toBe(true);
    expect(read(section)).toBe('xml');
  });

  it('unsigned content of the signature, which is no place to read from', () => {
    const attribute =
      '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">2009009999999</saml:NameID>';
    const inKeyInfo = genuine.replace('</ds:KeyInfo>', `${attribute}</ds:KeyInfo>`);
    expect(firstSignatureHolds(inKeyInfo, providerKey.certificate)).toBe(true);
    expect(readAsService(inKeyInfo)).toMatchObject({ identity: { nameId: genuineName } });
    expect(read(genuine.replace('</ds:Signature>', '<ds:Object/></ds:Signature>'))).toBe('shape');
  });
});

describe('namespaces', () => {
  it('mean what they name, not what they are called', () => {
    const renamed = resigned(genuine, (text) =>
      text
        .replaceAll('saml:', 'a:')
        .replaceAll('xmlns:saml=', 'xmlns:a=')
        .replaceAll('samlp:', 'b:')
        .replaceAll('xmlns:samlp=', 'xmlns:b='),
    );
    expect(readAsService(renamed)).toMatchObject({ identity: { nameId: genuineName } });
    const foreign = resigned(genuine, (text) =>
      text.replace('xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"', 'xmlns:saml="urn:x"'),
    );
    expect(read(foreign)).toBe('issuer');
    expect(
      read(resigned(genuine, (text) => text.replace('<saml:NameID ', '<saml:NameID xmlns:saml="urn:x" '))),
    ).toBe('shape');
  });

  it('attributes with a prefix are other attributes', () => {
    const prefixed = (name: string) =>
      read(resigned(genuine, (text) => text.replace(` ${name}="`, ` samlp:${name}="`)));
    expect(prefixed('Destination')).toBe('destination');
    expect(prefixed('Version')).toBe('version');
    expect(prefixed('Recipient')).toBe('recipient');
  });

  it('an undeclared prefix, or an attribute twice, is no XML', () => {
    expect(read(genuine.replace('<samlp:Status>', '<nobody:x/><samlp:Status>'))).toMatch(
      /^(xml|signature-invalid)$/,
    );
    expect(read(genuine.replace(' Version="2.0"', ' Version="2.0" Version="2.0"'))).toBe('xml');
  });
});

describe('text that is no message', () => {
  it.each([
    ['nothing', '', 'base64'],
    ['no base64', '<samlp:Response/>', 'base64'],
    ['base64 with a space', messageField(genuine).replace(/^./, '$& '), 'base64'],
    ['base64 of the URL alphabet', Buffer.from('<a>ÿÿÿ>>></a>').toString('base64url'), 'base64'],
    ['base64 without its end', messageField('<ab/>').replace('=', ''), 'base64'],
    ['base64 with spare bits', `${Buffer.from('<a/>').toString('base64').slice(0, -3)}h==`, 'base64'],
    ['words', messageField('Hello'), 'xml'],
    ['HTML', messageField('<!DOCTYPE html><html><body>Login</body></html>'), 'doctype'],
    ['an element that does not end', messageField(genuine.slice(0, -3)), 'xml'],
    ['two roots', messageField(genuine + genuine), 'xml'],
    ['text after the root', messageField(`${genuine}x`), 'xml'],
    ['UTF-16', Buffer.from(genuine, 'utf16le').toString('base64'), 'xml'],
    ['Latin-1', Buffer.from(genuine.replace('Ion', 'Ioné'), 'latin1').toString('base64'), 'xml'],
    ['another declared encoding', messageField(`<?xml version="1.0" encoding="UTF-7"?>${genuine}`), 'xml'],
    ['XML 1.1', messageField(`<?xml version="1.1"?>${genuine}`), 'xml'],
    ['a NUL', messageField(genuine.replace('Ion', 'I\u0000n')), 'xml'],
    ['a NUL by reference', messageField(genuine.replace('Ion', 'I&#0;n')), 'xml'],
    ['a surrogate by reference', messageField(genuine.replace('Ion', 'I&#xD800;n')), 'xml'],
  ])('%s', (_what, text, reason) => {
    expect(field(text)).toBe(reason);
  });

  it('a message that is too long is not even decoded', () => {
    expect(field('A'.repeat(64 * 1024 + 1))).toBe('size');
    expect(field('A'.repeat(64 * 1024))).not.toBe('size');
    const padded = genuine.replace('<samlp:Status>', `${' '.repeat(60_000)}<samlp:Status>`);
    expect(read(padded)).toBe('size');
  });

  it('deep nesting ends in a refusal, not in an exhausted stack', () => {
    const depth = 5_000;
    expect(read('<a>'.repeat(depth) + '</a>'.repeat(depth))).toBe('xml');
    const inside = '<a>'.repeat(40) + '</a>'.repeat(40);
    expect(read(genuine.replace('<samlp:Status>', `${inside}<samlp:Status>`))).toBe('xml');
  });

  it('a refusal names nothing personal', () => {
    const changed = genuine.replace(genuineName, evilName);
    expect(naiveName(changed, 'the first assertion')).toBe(evilName);
    expect(() => readAsService(changed)).toThrowError(
      expect.objectContaining({ message: expect.not.stringMatching(/200\d|Ion|Țurcanu/) }),
    );
  });
});
