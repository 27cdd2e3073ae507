// @peculiar/x509 needs the Reflect metadata API before it is loaded.
import 'reflect-metadata';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** The key with which a provider or a service signs its SAML messages: RSA, 2048 bits or more. */
export interface SamlKey {
  readonly privateKey: KeyObject;
  /** DER of its self-signed or issued certificate. */
  readonly certificate: Uint8Array;
}

const signing = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/**
 * Makes a key with a self-signed certificate, good from a day before `now` to ten years after.
 * @param commonName whose key it is; the certificate says SIMULATED beside it
 */
export async function createSamlKey(
  commonName: string,
  options: { readonly now?: Date; readonly bits?: 2048 | 3072 } = {},
): Promise<SamlKey> {
  const start = (options.now ?? new Date()).getTime();
  const keys = await webcrypto.subtle.generateKey(
    { ...signing, modulusLength: options.bits ?? 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  );
  const day = 86_400_000;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      // RFC 5280, 4.1.2.2: positive, at most 20 bytes.
      serialNumber: `40${randomBytes(15).toString('hex')}`,
      name: new x509.Name([{ CN: [commonName] }, { O: ['SIMULATED'] }]),
      notBefore: new Date(start - day),
      notAfter: new Date(start + 3652 * day),
      keys,
      signingAlgorithm: signing,
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      ],
    },
    webcrypto,
  );
  return {
    privateKey: KeyObject.from(keys.privateKey),
    certificate: new Uint8Array(certificate.rawData),
  };
}
