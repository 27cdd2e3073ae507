// @peculiar/x509 needs the Reflect metadata API before it is loaded.
import 'reflect-metadata';
import { type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { SandboxPerson } from '../people.ts';
import {
  holderExtensions,
  holderName,
  issuingName,
  rootName,
  sandboxPolicies,
  serverName,
} from './profiles.ts';

/** A certificate of the authority in both encodings. */
export interface AuthorityCertificate {
  readonly der: Uint8Array;
  readonly pem: string;
}

/** Whom a holder's certificate is for and what for. */
export interface HolderRequest {
  readonly person: SandboxPerson;
  readonly publicKey: KeyObject;
  readonly role: 'authentication' | 'signature';
  /** Default: a month before the authority's `now`. */
  readonly notBefore?: Date;
  /** Default: twelve months after `notBefore`. */
  readonly notAfter?: Date;
  /** Writes subject serialNumber as the bare 13 digits instead of `PNOMD-<IDNP>`. */
  readonly bareIdnp?: boolean;
}

interface Issuer {
  readonly name: x509.Name;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly algorithm: { name: 'ECDSA'; hash: 'SHA-256' | 'SHA-384' };
}

/** `date` moved by calendar years, in UTC, without fractions of a second (X.509 has none). */
function moved(date: Date, by: { years?: number; months?: number }): Date {
  const result = new Date(date);
  result.setUTCMilliseconds(0);
  result.setUTCFullYear(result.getUTCFullYear() + (by.years ?? 0));
  result.setUTCMonth(result.getUTCMonth() + (by.months ?? 0));
  return result;
}

/**
 * The certification authority of the sandbox: a root, an issuing CA and what they sign. Keys are made anew for
 * each authority and live in this process only; all names say SIMULATED.
 */
export class SandboxAuthority {
  /** The authority's idea of the present. */
  readonly now: Date;
  readonly root: AuthorityCertificate;
  readonly issuing: AuthorityCertificate;
  readonly #issuer: Issuer;

  private constructor(now: Date, root: x509.X509Certificate, issuing: x509.X509Certificate, issuer: Issuer) {
    this.now = now;
    this.root = bothEncodings(root);
    this.issuing = bothEncodings(issuing);
    this.#issuer = issuer;
  }

  /** Makes the root (P-384) and the issuing CA (P-256), valid from ten years before `now` to ten years after. */
  static async create(options: { readonly now?: Date } = {}): Promise<SandboxAuthority> {
    const now = options.now ?? new Date();
    const [rootKeys, issuingKeys] = await Promise.all([ecKeys('P-384'), ecKeys('P-256')]);
    const root: Issuer = {
      name: rootName,
      keys: rootKeys,
      algorithm: { name: 'ECDSA', hash: 'SHA-384' },
    };
    const issuer: Issuer = {
      name: issuingName,
      keys: issuingKeys,
      algorithm: { name: 'ECDSA', hash: 'SHA-256' },
    };
    const validity = { notBefore: moved(now, { years: -10 }), notAfter: moved(now, { years: 10 }) };
    const caUsage = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
    const [rootCertificate, issuingCertificate] = await Promise.all([
      issue(root, {
        ...validity,
        subject: rootName,
        publicKey: rootKeys.publicKey,
        extensions: [
          new x509.BasicConstraintsExtension(true, 1, true),
          new x509.KeyUsagesExtension(caUsage, true),
        ],
      }),
      issue(root, {
        ...validity,
        subject: issuingName,
        publicKey: issuingKeys.publicKey,
        extensions: [
          new x509.BasicConstraintsExtension(true, 0, true),
          new x509.KeyUsagesExtension(caUsage, true),
          new x509.CertificatePolicyExtension(Object.values(sandboxPolicies)),
        ],
      }),
    ]);
    return new SandboxAuthority(now, rootCertificate, issuingCertificate, issuer);
  }

  /** Issues the certificate of a holder's key, DER. */
  async issueHolder(request: HolderRequest): Promise<Uint8Array> {
    const notBefore = request.notBefore ?? moved(this.now, { months: -1 });
    const certificate = await issue(this.#issuer, {
      subject: holderName(request.person, request.bareIdnp ?? false),
      publicKey: await publicKeyOf(request.publicKey),
      notBefore,
      notAfter: request.notAfter ?? moved(notBefore, { years: 1 }),
      extensions: [new x509.BasicConstraintsExtension(false), ...holderExtensions(request.role)],
    });
    return new Uint8Array(certificate.rawData);
  }

  /**
   * Issues a TLS server certificate, DER, valid twelve months.
   * @param request `names`: DNS names and IP addresses as text, at least one.
   */
  async issueServer(request: {
    readonly names: readonly string[];
    readonly publicKey: KeyObject;
  }): Promise<Uint8Array> {
    const notBefore = moved(this.now, { months: -1 });
    const certificate = await issue(this.#issuer, {
      subject: serverName,
      publicKey: await publicKeyOf(request.publicKey),
      notBefore,
      notAfter: moved(notBefore, { years: 1 }),
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.CertificatePolicyExtension([sandboxPolicies.server]),
        new x509.SubjectAlternativeNameExtension(
          request.names.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name })),
        ),
      ],
    });
    return new Uint8Array(certificate.rawData);
  }
}

interface CertificateContent {
  readonly subject: x509.Name;
  readonly publicKey: x509.PublicKey | webcrypto.CryptoKey;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly x509.Extension[];
}

async function issue(issuer: Issuer, content: CertificateContent): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create(
    {
      serialNumber: randomSerial(),
      subject: content.subject,
      issuer: issuer.name,
      notBefore: moved(content.notBefore, {}),
      notAfter: moved(content.notAfter, {}),
      publicKey: content.publicKey,
      signingKey: issuer.keys.privateKey,
      signingAlgorithm: issuer.algorithm,
      extensions: [
        ...content.extensions,
        await x509.SubjectKeyIdentifierExtension.create(content.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ],
    },
    webcrypto,
  );
}

/** A positive 16-byte serial number, hexadecimal (RFC 5280 clause 4.1.2.2). */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function ecKeys(namedCurve: 'P-256' | 'P-384'): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, false, ['sign', 'verify']);
}

async function publicKeyOf(key: KeyObject): Promise<x509.PublicKey> {
  return new x509.PublicKey(Uint8Array.from(key.export({ type: 'spki', format: 'der' })));
}

function bothEncodings(certificate: x509.X509Certificate): AuthorityCertificate {
  return { der: new Uint8Array(certificate.rawData), pem: `${certificate.toString('pem')}\n` };
}
