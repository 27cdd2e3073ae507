import { createHash, verify, X509Certificate } from 'node:crypto';
import { XmlC14NMode, XmlDocument, type XmlElement } from 'libxml2-wasm';

/**
 * A second verifier of XML signatures that shares nothing with the first: libxml2 and Node's crypto. It does what
 * many did: it looks whether the document's first signature holds over what it refers to, wherever that stands.
 */

const names = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  samlp: 'urn:oasis:names:tc:SAML:2.0:protocol',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
};
const exclusive = { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 };

/** Whether the document's first signature (RSA-SHA256 over SHA-256) was made by this certificate's key. */
export function firstSignatureHolds(xml: string, certificate: Uint8Array): boolean {
  using document = XmlDocument.fromString(xml);
  const signature = document.get('//ds:Signature', names) as XmlElement | null;
  if (signature === null) return false;
  const text = (path: string): string => signature.get(path, names)?.content.trim() ?? '';
  const id = text('ds:SignedInfo/ds:Reference/@URI').slice(1);
  const value = text('ds:SignatureValue');
  const target = document.get(`//*[@ID='${id}']`, names) as XmlElement | null;
  const signedInfo = signature.get('ds:SignedInfo', names) as XmlElement | null;
  if (target === null || signedInfo === null) return false;

  using copy = XmlDocument.fromString(target.canonicalizeToString(exclusive));
  for (const own of copy.find(`/*/ds:Signature`, names)) {
    if (own.get('ds:SignatureValue', names)?.content.trim() === value) own.remove();
  }
  const digest = createHash('sha256').update(copy.canonicalizeToString(exclusive)).digest('base64');
  return (
    digest === text('ds:SignedInfo/ds:Reference/ds:DigestValue') &&
    verify(
      'sha256',
      Buffer.from(signedInfo.canonicalizeToString(exclusive)),
      new X509Certificate(certificate).publicKey,
      Buffer.from(value, 'base64'),
    )
  );
}

/** Where a service that does not tie reading to verifying may look for the name of the user. */
export const naivePlaces = {
  'the assertion in the root': '/samlp:Response/saml:Assertion/saml:Subject/saml:NameID',
  'the first assertion': '(//saml:Assertion)[1]/saml:Subject/saml:NameID',
  'the last assertion': '(//saml:Assertion)[last()]/saml:Subject/saml:NameID',
} as const;

/** What such a service reads. */
export function naiveName(xml: string, place: keyof typeof naivePlaces): string | undefined {
  using document = XmlDocument.fromString(xml);
  return document.get(naivePlaces[place], names)?.content;
}
