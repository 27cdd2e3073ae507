import type { SandboxCa } from './certificate-issuing.ts';

/** Why a certificate was revoked: the names of RFC 5280 clause 5.3.1 with their codes. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

export type RevocationReason = keyof typeof revocationReasons;

/** Code of certificateHold, the reason that says suspended (RFC 5280 clause 5.3.1). */
export const certificateHold = 6;

export type CertificateStatus =
  | { readonly state: 'good' }
  | { readonly state: 'suspended'; readonly since: Date }
  /** `since`: from when the certificate counts for nothing; the beginning of the suspension where there was one. */
  | { readonly state: 'revoked'; readonly since: Date; readonly reason: RevocationReason };

/** One act on a certificate, as the register keeps it. */
export interface StatusChange {
  readonly act: 'suspended' | 'restored' | 'revoked';
  readonly at: Date;
  readonly reason?: RevocationReason;
}

/** Why the register does not do what it was asked. */
export type StatusRefusalReason =
  | 'unknown-certificate'
  | 'expired'
  | 'already-suspended'
  | 'not-suspended'
  | 'revoked';

/** The register refuses a change; nothing has changed. */
export class StatusRefusal extends Error {
  readonly reason: StatusRefusalReason;

  constructor(reason: StatusRefusalReason) {
    super(`the register refuses: ${reason}`);
    this.name = 'StatusRefusal';
    this.reason = reason;
  }
}

/** A certificate as it is entered. */
export interface IssuedCertificate {
  /** Hexadecimal; letter case and leading zeros do not matter. */
  readonly serialNumber: string;
  readonly ca: SandboxCa;
  readonly notAfter: Date;
}

interface Entry extends IssuedCertificate {
  status: CertificateStatus;
  readonly changes: StatusChange[];
}

/** A certificate that is not good, as CRLs list it. */
export interface ListedCertificate {
  readonly serialNumber: string;
  readonly status: Exclude<CertificateStatus, { state: 'good' }>;
}

/** One spelling for a serial number: upper case, whole bytes, no leading zero byte. */
function key(serialNumber: string): string {
  const digits = serialNumber.toUpperCase().replace(/^0+(?=.)/, '');
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

/**
 * What the authority has issued, and what became of it: `good → suspended → {good, revoked}`, `good → revoked`.
 * Revoked is final. An expired certificate changes no more: the published rules contradict each other about
 * restoring one, and a register that refuses is the one that surprises nobody.
 */
export class StatusRegister {
  readonly #clock: () => Date;
  readonly #entries = new Map<string, Entry>();
  #revision = 0;

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /** Grows with every change of a status: what was made at the same revision still holds. */
  get revision(): number {
    return this.#revision;
  }

  /** Enters a new certificate, good. */
  enter(certificate: IssuedCertificate): void {
    const serialNumber = key(certificate.serialNumber);
    this.#entries.set(serialNumber, {
      ...certificate,
      serialNumber,
      status: { state: 'good' },
      changes: [],
    });
  }

  /** The status of a certificate; undefined for one that this CA (or, without `ca`, the authority) never issued. */
  status(serialNumber: string, ca?: SandboxCa): CertificateStatus | undefined {
    const entry = this.#entries.get(key(serialNumber));
    return entry === undefined || (ca !== undefined && entry.ca !== ca) ? undefined : entry.status;
  }

  /** What was done to a certificate so far, oldest first. @throws StatusRefusal `unknown-certificate` */
  history(serialNumber: string): readonly StatusChange[] {
    return [...this.#entry(serialNumber).changes];
  }

  /** All certificates of a CA that are suspended or revoked. */
  listed(ca: SandboxCa): readonly ListedCertificate[] {
    const found: ListedCertificate[] = [];
    for (const { serialNumber, status, ca: issuer } of this.#entries.values()) {
      if (issuer === ca && status.state !== 'good') found.push({ serialNumber, status });
    }
    return found;
  }

  /** Suspends a good certificate. @throws StatusRefusal */
  suspend(serialNumber: string): void {
    const entry = this.#changeable(serialNumber);
    if (entry.status.state === 'suspended') throw new StatusRefusal('already-suspended');
    const at = this.#clock();
    this.#change(entry, { state: 'suspended', since: at }, { act: 'suspended', at });
  }

  /** Makes a suspended certificate good again. @throws StatusRefusal */
  restore(serialNumber: string): void {
    const entry = this.#changeable(serialNumber);
    if (entry.status.state !== 'suspended') throw new StatusRefusal('not-suspended');
    this.#change(entry, { state: 'good' }, { act: 'restored', at: this.#clock() });
  }

  /**
   * Revokes a good or suspended certificate for ever. A suspended one counts as revoked since its suspension, as
   * ITU-T X.509 wants it of a hold that ends so: nothing signed in between becomes good.
   * @throws StatusRefusal
   */
  revoke(serialNumber: string, reason: RevocationReason = 'unspecified'): void {
    const entry = this.#changeable(serialNumber);
    const at = this.#clock();
    const since = entry.status.state === 'suspended' ? entry.status.since : at;
    this.#change(entry, { state: 'revoked', since, reason }, { act: 'revoked', at, reason });
  }

  #entry(serialNumber: string): Entry {
    const entry = this.#entries.get(key(serialNumber));
    if (entry === undefined) throw new StatusRefusal('unknown-certificate');
    return entry;
  }

  #changeable(serialNumber: string): Entry {
    const entry = this.#entry(serialNumber);
    if (entry.status.state === 'revoked') throw new StatusRefusal('revoked');
    if (this.#clock() > entry.notAfter) throw new StatusRefusal('expired');
    return entry;
  }

  #change(entry: Entry, status: CertificateStatus, change: StatusChange): void {
    entry.status = status;
    entry.changes.push(change);
    this.#revision += 1;
  }
}
