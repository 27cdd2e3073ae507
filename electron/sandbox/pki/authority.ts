// @peculiar/x509 needs the Reflect metadata API before it is loaded.
import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { SandboxPerson } from '../people.ts';
import {
  type CertificateContent,
  type CertificateIssuer,
  ecKeys,
  issueCertificate,
  moved,
  publicKeyOf,
  type SandboxCa,
} from './certificate-issuing.ts';
import {
  holderExtensions,
  holderName,
  issuingName,
  ocspSignerExtensions,
  ocspSignerName,
  rootName,
  sandboxPolicies,
  serverName,
  timestampSignerExtensions,
  timestampSignerName,
} from './profiles.ts';
import { checkedPkiUrl, publicationExtensions } from './publication.ts';
import { StatusRegister } from './status-register.ts';

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

export interface AuthorityOptions {
  /** The present at creation; default: what `clock` says. */
  readonly now?: Date;
  /** Default: the machine's clock, or one that runs on from `now` where that is given. */
  readonly clock?: () => Date;
  /** Base address where status and certificates are published (`SandboxPki`); without it certificates name none. */
  readonly pkiUrl?: string;
}

/** How long a published list is handed out before it is signed anew, in milliseconds. */
const listAgeMs = 60 * 60 * 1000;

/** A list that was signed, with what it was made from. */
interface SignedList {
  readonly der: Promise<Uint8Array>;
  readonly revision: number;
  readonly made: Date;
}

/**
 * The certification authority of the sandbox: a root, an issuing CA and what they sign. Keys are made anew for
 * each authority and live in this process only; all names say SIMULATED.
 */
export class SandboxAuthority {
  /** The authority's idea of the present when it was made. */
  readonly now: Date;
  /** The authority's idea of the present. */
  readonly clock: () => Date;
  readonly root: AuthorityCertificate;
  readonly issuing: AuthorityCertificate;
  /** Base address of what is published; undefined where nothing is. */
  readonly pkiUrl: string | undefined;
  /** What was issued, and its status. */
  readonly register: StatusRegister;
  readonly #issuers: Readonly<Record<SandboxCa, CertificateIssuer>>;
  readonly #lists = new Map<SandboxCa, SignedList>();
  #listNumber = 0;

  private constructor(
    options: { readonly now: Date; readonly clock: () => Date; readonly pkiUrl: string | undefined },
    certificates: Readonly<Record<SandboxCa, x509.X509Certificate>>,
    issuers: Readonly<Record<SandboxCa, CertificateIssuer>>,
  ) {
    this.now = options.now;
    this.clock = options.clock;
    this.pkiUrl = options.pkiUrl;
    this.root = bothEncodings(certificates.root);
    this.issuing = bothEncodings(certificates.issuing);
    this.register = new StatusRegister(options.clock);
    this.#enter('root', certificates.issuing);
    this.#issuers = issuers;
  }

  /**
   * Makes the root (P-384) and the issuing CA (P-256), valid from ten years before `now` to ten years after.
   * @throws RangeError for a `pkiUrl` that is not a base address on loopback
   */
  static async create(options: AuthorityOptions = {}): Promise<SandboxAuthority> {
    const now = options.now ?? options.clock?.() ?? new Date();
    const clock = options.clock ?? (options.now === undefined ? () => new Date() : runningFrom(now));
    const pkiUrl = options.pkiUrl === undefined ? undefined : checkedPkiUrl(options.pkiUrl);
    const [rootKeys, issuingKeys] = await Promise.all([ecKeys('P-384'), ecKeys('P-256')]);
    const root: CertificateIssuer = {
      name: rootName,
      keys: rootKeys,
      algorithm: { name: 'ECDSA', hash: 'SHA-384' },
    };
    const issuing: CertificateIssuer = {
      name: issuingName,
      keys: issuingKeys,
      algorithm: { name: 'ECDSA', hash: 'SHA-256' },
    };
    const validity = { notBefore: moved(now, { years: -10 }), notAfter: moved(now, { years: 10 }) };
    const caUsage = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
    const [rootCertificate, issuingCertificate] = await Promise.all([
      issueCertificate(root, {
        ...validity,
        subject: rootName,
        publicKey: rootKeys.publicKey,
        extensions: [
          new x509.BasicConstraintsExtension(true, 1, true),
          new x509.KeyUsagesExtension(caUsage, true),
        ],
      }),
      issueCertificate(root, {
        ...validity,
        subject: issuingName,
        publicKey: issuingKeys.publicKey,
        extensions: [
          new x509.BasicConstraintsExtension(true, 0, true),
          new x509.KeyUsagesExtension(caUsage, true),
          new x509.CertificatePolicyExtension([
            sandboxPolicies.authentication,
            sandboxPolicies.signature,
            sandboxPolicies.server,
          ]),
          ...publicationExtensions(pkiUrl, 'root'),
        ],
      }),
    ]);
    return new SandboxAuthority(
      { now, clock, pkiUrl },
      { root: rootCertificate, issuing: issuingCertificate },
      { root, issuing },
    );
  }

  /** Issues the certificate of a holder's key, DER. */
  issueHolder(request: HolderRequest): Promise<Uint8Array> {
    const notBefore = request.notBefore ?? moved(this.now, { months: -1 });
    return this.#issue('issuing', {
      subject: holderName(request.person, request.bareIdnp ?? false),
      publicKey: publicKeyOf(request.publicKey),
      notBefore,
      notAfter: request.notAfter ?? moved(notBefore, { years: 1 }),
      extensions: [
        new x509.BasicConstraintsExtension(false),
        ...holderExtensions(request.role),
        ...publicationExtensions(this.pkiUrl, 'issuing'),
      ],
    });
  }

  /**
   * Issues a TLS server certificate, DER, valid twelve months.
   * @param request `names`: DNS names and IP addresses as text, at least one.
   */
  issueServer(request: {
    readonly names: readonly string[];
    readonly publicKey: KeyObject;
  }): Promise<Uint8Array> {
    const notBefore = moved(this.now, { months: -1 });
    return this.#issue('issuing', {
      subject: serverName,
      publicKey: publicKeyOf(request.publicKey),
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
        ...publicationExtensions(this.pkiUrl, 'issuing'),
      ],
    });
  }

  /**
   * Issues the certificate of a delegated OCSP responder (RFC 6960 clause 4.2.2.2), DER. It names no place to ask
   * about itself.
   * @param request `ca`: whose certificates it answers for. Default validity: a day before now, for thirty days.
   *   `noCheck` (default true): id-pkix-ocsp-nocheck, so that nobody asks further.
   */
  issueOcspSigner(request: {
    readonly ca: SandboxCa;
    readonly publicKey: KeyObject;
    readonly notBefore?: Date;
    readonly notAfter?: Date;
    readonly noCheck?: boolean;
  }): Promise<Uint8Array> {
    const notBefore = request.notBefore ?? moved(this.clock(), { days: -1 });
    return this.#issue(request.ca, {
      subject: ocspSignerName(request.ca),
      publicKey: publicKeyOf(request.publicKey),
      notBefore,
      notAfter: request.notAfter ?? moved(notBefore, { days: 30 }),
      extensions: [
        new x509.BasicConstraintsExtension(false),
        ...ocspSignerExtensions(request.noCheck ?? true),
      ],
    });
  }

  /** Issues the certificate of a time-stamping authority below the root (RFC 3161 clause 2.3), DER, five years. */
  issueTimestampSigner(request: { readonly publicKey: KeyObject }): Promise<Uint8Array> {
    const notBefore = moved(this.clock(), { days: -1 });
    return this.#issue('root', {
      subject: timestampSignerName,
      publicKey: publicKeyOf(request.publicKey),
      notBefore,
      notAfter: moved(notBefore, { years: 5 }),
      extensions: [
        new x509.BasicConstraintsExtension(false),
        ...timestampSignerExtensions(),
        ...publicationExtensions(this.pkiUrl, 'root'),
      ],
    });
  }

  /** The certificate of a CA. */
  certificateOf(ca: SandboxCa): AuthorityCertificate {
    return ca === 'root' ? this.root : this.issuing;
  }

  /** The CA's present revocation list, DER. It is signed anew when a status has changed, and every hour. */
  revocationList(ca: SandboxCa): Promise<Uint8Array> {
    const { revision } = this.register;
    const made = this.clock();
    const last = this.#lists.get(ca);
    if (last?.revision === revision && made.getTime() - last.made.getTime() < listAgeMs) return last.der;
    this.#listNumber += 1;
    const content = { listed: this.register.listed(ca), number: this.#listNumber, thisUpdate: made };
    // Loaded by who wants a list: most runs of a sandbox do not.
    const der = import('./revocation-list.ts').then(({ signRevocationList }) =>
      signRevocationList(this.#issuers[ca], content),
    );
    this.#lists.set(ca, { der, revision, made });
    return der;
  }

  async #issue(ca: SandboxCa, content: CertificateContent): Promise<Uint8Array> {
    const certificate = await issueCertificate(this.#issuers[ca], content);
    this.#enter(ca, certificate);
    return new Uint8Array(certificate.rawData);
  }

  #enter(ca: SandboxCa, { serialNumber, notAfter }: x509.X509Certificate): void {
    this.register.enter({ serialNumber, ca, notAfter });
  }
}

/** A clock that shows `start` now and runs on. */
function runningFrom(start: Date): () => Date {
  const offset = start.getTime() - Date.now();
  return () => new Date(Date.now() + offset);
}

function bothEncodings(certificate: x509.X509Certificate): AuthorityCertificate {
  return { der: new Uint8Array(certificate.rawData), pem: `${certificate.toString('pem')}\n` };
}
