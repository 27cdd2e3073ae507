/** An application of the card as EF.DIR names it, or as it answered to SELECT (ISO 7816-4, 12.2.3; ISO 7816-15). */
export interface Pkcs15Application {
  /** Application identifier, 1 to 16 bytes; undefined when EF.DIR gave a path only. */
  readonly aid: Uint8Array | undefined;
  /** Application label of EF.DIR, or ''. */
  readonly label: string;
  /** Absolute path of the application's DF, beginning 3F00; undefined when only the AID is known. */
  readonly path: Uint8Array | undefined;
}

/** A Path of ISO 7816-15: a file, or a part of it. */
export interface Pkcs15Path {
  /** File identifiers, two bytes each; absolute when it begins with 3F00, else from the application's DF. */
  readonly file: Uint8Array;
  /** First byte inside the file. */
  readonly index: number | undefined;
  /** Bytes from `index` on. */
  readonly length: number | undefined;
}

/** EF.TokenInfo. The serial number is personal data as far as logs are concerned. */
export interface Pkcs15TokenInfo {
  readonly version: number;
  /** Lower-case hex, '' when missing. */
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly label: string;
  readonly flags: {
    readonly readOnly: boolean;
    readonly authenticationRequired: boolean;
    readonly prnGeneration: boolean;
  };
  readonly algorithms: readonly Pkcs15Algorithm[];
}

/** AlgorithmInfo of EF.TokenInfo: what a key may be asked to do and by which reference. */
export interface Pkcs15Algorithm {
  /** What `algReference` of a key points to. */
  readonly reference: number;
  /** PKCS#11 mechanism (CKM_…). */
  readonly mechanism: number;
  /** Algorithm reference for MANAGE SECURITY ENVIRONMENT, when given. */
  readonly cardReference: number | undefined;
}

/** pwdType of ISO 7816-15, 8.9.2. */
export type Pkcs15PinType = 'bcd' | 'ascii-numeric' | 'utf8' | 'half-nibble-bcd' | 'iso9564-1';

/** A password object of the AODF. */
export interface Pkcs15Pin {
  readonly label: string;
  /** Lower-case hex; what keys name in their `authId`. */
  readonly authId: string | undefined;
  /** authId of the object that guards this one: usually the PUK. */
  readonly guardedBy: string | undefined;
  readonly flags: {
    readonly caseSensitive: boolean;
    readonly local: boolean;
    readonly changeDisabled: boolean;
    readonly unblockDisabled: boolean;
    readonly initialized: boolean;
    readonly needsPadding: boolean;
    readonly unblockingPin: boolean;
    readonly soPin: boolean;
    readonly disableAllowed: boolean;
    readonly integrityProtected: boolean;
    readonly confidentialityProtected: boolean;
    readonly exchangeReferenceData: boolean;
  };
  /** It unblocks another PIN: by its flag, or because that PIN names it as its guard. */
  readonly unblocks: boolean;
  readonly type: Pkcs15PinType;
  /** Characters. */
  readonly minLength: number;
  /** Bytes on the card. */
  readonly storedLength: number;
  /** Characters; the stored length when the card does not say. */
  readonly maxLength: number;
  /** P2 of VERIFY, one byte. */
  readonly reference: number;
  readonly padByte: number | undefined;
  /** The DF in which the PIN is valid. */
  readonly path: Pkcs15Path | undefined;
}

/** keyUsageFlags of ISO 7816-15, 8.6.2. */
export interface Pkcs15KeyUsage {
  readonly encipher: boolean;
  readonly decipher: boolean;
  readonly sign: boolean;
  readonly signRecover: boolean;
  readonly keyEncipher: boolean;
  readonly keyDecipher: boolean;
  readonly verify: boolean;
  readonly verifyRecover: boolean;
  readonly derive: boolean;
  readonly nonRepudiation: boolean;
}

/** A private key object of the PrKDF. */
export interface Pkcs15Key {
  readonly label: string;
  /** Lower-case hex of the iD; the certificate with the same one belongs to it. */
  readonly id: string;
  /** authId of the PIN that guards it; undefined when it needs none. */
  readonly authId: string | undefined;
  /** How many operations one PIN entry allows; undefined when there is no limit. */
  readonly userConsent: number | undefined;
  readonly type: 'rsa' | 'ec';
  readonly usage: Pkcs15KeyUsage;
  /** Unsigned, up to two bytes. */
  readonly keyReference: number | undefined;
  readonly algorithmReferences: readonly number[];
  readonly path: Pkcs15Path | undefined;
  /** Bits; RSA only. */
  readonly modulusLength: number | undefined;
  /** Bits; EC only, when the card says it. */
  readonly fieldSize: number | undefined;
}

/** An X.509 certificate object of the CDF. */
export interface Pkcs15Certificate {
  readonly label: string;
  /** Lower-case hex of the iD. */
  readonly id: string;
  /** A certificate of an authority, not of the holder. */
  readonly authority: boolean;
  /** authId of the PIN without which it cannot be read. */
  readonly authId: string | undefined;
  readonly source:
    | { readonly kind: 'file'; readonly path: Pkcs15Path }
    | { readonly kind: 'direct'; readonly der: Uint8Array };
}

/** Something odd on the card that did not keep it from being read. Holds no personal data. */
export interface Pkcs15Remark {
  readonly kind:
    | 'file-missing'
    | 'file-malformed'
    | 'object-unknown'
    | 'object-malformed'
    | 'duplicate-id'
    | 'duplicate-path'
    | 'pin-unknown'
    | 'pin-lengths'
    | 'puk-unmarked'
    | 'certificate-without-key';
  readonly detail: string;
}

/** The PKCS#15 description of a card (ISO 7816-15), as far as it could be read without a PIN. */
export interface Pkcs15Card {
  readonly application: Pkcs15Application;
  /** Further applications of EF.DIR, not looked into. */
  readonly otherApplications: readonly Pkcs15Application[];
  readonly tokenInfo: Pkcs15TokenInfo | undefined;
  readonly pins: readonly Pkcs15Pin[];
  readonly keys: readonly Pkcs15Key[];
  readonly certificates: readonly Pkcs15Certificate[];
  readonly remarks: readonly Pkcs15Remark[];
}

/** A certificate with its bytes. */
export interface Pkcs15CertificateValue {
  readonly certificate: Pkcs15Certificate;
  /** The DER certificate exactly, without padding; undefined when there is a problem. */
  readonly der: Uint8Array | undefined;
  /**
   * `empty`: nothing but padding, a place for a certificate not issued yet; `missing`: no such file; `refused`: the card
   * wants a condition first; `malformed`: no SEQUENCE, or a truncated one.
   */
  readonly problem: 'empty' | 'missing' | 'refused' | 'malformed' | undefined;
}
