import {
  constants,
  createHash,
  generateKeyPairSync,
  privateEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestInfo } from '../../../electron/engine/token/digest-info.ts';
import { ecdsaHolds, orderLength } from '../../../electron/engine/token/ecdsa-verification.ts';
import { encodePss, pssHolds } from '../../../electron/engine/token/emsa-pss.ts';
import { fitsKey, hashesFor, publicKeyShape } from '../../../electron/engine/token/key-algorithms.ts';
import { checkedSignature, rawEcdsa } from '../../../electron/engine/token/signature-check.ts';
import { bytes, failureFrom, hexOf } from '../card/scripted-channel.ts';

const hashes = ['SHA-256', 'SHA-384', 'SHA-512'] as const;
const openssl = { 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' } as const;
const message = Buffer.from('message');
const digestOf = (hash: (typeof hashes)[number]): Buffer =>
  createHash(openssl[hash]).update(message).digest();

const curves = [
  ['prime256v1', 65],
  ['secp384r1', 97],
  ['secp521r1', 133],
  ['brainpoolP256r1', 65],
  ['brainpoolP384r1', 97],
  ['brainpoolP512r1', 129],
] as const;

describe('ECDSA over a ready digest', () => {
  it.each(curves)('agrees with OpenSSL on %s, whatever the hash', (curve, pointLength) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
    const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-pointLength);
    for (const hash of hashes) {
      for (let round = 0; round < 5; round += 1) {
        const signature = sign(openssl[hash], message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
        expect(ecdsaHolds(curve, point, digestOf(hash), signature)).toBe(true);
        const at = round * 7;
        signature[at] = (signature[at] ?? 0) ^ 0x40;
        expect(ecdsaHolds(curve, point, digestOf(hash), signature)).toBe(false);
      }
      const other = sign(openssl[hash], Buffer.from('other'), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(ecdsaHolds(curve, point, digestOf(hash), other)).toBe(false);
    }
  });

  it('knows a signature of RFC 6979, A.2.6 (P-384, SHA-384, "sample")', () => {
    const q = bytes(
      `04 EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13
          8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720`,
    );
    const signature = bytes(
      `94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46
       99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8`,
    );
    const digest = createHash('sha384').update('sample').digest();
    expect(ecdsaHolds('secp384r1', q, digest, signature)).toBe(true);
    expect(ecdsaHolds('secp384r1', q, createHash('sha384').update('test').digest(), signature)).toBe(false);
  });

  it('refuses r and s outside 1 … n−1, lengths that are not the order’s, and unknown curves', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65);
    const good = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const digest = digestOf('SHA-256');
    const zero = Buffer.alloc(32);
    const order = bytes('FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551');
    const holds = (signature: Uint8Array): boolean => ecdsaHolds('prime256v1', point, digest, signature);
    expect(holds(good)).toBe(true);
    for (const part of [zero, order, Buffer.alloc(32, 0xff)]) {
      expect(holds(Buffer.concat([part, good.subarray(32)]))).toBe(false);
      expect(holds(Buffer.concat([good.subarray(0, 32), part]))).toBe(false);
    }
    expect(holds(good.subarray(0, 63))).toBe(false);
    expect(holds(Buffer.concat([good, zero]))).toBe(false);
    expect(ecdsaHolds('secp256k1', point, digest, good)).toBe(false);
    expect(ecdsaHolds('constructor', point, digest, good)).toBe(false);
  });

  it('works for the digest zero, and where the two points of the sum are the same or opposite', () => {
    const digest = Buffer.alloc(32);
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65);
    // The generator as public key (d = 1): with e = r the sum is G + G, with e = −r it is infinity.
    const generator = bytes(
      `04 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296
          4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5`,
    );
    // r is the x of 2G.
    const r = bytes('7CF27B188D034F7E8A52380304B51AC3C08969E277F21B35A60B48FC47669978');
    const s = bytes('01'.padStart(64, '0'));
    expect(ecdsaHolds('prime256v1', generator, r, Buffer.concat([r, s]))).toBe(false);
    // k = 2, e = r: s = (r + r)/2 = r. A true signature whose sum is a doubling.
    expect(ecdsaHolds('prime256v1', generator, r, Buffer.concat([r, r]))).toBe(true);
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const minusR = Buffer.from((order - BigInt(`0x${hexOf(r)}`)).toString(16).padStart(64, '0'), 'hex');
    expect(ecdsaHolds('prime256v1', generator, minusR, Buffer.concat([r, r]))).toBe(false);
    expect(ecdsaHolds('prime256v1', point, digest, Buffer.concat([r, s]))).toBe(false);
  });
});

describe('the answer of a card with an EC key', () => {
  const r = '01'.padStart(64, '0');
  const s = 'FF'.padStart(64, '0');

  it('is taken raw, or from strict DER', () => {
    expect(hexOf(rawEcdsa(bytes(r + s), 32) ?? bytes(''))).toBe(r + s);
    expect(hexOf(rawEcdsa(bytes('3007 020101 020200FF'), 32) ?? bytes(''))).toBe(r + s);
    const long = `3081 86 0241 ${'01'.padEnd(130, '2')} 0241 ${'01'.padEnd(130, '3')}`;
    expect(rawEcdsa(bytes(long), 66)?.length).toBe(132);
  });

  it.each([
    ['nothing', ''],
    ['an empty SEQUENCE', '3000'],
    ['one INTEGER', '3003 020101'],
    ['three INTEGERs', '3009 020101 020101 020101'],
    ['a negative INTEGER', '3006 020181 020101'],
    ['a needless zero', '3007 02020001 020101'],
    ['an empty INTEGER', '3005 0200 020101'],
    ['a zero', '3006 020100 020101'],
    ['an INTEGER longer than the order', `3026 0221${'01'.padEnd(66, '1')} 020101`],
    ['a SET', '3106 020101 020101'],
    ['bytes behind it', '3006 020101 020101 00'],
    ['a length that is not minimal', '308106 020101 020101'],
    ['an INTEGER’s length that is not minimal', '3007 02810101 020101'],
    ['a truncated one', '3006 020101 0201'],
    ['the wrong length', '00'.repeat(63)],
  ])('is refused: %s', (_, text) => {
    expect(rawEcdsa(bytes(text), 32)).toBeUndefined();
  });

  it('never breaks the parser', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), (answer) => {
        const raw = rawEcdsa(answer, 48);
        expect(raw === undefined || raw.length === 96).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives every DER that OpenSSL makes', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    for (let round = 0; round < 50; round += 1) {
      const der = sign('sha384', Buffer.of(round), { key: privateKey, dsaEncoding: 'der' });
      const raw = rawEcdsa(der, 48);
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
      expect(raw && verify('sha384', Buffer.of(round), key, raw)).toBe(true);
    }
  });
});

describe('PSS', () => {
  it.each([1024, 1025, 1031, 2048])('blocks for RSA-%i are what OpenSSL accepts', (bits) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    for (const hash of hashes) {
      if (!fitsKey({ kind: 'rsa-pss', hash }, { kind: 'rsa', bits })) continue;
      const digest = digestOf(hash);
      const block = encodePss(hash, digest, bits);
      expect(block.length).toBe(Math.ceil(bits / 8));
      const signature = privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block);
      const key = {
        key: publicKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      };
      expect(verify(openssl[hash], message, key, signature)).toBe(true);
    }
  });

  it('signatures of OpenSSL are accepted, with the digest’s salt length only', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const shape = publicKeyShape(publicKey);
    expect(shape).toEqual({ kind: 'rsa', bits: 2048 });
    for (const hash of hashes) {
      for (const [saltLength, accepted] of [
        [constants.RSA_PSS_SALTLEN_DIGEST, true],
        [20, false],
        [0, false],
      ] as const) {
        const padding = constants.RSA_PKCS1_PSS_PADDING;
        const signature = sign(openssl[hash], message, { key: privateKey, padding, saltLength });
        const check = () =>
          checkedSignature(signature, { kind: 'rsa-pss', hash }, digestOf(hash), publicKey, {
            kind: 'rsa',
            bits: 2048,
          });
        if (accepted) expect(hexOf(check())).toBe(hexOf(signature));
        else expect(failureFrom(check).code).toBe('signature-invalid');
      }
    }
  });

  it('blocks with one bit wrong do not hold', () => {
    const digest = digestOf('SHA-256');
    const block = encodePss('SHA-256', digest, 1024);
    expect(pssHolds('SHA-256', digest, block, 1024)).toBe(true);
    for (let at = 0; at < block.length; at += 1) {
      const broken = Buffer.from(block);
      broken[at] = (broken[at] ?? 0) ^ 0x80;
      expect(pssHolds('SHA-256', digest, broken, 1024)).toBe(false);
    }
    expect(pssHolds('SHA-256', digest, randomBytes(128), 1024)).toBe(false);
    expect(pssHolds('SHA-256', digest, block.subarray(1), 1024)).toBe(false);
  });
});

describe('PKCS#1 signatures', () => {
  it('have the DigestInfo of RFC 8017', () => {
    expect(hexOf(digestInfo('SHA-256', new Uint8Array(32)))).toBe(
      `3031300D060960864801650304020105000420${'00'.repeat(32)}`,
    );
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const hash of hashes) {
      const content = digestInfo(hash, digestOf(hash));
      const made = privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, content);
      expect(verify(openssl[hash], message, publicKey, made)).toBe(true);
      const shape = { kind: 'rsa', bits: 2048 } as const;
      const algorithm = { kind: 'rsa-pkcs1', hash } as const;
      expect(hexOf(checkedSignature(made, algorithm, digestOf(hash), publicKey, shape))).toBe(hexOf(made));
      const wrong = privateEncrypt(
        { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
        Buffer.concat([content, Buffer.of(0)]),
      );
      expect(
        failureFrom(() => checkedSignature(wrong, algorithm, digestOf(hash), publicKey, shape)).code,
      ).toBe('signature-invalid');
      for (const answer of [made.subarray(1), Buffer.concat([made, Buffer.of(0)]), Buffer.alloc(256, 0xff)]) {
        const check = () => checkedSignature(answer, algorithm, digestOf(hash), publicKey, shape);
        expect(failureFrom(check).code).toBe('signature-invalid');
      }
    }
  });
});

describe('algorithms of a key', () => {
  it.each([
    ['prime256v1', 'SHA-256'],
    ['secp384r1', 'SHA-384'],
    ['secp521r1', 'SHA-512'],
    ['brainpoolP256r1', 'SHA-256'],
    ['brainpoolP512r1', 'SHA-512'],
  ] as const)('%s: %s first', (curve, best) => {
    const length = orderLength(curve) ?? 0;
    expect(hashesFor({ kind: 'ec', curve, orderLength: length })[0]).toBe(best);
  });

  it('RSA: SHA-256 first, and no PSS for which the key is too short', () => {
    expect(hashesFor({ kind: 'rsa', bits: 4096 })[0]).toBe('SHA-256');
    expect(fitsKey({ kind: 'rsa-pss', hash: 'SHA-512' }, { kind: 'rsa', bits: 1024 })).toBe(false);
    expect(fitsKey({ kind: 'rsa-pss', hash: 'SHA-512' }, { kind: 'rsa', bits: 2048 })).toBe(true);
    expect(fitsKey({ kind: 'ecdsa', hash: 'SHA-256' }, { kind: 'rsa', bits: 2048 })).toBe(false);
  });

  it('are none for keys whose signatures could not be checked', () => {
    const { publicKey: ed25519 } = generateKeyPairSync('ed25519');
    expect(publicKeyShape(ed25519)).toBeUndefined();
    const { publicKey: koblitz } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    expect(publicKeyShape(koblitz)).toBeUndefined();
  });
});
