import { constants, createHash, publicDecrypt, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SandboxCard } from '../../../electron/sandbox/cards/index.ts';
import { verifiesMessage } from '../../rig/judges/openssl.ts';
import { needs } from '../../run/needs.ts';
import { apdu, ask, freshCard, hex, statusWords } from './desk.ts';

const message = Buffer.from('Republica Moldova: hârtie de probă');
const digest = (name: string): string => createHash(name).update(message).digest('hex');
/** DigestInfo prefixes, RFC 8017 clause 9.2 note 1. */
const sha256Info = '3031300d060960864801650304020105000420';
const sha512Info = '3051300d060960864801650304020305000440';

const mseSign = (algorithm: string, key: string): string => `00 22 41 B6 06 8001${algorithm} 8401${key}`;
const mseAuthenticate = (algorithm: string, key: string): string =>
  `00 22 41 A4 06 8001${algorithm} 8401${key}`;
const pso = (data: string): string =>
  `00 2A 9E 9A ${(data.length / 2).toString(16).padStart(2, '0')} ${data} 00`;

function publicKey(card: SandboxCard, role: 'authentication' | 'signature') {
  const der = card.certificates[role];
  if (!der) throw new Error(`no ${role} certificate`);
  return new X509Certificate(der).publicKey;
}

describe('RSA keys of the electronic identity card', () => {
  it('sign PKCS #1 v1.5 over a DigestInfo, each under its own PIN', async () => {
    const card = await freshCard({ card: 'eid' });
    await statusWords(card, apdu.application, apdu.pin1, mseSign('02', '01'));
    const authentication = await ask(card, pso(sha256Info + digest('sha256')));
    expect(authentication.sw).toBe('9000');
    expect(verify('sha256', message, publicKey(card, 'authentication'), authentication.data)).toBe(true);

    await statusWords(card, apdu.pin2, mseSign('02', '02'));
    const signature = await ask(card, pso(sha512Info + digest('sha512')));
    expect(verify('sha512', message, publicKey(card, 'signature'), signature.data)).toBe(true);
    expect(verify('sha512', message, publicKey(card, 'authentication'), signature.data)).toBe(false);
  });

  it('authenticate by INTERNAL AUTHENTICATE, the signature key does not', async () => {
    const card = await freshCard({ card: 'eid' });
    const info = sha256Info + digest('sha256');
    const authenticate = `00 88 00 00 33 ${info} 00`;
    expect(
      await statusWords(
        card,
        apdu.application,
        apdu.pin1,
        apdu.pin2,
        mseAuthenticate('02', '02'),
        authenticate,
      ),
    ).toEqual(['9000', '9000', '9000', '6A88', '6985']);
    await ask(card, mseAuthenticate('02', '01'));
    const { data } = await ask(card, authenticate);
    expect(verify('sha256', message, publicKey(card, 'authentication'), data)).toBe(true);
  });

  it('take the algorithm as PKCS #1 when MSE names none', async () => {
    const card = await freshCard({ card: 'eid' });
    await statusWords(card, apdu.application, apdu.pin1, '00 22 41 B6 03 840101');
    const { data } = await ask(card, pso(sha256Info + digest('sha256')));
    expect(verify('sha256', message, publicKey(card, 'authentication'), data)).toBe(true);
  });

  it('make the DigestInfo for SHA-1 themselves (algorithm 12)', async () => {
    const card = await freshCard({ card: 'eid' });
    await statusWords(card, apdu.application, apdu.pin1, mseSign('12', '01'));
    const { data } = await ask(card, pso(digest('sha1')));
    expect(verify('sha1', message, publicKey(card, 'authentication'), data)).toBe(true);
    expect((await ask(card, pso(digest('sha256')))).sw).toBe('6700');
  });

  it('raise a whole block to the private exponent (algorithm 00), in an extended command or a chain', async () => {
    const card = await freshCard({ card: 'eid' });
    const block = `00${'5A'.repeat(255)}`;
    await statusWords(card, apdu.application, apdu.pin1, mseSign('00', '01'));
    const extended = await ask(card, `00 2A 9E 9A 00 0100 ${block} 0100`);
    const key = publicKey(card, 'authentication');
    expect(hex(publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, extended.data))).toBe(block);
    await ask(card, `10 2A 9E 9A FF ${block.slice(0, 510)}`);
    const chained = await ask(card, `00 2A 9E 9A 01 ${block.slice(510)} 00`);
    expect(chained.sw).toBe('9000');
    expect(hex(chained.data)).toBe(hex(extended.data));
  });

  it('refuse data that does not fit, without forgetting the PIN', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(
      await statusWords(
        card,
        apdu.application,
        apdu.pin2,
        mseSign('02', '02'),
        `00 2A 9E 9A F6 ${'AA'.repeat(246)} 00`, // 245 bytes fit beside the padding
        '00 2A 9E 9A 00',
        mseSign('00', '02'),
        `00 2A 9E 9A 00 0100 ${'FF'.repeat(256)} 0100`, // greater than the modulus
        `00 2A 9E 9A FF ${'00'.repeat(255)} 00`,
        '00 20 00 02',
      ),
    ).toEqual(['9000', '9000', '9000', '6700', '6700', '9000', '6A80', '6700', '9000']);
  });

  it('need their PIN, and the signature key needs it for each signature', async () => {
    const card = await freshCard({ card: 'eid' });
    const sign = pso(sha256Info + digest('sha256'));
    expect(
      await statusWords(
        card,
        apdu.application,
        sign, // no environment
        mseSign('02', '01'),
        sign, // no PIN
        apdu.pin2,
        sign, // the other PIN
        apdu.pin1,
        sign,
        sign, // authentication: as often as you like
        mseSign('02', '02'),
        sign,
        sign, // signature: once
        apdu.pin2,
        sign,
      ),
    ).toEqual([
      ...['9000', '6985', '9000', '6982', '9000', '6982', '9000', '9000'],
      ...['9000', '9000', '9000', '6982', '9000', '9000'],
    ]);
  });

  it('forget the security environment on reset', async () => {
    const card = await freshCard({ card: 'eid' });
    await statusWords(card, apdu.application, apdu.pin1, mseSign('02', '01'));
    card.reset();
    expect(await statusWords(card, apdu.application, apdu.pin1, pso('1234'))).toEqual([
      '9000',
      '9000',
      '6985',
    ]);
  });
});

describe('MANAGE SECURITY ENVIRONMENT', () => {
  it('refuses what the card does not have', async () => {
    const card = await freshCard({ card: 'eid' });
    expect(
      await statusWords(
        card,
        '00 22 81 B6 03 840101', // verification
        '00 22 41 AA 03 840101', // hash template
        '00 22 41 B8 03 840101', // confidentiality: the other face only
        '00 22 F3 01',
        '00 22 41 B6',
        '00 22 41 B6 03 840109', // no such key
        '00 22 41 B6 04 81024B09',
        '00 22 41 B6 03 800102', // no key
        '00 22 41 B6 06 800177 840101', // no such algorithm
        '00 22 41 B6 06 800104 840101', // an algorithm of the other key type
        '00 22 41 B6 03 8401', // cut off
        '00 22 41 B6 06 840101 840101', // twice
        '00 22 41 B6 03 990101', // unknown data object
      ),
    ).toEqual([
      ...['6A86', '6A86', '6A86', '6A86', '6700', '6A88', '6A88', '6A80', '6A80', '6A80'],
      ...['6700', '6A80', '6A80'],
    ]);
  });
});

describe('P-384 key of the identity card of 2025', () => {
  const pin = '00 20 00 81 08 383336313435FFFF';

  it('signs a digest as r‖s, verified by node and by openssl', async () => {
    const card = await freshCard({ card: '2025' });
    await statusWords(card, apdu.application, pin, mseSign('04', '91'));
    const { data, sw } = await ask(card, pso(digest('sha384')));
    expect([data.length, sw]).toEqual([96, '9000']);
    const key = publicKey(card, 'signature');
    expect(verify('sha384', message, { key, dsaEncoding: 'ieee-p1363' }, data)).toBe(true);
  });

  it('signs shorter digests too, and is asked for its PIN each time', async () => {
    const card = await freshCard({ card: '2025' });
    const key = publicKey(card, 'signature');
    await statusWords(card, apdu.application, mseSign('04', '91'));
    for (const hash of ['sha1', 'sha256', 'sha384']) {
      expect(await statusWords(card, pso(digest(hash)), pin)).toEqual(['6982', '9000']);
      const { data } = await ask(card, pso(digest(hash)));
      expect(verify(hash, message, { key, dsaEncoding: 'ieee-p1363' }, data)).toBe(true);
    }
    expect(await statusWords(card, pin, pso(digest('sha512')), pso(''))).toEqual(['9000', '6700', '6700']);
  });

  it('answers DER on the OsEID face, for every one of fifty signatures, also with leading zeros', async () => {
    const card = await freshCard({ card: '2025', face: 'oseid' });
    const key = publicKey(card, 'signature');
    await statusWords(card, apdu.application, '00 22 41 B6 0A 800104 81024B01 840100');
    const lengths = new Set<number>();
    for (let round = 0; round < 50; round += 1) {
      await ask(card, pin);
      const { data } = await ask(card, pso(digest('sha256')));
      expect(verify('sha256', message, { key, dsaEncoding: 'der' }, data)).toBe(true);
      lengths.add(data.length);
    }
    expect(lengths.size).toBeGreaterThan(1);
  });

  it('does no RSA', async () => {
    const card = await freshCard({ card: '2025' });
    expect(await statusWords(card, mseSign('02', '91'), mseSign('04', '01'))).toEqual(['6A80', '6A88']);
  });

  it.skipIf(!needs('openssl'))(
    'is verified by openssl with the certificate that the card carries',
    async () => {
      const card = await freshCard({ card: '2025', face: 'oseid' });
      await statusWords(card, apdu.application, pin, '00 22 41 B6 0A 800104 81024B01 840100');
      const { data } = await ask(card, pso(digest('sha384')));
      const signer = new X509Certificate(card.certificates.signature ?? '').toString();
      expect(await verifiesMessage({ signer, digest: 'sha384', signature: data }, message)).toBe(true);
      expect(await verifiesMessage({ signer, digest: 'sha384', signature: data }, Buffer.from('x'))).toBe(
        false,
      );
    },
  );
});

describe('the OsEID face', () => {
  it('has the ATR and the data objects that the myeid driver looks for', async () => {
    const card = await freshCard({ card: 'eid', face: 'oseid' });
    expect(hex(card.atr)).toBe('3B858131FE454F73454944FA');
    const information = await ask(card, '00 CA 01 A0 14');
    expect(hex(information.data)).toMatch(/^4F73454944040001[0-9A-F]{20}0001$/);
    expect(hex((await ask(card, '00 CA 01 AA 0C')).data)).toBe('0100090800000000000180');
    expect((await ask(card, '00 CA 01 AB 0C')).sw).toBe('6A88');
  });

  it('chooses the key by its file, whatever the reference says', async () => {
    const card = await freshCard({ card: 'eid', face: 'oseid' });
    await statusWords(card, apdu.application, apdu.pin2, '00 22 41 B6 0A 800102 81024B02 840100');
    const { data } = await ask(card, pso(sha256Info + digest('sha256')));
    expect(verify('sha256', message, publicKey(card, 'signature'), data)).toBe(true);
  });

  it('takes a raw RSA block in two halves', async () => {
    const card = await freshCard({ card: 'eid', face: 'oseid' });
    const block = `00${'5A'.repeat(255)}`;
    const first = `00 2A 80 86 81 81 ${block.slice(0, 256)}`;
    const second = `00 2A 80 86 81 82 ${block.slice(256)} 00`;
    expect(
      await statusWords(
        card,
        apdu.application,
        first, // no environment
        '00 22 41 B8 0A 800100 81024B01 840100',
        first, // no PIN
        apdu.pin1,
        second, // the first half is missing
        first,
        '00 B0 00 00 01',
        first,
      ),
    ).toEqual(['9000', '6985', '9000', '6982', '9000', '6985', '9000', '6986', '9000']);
    const { data, sw } = await ask(card, second);
    expect(sw).toBe('9000');
    const key = publicKey(card, 'authentication');
    expect(hex(publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, data))).toBe(block);
    expect((await ask(card, '00 2A 80 86 03 001234 00')).sw).toBe('6A80');
  });
});
