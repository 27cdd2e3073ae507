import { createHash, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import type { Element } from '@xmldom/xmldom';
import { createOptionalCallbackFunction, SignedXml } from 'xml-crypto';
import { algorithms, namespaces } from '../names.ts';
import { attribute, Children, demandAttribute, demandText, textOf } from './element.ts';
import { demand, SamlRefused } from './refused.ts';
import { parseXml } from './xml.ts';

type Algorithms = SignedXml['SignatureAlgorithms'];
type Digests = SignedXml['HashAlgorithms'];

const more = 'http://www.w3.org/2001/04/xmldsig-more#';
const encryption = 'http://www.w3.org/2001/04/xmlenc#';
/** The only algorithms that are believed, by their names: RSASSA-PKCS1-v1_5 with SHA-2, and SHA-2 digests. */
const signatureAlgorithms: Algorithms = {
  [algorithms.rsaSha256]: rsa('sha256', algorithms.rsaSha256),
  [`${more}rsa-sha384`]: rsa('sha384', `${more}rsa-sha384`),
  [`${more}rsa-sha512`]: rsa('sha512', `${more}rsa-sha512`),
};
const digestAlgorithms: Digests = {
  [algorithms.sha256]: digest('sha256', algorithms.sha256),
  [`${more}sha384`]: digest('sha384', `${more}sha384`),
  [`${encryption}sha512`]: digest('sha512', `${encryption}sha512`),
};
const mostKeyInfoCharacters = 16_384;

/**
 * Verifies that a message is signed as a whole by one of the keys, and returns what was signed.
 *
 * There must be one signature in the whole document, a child of the root, with one reference, to the root, by its
 * ID. Only then wrapping has no place: nothing of the document is outside of what was signed but the signature.
 * @param text the message
 * @param root the same, parsed
 * @param certificates whose keys are believed, DER; KeyInfo is not
 * @returns the root of a new document, parsed from the canonical bytes that the signature covers
 * @throws SamlRefused signature-missing, reference, algorithm, signature-invalid, wrong-key
 */
export function signedRoot(text: string, root: Element, certificates: readonly Uint8Array[]): Element {
  const signature = theSignature(root);
  const parts = checkShape(signature, demandAttribute(root, 'ID'));
  checkUniqueIds(root);
  const trusted = certificates.map((der) => new X509Certificate(der));
  for (const { publicKey } of trusted) {
    if (publicKey.asymmetricKeyType !== 'rsa') continue;
    const canonical = verifiedBytes(text, signature, publicKey);
    if (canonical === undefined) continue;
    return parseXml(canonical);
  }
  const named = parts.certificate;
  const known = named === undefined || trusted.some((one) => one.raw.toString('base64') === named);
  throw new SamlRefused(known ? 'signature-invalid' : 'wrong-key', 'no trusted key made this signature');
}

/** The one signature, which is a child of the root. */
function theSignature(root: Element): Element {
  const all = Array.from(root.getElementsByTagNameNS(namespaces.signature, 'Signature'));
  const [signature] = all;
  demand(signature !== undefined, 'signature-missing', 'not signed');
  demand(all.length === 1, 'reference', 'more than one signature');
  demand(signature.parentNode === root, 'reference', 'the signature is not that of the message');
  return signature;
}

/** Holds the signature to one shape (XML Signature 4, saml-core 5.4). */
function checkShape(signature: Element, rootId: string): { readonly certificate: string | undefined } {
  const ds = namespaces.signature;
  const parts = new Children(signature);
  const signedInfo = new Children(parts.one(ds, 'SignedInfo'));
  const value = textOf(parts.one(ds, 'SignatureValue'));
  demand(/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(value), 'shape', 'the signature value is not base64');
  const keyInfo = parts.optional(ds, 'KeyInfo');
  parts.end();

  demandAlgorithm(signedInfo.one(ds, 'CanonicalizationMethod'), [algorithms.excC14n]);
  demandAlgorithm(signedInfo.one(ds, 'SignatureMethod'), Object.keys(signatureAlgorithms));
  const reference = signedInfo.one(ds, 'Reference');
  demand(signedInfo.optional(ds, 'Reference') === undefined, 'reference', 'more than one reference');
  signedInfo.end();

  demand(
    attribute(reference, 'URI') === `#${rootId}`,
    'reference',
    'something else than the message is signed',
  );
  const inside = new Children(reference);
  const transforms = new Children(inside.one(ds, 'Transforms'));
  demandAlgorithm(transforms.one(ds, 'Transform'), [algorithms.enveloped]);
  demandAlgorithm(transforms.one(ds, 'Transform'), [algorithms.excC14n]);
  demand(transforms.optional(ds, 'Transform') === undefined, 'algorithm', 'more transforms than two');
  transforms.end();
  demandAlgorithm(inside.one(ds, 'DigestMethod'), Object.keys(digestAlgorithms));
  demandText(inside.one(ds, 'DigestValue'), 128);
  inside.end();
  return { certificate: keyInfo && namedCertificate(keyInfo) };
}

function demandAlgorithm(element: Element, names: readonly string[]): void {
  const exact = names.includes(attribute(element, 'Algorithm') ?? '') && element.childNodes.length === 0;
  demand(exact, 'algorithm', `${element.localName} is not one that is taken`);
}

/** The certificate that the signature names, base64; good for telling why it was refused, and nothing else. */
function namedCertificate(keyInfo: Element): string | undefined {
  const [certificate] = Array.from(keyInfo.getElementsByTagNameNS(namespaces.signature, 'X509Certificate'));
  const text = certificate?.textContent?.replace(/\s/g, '');
  return text !== undefined && text.length <= mostKeyInfoCharacters ? text : undefined;
}

/** No two elements may share an ID, whatever the attribute's prefix or capitals. */
function checkUniqueIds(root: Element): void {
  const seen = new Set<string>();
  for (const one of [root, ...Array.from(root.getElementsByTagName('*'))]) {
    for (const { localName, name, value } of Array.from(one.attributes)) {
      if ((localName ?? name).toLowerCase() !== 'id') continue;
      demand(!seen.has(value), 'reference', 'two elements have the same ID');
      seen.add(value);
    }
  }
}

/** The canonical text that was signed; undefined when the key did not make the signature. */
function verifiedBytes(text: string, signature: Element, publicKey: KeyObject): string | undefined {
  const verifier = new SignedXml({ publicCert: publicKey, getCertFromKeyInfo: () => null });
  verifier.idAttributes = ['ID'];
  verifier.SignatureAlgorithms = signatureAlgorithms;
  verifier.HashAlgorithms = digestAlgorithms;
  const { [algorithms.excC14n]: excC14n, [algorithms.enveloped]: enveloped } =
    verifier.CanonicalizationAlgorithms;
  if (!excC14n || !enveloped) throw new Error('xml-crypto lacks an algorithm');
  verifier.CanonicalizationAlgorithms = {
    [algorithms.excC14n]: excC14n,
    [algorithms.enveloped]: enveloped,
  };
  let holds: boolean;
  try {
    verifier.loadSignature(signature);
    holds = verifier.checkSignature(text);
  } catch {
    // How it says that the signature value is not of this key.
    return undefined;
  }
  demand(holds, 'signature-invalid', 'the message was changed after it was signed');
  return verifier.getSignedReferences()[0];
}

function rsa(hash: string, name: string): Algorithms[string] {
  return class {
    getSignature = createOptionalCallbackFunction((material: string, key: KeyObject): string =>
      sign(hash, Buffer.from(material), key).toString('base64'),
    ) as InstanceType<Algorithms[string]>['getSignature'];
    verifySignature = createOptionalCallbackFunction(
      (material: string, key: KeyObject, value: string): boolean =>
        verify(hash, Buffer.from(material), key, Buffer.from(value, 'base64')),
    ) as InstanceType<Algorithms[string]>['verifySignature'];
    getAlgorithmName = (): string => name;
  };
}

function digest(hash: string, name: string): Digests[string] {
  return class {
    getHash = (xml: string): string => createHash(hash).update(xml, 'utf8').digest('base64');
    getAlgorithmName = (): string => name;
  };
}
