import { SignedXml } from 'xml-crypto';
import type { SamlKey } from './keys.ts';
import { algorithms } from './names.ts';

/** A DER certificate in PEM. */
export function certificatePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/**
 * Signs a SAML message as a whole (saml-core 5.4): enveloped signature after the Issuer, RSA-SHA256, exclusive
 * canonicalisation, one reference to the root's ID, the certificate in KeyInfo.
 * @param xml the message, whose root has an `ID` and an Issuer as first child
 * @returns the signed message
 */
export function signMessage(xml: string, key: SamlKey): string {
  const signature = new SignedXml({
    privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicCert: certificatePem(key.certificate),
    signatureAlgorithm: algorithms.rsaSha256,
    canonicalizationAlgorithm: algorithms.excC14n,
  });
  signature.addReference({
    xpath: '/*',
    digestAlgorithm: algorithms.sha256,
    transforms: [algorithms.enveloped, algorithms.excC14n],
  });
  signature.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: "/*/*[local-name(.)='Issuer']", action: 'after' },
  });
  return signature.getSignedXml();
}
