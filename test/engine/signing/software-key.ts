import { constants, createECDH, generateKeyPairSync, type KeyObject, privateEncrypt } from 'node:crypto';
import type { SignKey } from '../../../electron/engine/signing/sign-key.ts';
import { digestInfo } from '../../../electron/engine/token/digest-info.ts';
import { encodePss } from '../../../electron/engine/token/emsa-pss.ts';
import type { SignatureAlgorithm } from '../../../electron/engine/token/identity-token.ts';
import { ana } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';

/** The kinds of keys that cards have. */
export const keyKinds = ['RSA-2048', 'RSA-4096', 'RSA-2048 PSS', 'P-256', 'P-384'] as const;
export type KeyKind = (typeof keyKinds)[number];

const algorithms: Readonly<Record<KeyKind, SignatureAlgorithm>> = {
  'RSA-2048': { kind: 'rsa-pkcs1', hash: 'SHA-256' },
  'RSA-4096': { kind: 'rsa-pkcs1', hash: 'SHA-256' },
  'RSA-2048 PSS': { kind: 'rsa-pss', hash: 'SHA-256' },
  'P-256': { kind: 'ecdsa', hash: 'SHA-256' },
  'P-384': { kind: 'ecdsa', hash: 'SHA-384' },
};

/** A key in memory with a certificate of a sandbox authority. */
export interface SoftwareKey extends SignKey {
  readonly kind: KeyKind;
  readonly privateKey: KeyObject;
  /** How often it signed. */
  readonly signatures: number;
}

/** Makes a key and has it certified for signing. */
export async function softwareKey(kind: KeyKind, authority: SandboxAuthority): Promise<SoftwareKey> {
  const { privateKey, publicKey } = kind.startsWith('RSA')
    ? generateKeyPairSync('rsa', { modulusLength: kind === 'RSA-4096' ? 4096 : 2048 })
    : generateKeyPairSync('ec', { namedCurve: kind });
  const algorithm = algorithms[kind];
  let signatures = 0;
  return {
    kind,
    privateKey,
    certificate: await authority.issueHolder({ person: ana, publicKey, role: 'signature' }),
    chain: [authority.issuing.der],
    algorithm,
    get signatures() {
      return signatures;
    },
    sign: async (digest) => {
      signatures += 1;
      return signDigest(privateKey, algorithm, digest);
    },
  };
}

let shared: Promise<SandboxAuthority> | undefined;

/** One authority for a test file. */
export function sharedAuthority(): Promise<SandboxAuthority> {
  shared ??= SandboxAuthority.create();
  return shared;
}

function signDigest(key: KeyObject, { kind, hash }: SignatureAlgorithm, digest: Uint8Array): Uint8Array {
  if (kind === 'ecdsa') return ecdsa(key, digest);
  if (kind === 'rsa-pkcs1') {
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(hash, digest));
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encodePss(hash, digest, bits));
}

/** Orders of the curves (FIPS 186-5), by OpenSSL's names. */
const orders: Readonly<Record<string, bigint>> = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1:
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
};

/** ECDSA over a digest as long as the order: Node signs with EC keys only what it has hashed itself. */
function ecdsa(key: KeyObject, digest: Uint8Array): Uint8Array {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
  const order = orders[curve] ?? 0n;
  const length = curve === 'secp384r1' ? 48 : 32;
  const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const secret = number(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  for (;;) {
    const ephemeral = createECDH(curve);
    ephemeral.generateKeys();
    const r = number(ephemeral.getPublicKey().subarray(1, 1 + length)) % order;
    const k = number(ephemeral.getPrivateKey());
    const s = (power(k, order - 2n, order) * (number(digest) + r * secret)) % order;
    if (r !== 0n && s !== 0n) {
      const half = (value: bigint): string => value.toString(16).padStart(2 * length, '0');
      return Buffer.from(half(r) + half(s), 'hex');
    }
  }
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
