import 'reflect-metadata';
import { createHash, createHmac, createPublicKey, KeyObject, sign, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { certificatePem } from '../../../electron/sandbox/saml/signing.ts';
import { genuineResponse, outcome, readAsService, unsigned } from './exchange.ts';
import { providerKey } from './parties.ts';

/** Signatures made by hand here, with other algorithms than ours, by libxml2 and Node. */

const exc = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const more = 'http://www.w3.org/2001/04/xmldsig-more#';
const rsaSha256 = `${more}rsa-sha256`;
const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

interface Recipe {
  readonly signature?: string;
  readonly digest?: string;
  readonly canonicalisation?: string;
  readonly transforms?: readonly string[];
  /** How many references; the second and later ones repeat the first. */
  readonly references?: number;
  readonly uri?: string;
  readonly make?: (signedInfo: Buffer) => Buffer;
}

const hashes: Readonly<Record<string, string>> = {
  'http://www.w3.org/2000/09/xmldsig#sha1': 'sha1',
  'http://www.w3.org/2001/04/xmldsig-more#md5': 'md5',
  [sha256]: 'sha256',
  [`${more}sha384`]: 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};
const byKey = (hash: string) => (signedInfo: Buffer) => sign(hash, signedInfo, providerKey.privateKey);

/** A genuine response with a signature of this recipe, which holds in its own terms. */
function signedBy(recipe: Recipe): string {
  const body = unsigned(genuineResponse());
  const digestUri = recipe.digest ?? sha256;
  const digest = createHash(hashes[digestUri] ?? 'sha256')
    .update(canonical(body))
    .digest('base64');
  const transforms = (recipe.transforms ?? [enveloped, exc])
    .map((one) => (one.startsWith('<') ? one : `<ds:Transform Algorithm="${one}"/>`))
    .join('');
  const reference =
    `<ds:Reference URI="${recipe.uri ?? '#_response-1'}"><ds:Transforms>${transforms}</ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${digestUri}"/><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`;
  const signedInfo =
    '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">' +
    `<ds:CanonicalizationMethod Algorithm="${recipe.canonicalisation ?? exc}"/>` +
    `<ds:SignatureMethod Algorithm="${recipe.signature ?? rsaSha256}"/>` +
    `${reference.repeat(recipe.references ?? 1)}</ds:SignedInfo>`;
  const value = (recipe.make ?? byKey('sha256'))(Buffer.from(canonical(signedInfo))).toString('base64');
  const signature =
    `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${signedInfo}` +
    `<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
  return body.replace('</saml:Issuer>', `</saml:Issuer>${signature}`);
}

function canonical(xml: string): string {
  using document = XmlDocument.fromString(xml);
  return document.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 });
}

const read = (recipe: Recipe) => outcome(() => readAsService(signedBy(recipe)));

describe('algorithms that are believed', () => {
  it.each([
    ['RSA with SHA-256', {}],
    ['RSA with SHA-384', { signature: `${more}rsa-sha384`, digest: `${more}sha384`, make: byKey('sha384') }],
    [
      'RSA with SHA-512',
      {
        signature: `${more}rsa-sha512`,
        digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
        make: byKey('sha512'),
      },
    ],
  ])('%s', (_what, recipe) => {
    expect(read(recipe)).toBe('taken');
  });

  it('only as they are named', () => {
    expect(read({ make: byKey('sha512') })).toBe('signature-invalid');
    expect(read({ signature: `${more}rsa-sha512` })).toBe('signature-invalid');
  });
});

describe('algorithms that are not', () => {
  const spki = createPublicKey(certificatePem(providerKey.certificate)).export({
    type: 'spki',
    format: 'pem',
  });
  const hmac = (secret: string | Buffer) => (signedInfo: Buffer) =>
    createHmac('sha256', secret).update(signedInfo).digest();

  it.each<[string, Recipe]>([
    ['RSA with SHA-1', { signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', make: byKey('sha1') }],
    ['SHA-1 digests', { digest: 'http://www.w3.org/2000/09/xmldsig#sha1' }],
    ['MD5 digests', { digest: 'http://www.w3.org/2001/04/xmldsig-more#md5' }],
    [
      'HMAC with the public key for its secret',
      { signature: `${more}hmac-sha256`, make: hmac(spki as string) },
    ],
    [
      'HMAC with the certificate for its secret',
      { signature: `${more}hmac-sha256`, make: hmac(Buffer.from(providerKey.certificate)) },
    ],
    [
      'HMAC with SHA-1',
      { signature: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1', make: hmac(spki as string) },
    ],
    ['RSA-PSS', { signature: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1' }],
    ['none', { signature: '' }],
    ['a name with more behind it', { signature: `${rsaSha256}#` }],
    ['inclusive canonicalisation', { canonicalisation: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' }],
    ['canonicalisation with comments', { canonicalisation: `${exc}WithComments` }],
    ['a transform with comments', { transforms: [enveloped, `${exc}WithComments`] }],
    ['transforms in another order', { transforms: [exc, enveloped] }],
    ['no enveloped transform', { transforms: [exc, exc] }],
    ['one transform more', { transforms: [enveloped, exc, exc] }],
    [
      'an XPath transform',
      { transforms: [enveloped, '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>'] },
    ],
    [
      'an XSLT transform',
      { transforms: [enveloped, '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>'] },
    ],
    [
      'a list of prefixes in a transform',
      {
        transforms: [
          enveloped,
          `<ds:Transform Algorithm="${exc}"><InclusiveNamespaces xmlns="${exc}" PrefixList="saml"/></ds:Transform>`,
        ],
      },
    ],
  ])('%s', (_what, recipe) => {
    expect(read(recipe)).toBe('algorithm');
  });

  it('other references than one, to the message, by its ID', () => {
    expect(read({ references: 2 })).toBe('reference');
    expect(read({ uri: '' })).toBe('reference');
    expect(read({ uri: '#' })).toBe('reference');
    expect(read({ uri: '_response-1' })).toBe('reference');
    expect(read({ uri: '#_assertion-1' })).toBe('reference');
    expect(read({ uri: "#xpointer(id('_response-1'))" })).toBe('reference');
    expect(read({ uri: 'https://127.0.0.9/x' })).toBe('reference');
    expect(read({ transforms: [enveloped] })).toBe('shape');
  });

  it('keys that are not RSA, whatever their signature is called', async () => {
    // Node verifies by the key's own kind: without care, ECDSA would pass for RSA.
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const issued = await x509.X509CertificateGenerator.createSelfSigned(
      { keys, name: 'CN=EC', signingAlgorithm: algorithm },
      webcrypto,
    );
    const privateKey = KeyObject.from(keys.privateKey);
    const xml = signedBy({ make: (signedInfo) => sign('sha256', signedInfo, privateKey) });
    const certificates = [new Uint8Array(issued.rawData)];
    expect(outcome(() => readAsService(xml, { certificates }))).toBe('signature-invalid');
  });
});
