import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../electron/engine/signing/byte-source.ts';
import { signatureIdentifier } from '../../../electron/engine/signing/cms/algorithm-identifiers.ts';
import { integer, objectIdentifier, setOf } from '../../../electron/engine/signing/cms/der-writer.ts';
import { signedAttributes, signedData } from '../../../electron/engine/signing/cms/signed-data.ts';
import { verifySignedData } from '../../../electron/engine/signing/cms/verification.ts';
import { completeSignature, prepareSignature } from '../../../electron/engine/signing/prepared-signature.ts';
import { tablePdf } from './pdf-writing.ts';
import { lastSignature, MemorySink, signBytes } from './sign-bytes.ts';
import { keyKinds, sharedAuthority, softwareKey } from './software-key.ts';

const authority = await sharedAuthority();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('DER', () => {
  it.each([
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [256, '02020100'],
  ])('writes the integer %i', (value, expected) => {
    expect(hex(integer(value))).toBe(expected);
  });

  it('writes integers from bytes in the shortest form', () => {
    expect(hex(integer(Buffer.from('0000f1', 'hex')))).toBe('020200f1');
    expect(hex(integer(Buffer.from('000071', 'hex')))).toBe('020171');
  });

  it('writes object identifiers', () => {
    expect(hex(objectIdentifier('1.2.840.113549.1.9.16.2.47'))).toBe('060b2a864886f70d010910022f');
  });

  it('puts the elements of a set in order', () => {
    expect(hex(setOf([Buffer.from('0402ff00', 'hex'), Buffer.from('0401ff', 'hex')]))).toBe(
      '31070401ff0402ff00',
    );
  });
});

describe('the algorithm of a signature', () => {
  it.each([
    [{ kind: 'rsa-pkcs1', hash: 'SHA-256' }, '300d06092a864886f70d01010b0500'],
    [{ kind: 'ecdsa', hash: 'SHA-256' }, '300a06082a8648ce3d040302'],
    [{ kind: 'ecdsa', hash: 'SHA-384' }, '300a06082a8648ce3d040303'],
    [
      { kind: 'rsa-pss', hash: 'SHA-256' },
      '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
    ],
  ] as const)('is said in full: %o', (algorithm, expected) => {
    expect(hex(signatureIdentifier(algorithm))).toBe(expected);
  });
});

describe('signed attributes', () => {
  it('are content type, message digest and the signer’s certificate, in the order of DER, and no time', async () => {
    const key = await softwareKey('P-256', authority);
    const digest = Buffer.alloc(32, 0xab);
    const bytes = hex(signedAttributes(key, digest));
    const contentType = '301806092a864886f70d010903310b06092a864886f70d010701';
    const messageDigest = `302f06092a864886f70d01090431220420${'ab'.repeat(32)}`;
    expect(bytes).toMatch(new RegExp(`^31[0-9a-f]{4,6}${contentType}${messageDigest}30`));
    expect(bytes).toContain('060b2a864886f70d010910022f');
    expect(bytes).toContain(`0420${createHash('sha256').update(key.certificate).digest('hex')}`);
    expect(bytes).not.toContain('06092a864886f70d010905');
  });

  it('name the hash of the certificate only where it is not SHA-256', async () => {
    const key = await softwareKey('P-384', authority);
    const bytes = hex(signedAttributes(key, Buffer.alloc(48)));
    const hash = createHash('sha384').update(key.certificate).digest('hex');
    expect(bytes).toContain(`300b06096086480165030402020430${hash}`);
  });
});

describe('a signature', () => {
  it.each(keyKinds)('by %s is taken once it holds', async (kind) => {
    const key = await softwareKey(kind, authority);
    const { cms, content } = lastSignature(await signBytes(tablePdf(), key));
    const { certificate, contentDigest, hash } = verifySignedData(cms, 'signature-invalid');
    expect(hex(certificate)).toBe(hex(key.certificate));
    expect(hex(contentDigest)).toBe(createHash(hash.replace('-', '')).update(content).digest('hex'));
  });

  it.each(keyKinds)('by %s that does not hold is refused, and nothing is written', async (kind) => {
    const key = await softwareKey(kind, authority);
    const prepared = await prepareSignature(new MemorySource(tablePdf()), key);
    const signature = Buffer.from(await key.sign(prepared.digestToSign));
    signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
    const sink = new MemorySink();
    await expect(completeSignature(prepared, signature, sink)).rejects.toMatchObject({
      code: 'signature-invalid',
    });
    await expect(completeSignature(prepared, signature.subarray(1), sink)).rejects.toMatchObject({
      code: 'signature-invalid',
    });
    expect(sink.bytes().length).toBe(0);
  });

  it('by another key than the certificate’s is refused', async () => {
    const [key, other] = [await softwareKey('P-256', authority), await softwareKey('P-256', authority)];
    const prepared = await prepareSignature(new MemorySource(tablePdf()), key);
    const signature = await other.sign(prepared.digestToSign);
    await expect(completeSignature(prepared, signature, new MemorySink())).rejects.toMatchObject({
      code: 'signature-invalid',
    });
  });

  it('needs an algorithm that fits the key', async () => {
    const key = await softwareKey('P-256', authority);
    const wrong = { ...key, algorithm: { kind: 'rsa-pss', hash: 'SHA-256' } } as const;
    await expect(prepareSignature(new MemorySource(tablePdf()), wrong)).rejects.toMatchObject({
      code: 'algorithm-unsupported',
    });
  });
});

describe('the check of a CMS', () => {
  it('refuses a changed byte wherever it stands', async () => {
    const key = await softwareKey('P-256', authority);
    const { cms } = lastSignature(await signBytes(tablePdf(), key));
    // The certificate of the authority, and what it signed, are for whoever checks the chain.
    const foreign = [key.certificate, ...key.chain].map((one) => cms.indexOf(one));
    const lengths = [key.certificate, ...key.chain].map(({ length }) => length);
    const taken: number[] = [];
    for (let at = 0; at < cms.length; at += 2) {
      if (foreign.some((start, index) => at >= start && at < start + (lengths[index] ?? 0))) continue;
      const changed = Buffer.from(cms);
      changed[at] = (changed[at] ?? 0) ^ 1;
      try {
        verifySignedData(changed, 'signature-invalid');
        taken.push(at);
      } catch (error) {
        expect(error).toMatchObject({ code: 'signature-invalid' });
      }
    }
    // What nobody signed: the version numbers, and the list of digest algorithms.
    const harmless = (at: number): boolean =>
      /020101|0b0609608648016503040201/.test(hex(cms.subarray(at - 12, at + 13)));
    expect(taken.filter((at) => !harmless(at)).map((at) => hex(cms.subarray(at - 16, at + 16)))).toEqual([]);
  });

  it('refuses attributes with a time, or out of order', async () => {
    const key = await softwareKey('RSA-2048', authority);
    const attributes = Buffer.from(signedAttributes(key, Buffer.alloc(32)));
    const resign = async (changed: Buffer): Promise<() => unknown> => {
      const digest = createHash('sha256').update(changed).digest();
      const cms = signedData(key, changed, await key.sign(digest));
      return () => verifySignedData(cms, 'signature-invalid');
    };
    expect(await resign(attributes)).not.toThrow();

    const time = Buffer.from('301c06092a864886f70d010905310f170d3236313132323033303430355a', 'hex');
    // Content type has 26 bytes and message digest 49; the list is written again around them.
    const header = attributes[1] === 0x82 ? 4 : 3;
    const list = attributes.subarray(header);
    const [type, digest, rest] = [list.subarray(0, 26), list.subarray(26, 75), list.subarray(75)];
    const set = (...parts: Buffer[]): Buffer => {
      const content = Buffer.concat(parts);
      return Buffer.concat([Buffer.of(0x31, 0x82, content.length >> 8, content.length & 0xff), content]);
    };
    expect(await resign(set(type, time, digest, rest))).toThrow(/signing time/);
    expect(await resign(set(digest, type, rest))).toThrow(/out of order/);
    expect(await resign(set(type, digest))).toThrow(/no hash of the signer/);
    expect(await resign(set(type, rest))).toThrow(/no message digest/);
    expect(await resign(set(digest, rest))).toThrow(/content type/);
  });

  it('refuses another certificate under the same name', async () => {
    const [key, other] = [await softwareKey('P-256', authority), await softwareKey('P-256', authority)];
    const attributes = signedAttributes({ ...key, certificate: other.certificate }, Buffer.alloc(32));
    const digest = createHash('sha256').update(attributes).digest();
    const cms = signedData(key, attributes, await key.sign(digest));
    expect(() => verifySignedData(cms, 'signature-invalid')).toThrow(/hash of the signer/);
  });
});
