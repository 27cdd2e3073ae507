import { execFileSync } from 'node:child_process';
import { constants, type KeyObject, privateEncrypt, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import type { SecretBytes } from '../../../electron/contract/pin/secret-bytes.ts';
import type {
  CertificateRole,
  IdentityToken,
  PinOptions,
  SignatureAlgorithm,
  TokenCertificate,
} from '../../../electron/engine/token/identity-token.ts';

export interface FakeKey {
  readonly id: string;
  readonly role: CertificateRole;
  readonly der: Uint8Array;
  readonly privateKey: KeyObject;
  readonly hasKey?: boolean;
}

/** DER of DigestInfo with SHA-256 up to the digest (RFC 8017 clause 9.2, note 1). */
const digestInfoSha256 = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** A token of keys in memory that counts what it is asked: a PIN of "1234" is right, every other is wrong. */
export class FakeToken implements IdentityToken {
  readonly source = 'pkcs15';
  readonly label = 'FAKE';
  readonly serial = '00';
  readonly simulated = true;
  readonly certificates: readonly TokenCertificate[];
  readonly #keys: readonly FakeKey[];
  /** Calls of `sign`: what would have cost a try. */
  signed: {
    id: string;
    algorithm: SignatureAlgorithm;
    digest: Uint8Array;
    options: PinOptions | undefined;
  }[] = [];
  /** Replaces the signature, for a card that goes wrong. */
  spoil: ((signature: Uint8Array) => Uint8Array) | undefined;

  constructor(keys: readonly FakeKey[]) {
    this.#keys = keys;
    this.certificates = keys.map(({ id, role, der, hasKey = true }) => ({
      id,
      role,
      label: id,
      der,
      x509: new X509Certificate(der),
      hasKey,
      pin: role === 'authentication' ? ('PIN1' as const) : ('PIN2' as const),
    }));
  }

  algorithms(certificateId: string): readonly SignatureAlgorithm[] {
    const key = this.#keys.find(({ id }) => id === certificateId);
    if (key === undefined) return [];
    return key.privateKey.asymmetricKeyType === 'ec'
      ? [{ kind: 'ecdsa', hash: 'SHA-384' }]
      : [{ kind: 'rsa-pkcs1', hash: 'SHA-256' }];
  }

  async sign(
    id: string,
    algorithm: SignatureAlgorithm,
    digest: Uint8Array,
    pin: SecretBytes,
    options?: PinOptions,
  ): Promise<Uint8Array> {
    this.signed.push({ id, algorithm, digest: Uint8Array.from(digest), options });
    if (Buffer.from(pin.expose()).toString() !== '1234') throw new Failure('pin-wrong', { triesLeft: 2 });
    const key = this.#keys.find((one) => one.id === id);
    if (key === undefined) throw new Failure('card-no-such-key');
    const { privateKey } = key;
    const signature =
      algorithm.kind === 'ecdsa'
        ? ecdsaOfDigest(privateKey, digest, 48)
        : privateEncrypt(
            { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
            Buffer.concat([digestInfoSha256, digest]),
          );
    return this.spoil?.(signature) ?? signature;
  }

  pins = async (): Promise<never[]> => [];
  verify = (): Promise<never> => Promise.reject(new Error('not asked for here'));
  change = this.verify;
  unblock = this.verify;
  close = async (): Promise<void> => {};
}

/** Node signs messages only, so openssl signs the ready digest. @returns r‖s, each of `length` bytes */
function ecdsaOfDigest(privateKey: KeyObject, digest: Uint8Array, length: number): Uint8Array {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fake-token-'));
  try {
    const key = path.join(folder, 'key.pem');
    const input = path.join(folder, 'digest');
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(input, digest);
    return rawOfDer(execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', key, '-in', input]), length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** ECDSA-Sig-Value (RFC 3279 clause 2.2.3) as r‖s. */
function rawOfDer(der: Uint8Array, length: number): Uint8Array {
  const raw = new Uint8Array(2 * length);
  let at = 2;
  for (const end of [length, 2 * length]) {
    const size = der[at + 1] ?? 0;
    const value = der.subarray(at + 2, at + 2 + size);
    const trimmed = value.subarray(Math.max(0, value.length - length));
    raw.set(trimmed, end - trimmed.length);
    at += 2 + size;
  }
  return raw;
}
