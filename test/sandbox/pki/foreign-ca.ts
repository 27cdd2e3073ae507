// @peculiar/x509 needs the Reflect metadata API before it is loaded.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as x509 from '@peculiar/x509';
import { askJudgeToAccept } from '../../rig/judges/judge.ts';

/** A key with its certificate. */
export interface ForeignSigner {
  /** PKCS #8, PEM. */
  readonly key: string;
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** What makes a responder's certificate an odd one. */
export interface ForeignProfile {
  readonly issuer?: ForeignSigner;
  readonly extensions?: readonly x509.Extension[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly rsa?: boolean;
  readonly subject?: string;
}

const noCheck = new x509.Extension('1.3.6.1.5.5.7.48.1.5', false, Uint8Array.of(5, 0));
const days = (count: number): Date => new Date(Date.now() + count * 86_400_000);

/** The extensions that a delegated responder has. */
export const responderExtensions: readonly x509.Extension[] = [
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
  new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.ocspSigning]),
  noCheck,
];

/** Makes a CA of the test's own, nothing to do with the sandbox's. */
export async function foreignCa(): Promise<ForeignSigner> {
  const ca = await keyPair(false);
  const usage = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '0101',
      name: 'CN=SIMULATED foreign CA',
      notBefore: days(-10),
      notAfter: days(10),
      keys: ca,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(usage, true),
      ],
    },
    webcrypto,
  );
  return { key: await pem(ca), certificate, keys: ca };
}

/** Issues a certificate below a CA. */
export async function foreignCertificate(ca: ForeignSigner, profile: ForeignProfile): Promise<ForeignSigner> {
  const issuer = profile.issuer ?? ca;
  const keys = await keyPair(profile.rsa ?? false);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8)).fill(0x21, 0, 1)).toString(
        'hex',
      ),
      subject: profile.subject ?? 'CN=SIMULATED foreign responder',
      issuer: issuer.certificate.subjectName,
      notBefore: profile.notBefore ?? days(-1),
      notAfter: profile.notAfter ?? days(1),
      publicKey: keys.publicKey,
      signingKey: issuer.keys.privateKey,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [...(profile.extensions ?? responderExtensions)],
    },
    webcrypto,
  );
  return { key: await pem(keys), certificate, keys };
}

/** An OCSP responder on loopback whose answers `openssl ocsp` makes. */
export class ForeignResponder {
  readonly #server: Server;
  readonly #ca: ForeignSigner;
  /** Who signs the next answers. */
  signer: ForeignSigner;
  /** More options of `openssl ocsp`, such as `-resp_key_id`. */
  options: readonly string[] = [];
  /** Lines of the CA's index, as `openssl ca` writes them. */
  readonly index: string[] = [];
  url = '';

  constructor(ca: ForeignSigner) {
    this.#ca = ca;
    this.signer = ca;
    this.#server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      const answer = await this.#answer(Buffer.concat(parts));
      response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(answer);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Issues a holder's certificate that names this responder, and enters it in the index. */
  async holder(status: 'V' | 'R' | 'R,certificateHold' | 'R,superseded' | 'none'): Promise<Uint8Array> {
    const { certificate } = await foreignCertificate(this.#ca, {
      subject: 'CN=SIMULATED foreign holder',
      extensions: [new x509.AuthorityInfoAccessExtension({ ocsp: `${this.url}/` })],
    });
    const serial = certificate.serialNumber.toUpperCase();
    const [state, reason] = status.split(',');
    const revoked = state === 'R' ? `250101000000Z${reason === undefined ? '' : `,${reason}`}` : '';
    if (state !== 'none') {
      this.index.push(
        `${state}\t491231235959Z\t${revoked}\t${serial}\tunknown\t/CN=SIMULATED foreign holder`,
      );
    }
    return new Uint8Array(certificate.rawData);
  }

  async #answer(request: Uint8Array): Promise<Buffer> {
    const verdict = await askJudgeToAccept(
      'openssl',
      [
        ...['ocsp', '-index', 'index', '-CA', 'ca', '-rsigner', 'signer', '-rkey', 'key'],
        ...['-reqin', 'request', '-respout', 'response', '-nmin', '5', ...this.options],
      ],
      {
        files: {
          index: this.index.map((line) => `${line}\n`).join(''),
          ca: this.#ca.certificate.toString('pem'),
          signer: this.signer.certificate.toString('pem'),
          key: this.signer.key,
          request,
        },
        produces: 'response',
      },
    );
    return verdict.produced;
  }
}

function keyPair(rsa: boolean): Promise<webcrypto.CryptoKeyPair> {
  const algorithm = rsa
    ? {
        name: 'RSASSA-PKCS1-v1_5',
        modulusLength: 2048,
        publicExponent: Uint8Array.of(1, 0, 1),
        hash: 'SHA-256',
      }
    : { name: 'ECDSA', namedCurve: 'P-256' };
  return webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

async function pem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}
