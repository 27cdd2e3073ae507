import {
  generateKeyPairSync,
  type KeyObject,
  sign as signMessage,
  verify as verifyMessage,
} from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../../electron/contract/failures/catalogue.ts';
import { Failure, type FailureDetails } from '../../../electron/contract/failures/failure.ts';
import { openToken } from '../../../electron/engine/token/open-token.ts';
import { ana } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { bytes, failureOf, hexOf, ScriptedChannel, type ScriptStep } from '../card/scripted-channel.ts';
import { code, digestOf } from './desk.ts';

/**
 * What goes to an EstEID card of 2018, byte by byte, typed from its public description; nothing here asks the
 * code under test how a command looks.
 */

const atr = '3BDB960080B1FE451F830012233F536549440F9000F1';
const selectMain = '00A4040C 10 A000000077010800070000FE00000100';
const selectAuthentication = '00A4040C 0D E828BD080FF2504F5420415750';
const selectSignature = '00A4040C 10 51534344204170706C69636174696F6E';

/** A channel that also notes where transactions begin and end. */
class TransactionChannel extends ScriptedChannel {
  readonly ends: string[] = [];

  override async transaction<T>(work: () => Promise<T>, end: 'leave' | 'reset' = 'leave'): Promise<T> {
    const before = this.received.length;
    try {
      return await super.transaction(work);
    } finally {
      this.ends.push(`${this.received.length - before} ${end}`);
    }
  }
}

let authenticationCertificate: Uint8Array;
let signatureCertificate: Uint8Array;
let keys: { publicKey: KeyObject; privateKey: KeyObject };

beforeAll(async () => {
  const authority = await SandboxAuthority.create();
  keys = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const issue = (role: 'authentication' | 'signature') =>
    authority.issueHolder({ person: ana, publicKey: keys.publicKey, role });
  authenticationCertificate = await issue('authentication');
  signatureCertificate = await issue('signature');
});

const byte = (value: number): string => value.toString(16).padStart(2, '0');

/** SELECT with the file's size, and its content in blocks of 256 bytes. */
function readingFile(select: string, content: Uint8Array): ScriptStep[] {
  const size = `${byte(content.length >> 8)}${byte(content.length & 0xff)}`;
  const steps: ScriptStep[] = [[select, `62 04 80 02 ${size} 9000`]];
  for (let at = 0; at < content.length; at += 256) {
    const block = content.subarray(at, at + 256);
    steps.push([
      `00B0 ${byte(at >> 8)}${byte(at & 0xff)} ${byte(block.length & 0xff)}`,
      `${hexOf(block)} 9000`,
    ]);
  }
  return steps;
}

function reading(): ScriptStep[] {
  return [
    [selectMain, '9000'],
    ...readingFile('00A40904 04 ADF13401 00', authenticationCertificate),
    [selectMain, '9000'],
    ...readingFile('00A40904 04 ADF2341F 00', signatureCertificate),
    [selectMain, '9000'],
    ...readingFile('00A40904 02 D003 00', bytes('04 09 414230303030303132')),
  ];
}

/** GET DATA of a PIN's counter: three tries at most, `left` left. */
const counter = (reference: string, left: string): ScriptStep => [
  `00CB3FFF 0A 4D08 7006 BF81${reference} 02 A080 00`,
  `70 0E BF81${reference} 0A A0 08 9A01 03 9B01 ${left} A1 00 9000`,
];

/** Reads the card and hands over the token, with `steps` still to come. */
async function cardWith(...steps: ScriptStep[]) {
  const channel = new TransactionChannel([...reading(), ...steps], atr);
  const token = await openToken(channel);
  channel.ends.length = 0;
  return { token, channel };
}

const digest = digestOf('SHA-384');
const sha384 = { kind: 'ecdsa', hash: 'SHA-384' } as const;
/** r‖s over `message`. */
const validSignature = (): string =>
  hexOf(signMessage('sha384', Buffer.from('message'), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }));

describe('an EstEID card of 2018', () => {
  it('is read with 14 APDUs at most, its serial number from the file D003', async () => {
    const { token, channel } = await cardWith();
    channel.expectFinished();
    expect(channel.received.length).toBeLessThanOrEqual(14);
    expect(token.serial).toBe('AB0000012');
    expect(token.certificates.map(({ id, pin }) => [id, pin])).toEqual([
      ['01', 'PIN1'],
      ['02', 'PIN2'],
    ]);
  });

  it('tells its counters without VERIFY', async () => {
    const { token, channel } = await cardWith(
      [selectMain, '9000'],
      counter('01', '03'),
      [selectSignature, '9000'],
      counter('05', '01'),
      [selectMain, '9000'],
      counter('02', '00'),
    );
    expect((await token.pins()).map(({ name, tries }) => [name, tries])).toEqual([
      ['PIN1', 3],
      ['PIN2', 1],
      ['PUK', 'blocked'],
    ]);
    channel.expectFinished();
  });

  it('has unknown tries when the counter cannot be read', async () => {
    const { token, channel } = await cardWith(
      [selectMain, '9000'],
      ['00CB3FFF 0A 4D08 7006 BF8101 02 A080 00', '6A88'],
      [selectSignature, '9000'],
      ['00CB3FFF 0A 4D08 7006 BF8105 02 A080 00', '70 03 9B01 03 9000'],
      [selectMain, '6A82'],
    );
    expect((await token.pins()).map(({ tries }) => tries)).toEqual(['unknown', 'unknown', 'unknown']);
    channel.expectFinished();
  });

  it('signs with PIN2: SELECT, counter, MSE, VERIFY, COMPUTE SIGNATURE, and forgets the PIN', async () => {
    const signature = validSignature();
    const { token, channel } = await cardWith(
      [selectSignature, '9000'],
      counter('05', '03'),
      ['002241B6 06 800154 84019F', '9000'],
      ['00200085 0C 3132333435FFFFFFFFFFFFFF', '9000'],
      [`002A9E9A 30 ${hexOf(digest)} 00`, `${signature} 9000`],
      [selectMain, '9000'],
    );
    expect(hexOf(await token.sign('02', sha384, digest, code('12345')))).toBe(signature);
    channel.expectFinished();
    expect(channel.ends).toEqual(['6 leave']);
  });

  it('signs with PIN1 by INTERNAL AUTHENTICATE, a shorter digest filled with zeros', async () => {
    const short = digestOf('SHA-256');
    const key = { key: keys.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const signature = hexOf(signMessage('sha256', Buffer.from('message'), key));
    const { token, channel } = await cardWith(
      [selectMain, '9000'],
      counter('01', '02'),
      [selectAuthentication, '9000'],
      ['002241A4 06 800104 840181', '9000'],
      ['00200001 0C 34323731FFFFFFFFFFFFFFFF', '9000'],
      [`00880000 30 ${'00'.repeat(16)} ${hexOf(short)} 00`, `${signature} 9000`],
      [selectMain, '9000'],
    );
    const answer = await token.sign('01', { kind: 'ecdsa', hash: 'SHA-256' }, short, code('4271'));
    expect(verifyMessage('sha256', Buffer.from('message'), { ...key, key: keys.publicKey }, answer)).toBe(
      true,
    );
    channel.expectFinished();
  });

  it('cuts a longer digest to 48 bytes', async () => {
    const long = digestOf('SHA-512');
    const key = { key: keys.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const { token, channel } = await cardWith(
      [selectSignature, '9000'],
      counter('05', '03'),
      ['002241B6 06 800154 84019F', '9000'],
      ['00200085 0C 3132333435FFFFFFFFFFFFFF', '9000'],
      [
        `002A9E9A 30 ${hexOf(long.subarray(0, 48))} 00`,
        `${hexOf(signMessage('sha512', Buffer.from('message'), key))} 9000`,
      ],
      [selectMain, '9000'],
    );
    await token.sign('02', { kind: 'ecdsa', hash: 'SHA-512' }, long, code('12345'));
    channel.expectFinished();
  });

  it('never hands out a signature that does not hold', async () => {
    const broken = bytes(validSignature());
    broken[50] = (broken[50] ?? 0) ^ 1;
    const { token, channel } = await cardWith(
      [selectSignature, '9000'],
      counter('05', '03'),
      ['002241B6 06 800154 84019F', '9000'],
      ['00200085 0C 3132333435FFFFFFFFFFFFFF', '9000'],
      [`002A9E9A 30 ${hexOf(digest)} 00`, `${hexOf(broken)} 9000`],
      [selectMain, '9000'],
    );
    expect((await failureOf(token.sign('02', sha384, digest, code('12345')))).code).toBe('signature-invalid');
    channel.expectFinished();
  });

  it('gets a wrong PIN once, and nothing after it', async () => {
    const { token, channel } = await cardWith(
      [selectSignature, '9000'],
      counter('05', '03'),
      ['002241B6 06 800154 84019F', '9000'],
      ['00200085 0C 3939383837FFFFFFFFFFFFFF', '63C2'],
    );
    expect(await failureOf(token.sign('02', sha384, digest, code('99887')))).toMatchObject({
      code: 'pin-wrong',
      triesLeft: 2,
    });
    channel.expectFinished();
  });

  it.each([
    ['63C1', 'pin-wrong', 1],
    ['63C0', 'pin-blocked', 0],
    ['6983', 'pin-blocked', 0],
    ['6984', 'pin-blocked', 0],
    ['6300', 'pin-wrong', undefined],
    ['6985', 'pin-change-first', undefined],
    ['6700', 'pin-length', undefined],
    ['6A80', 'pin-length', undefined],
    ['6982', 'card-refused', undefined],
    ['6A88', 'card-refused', undefined],
    ['6CFF', 'card-refused', undefined],
    ['6100', 'card-refused', undefined],
    ['6F00', 'card-refused', undefined],
    ['9001', 'card-refused', undefined],
  ] as const)(
    'answers VERIFY with %s: %s, and the PIN is not sent again',
    async (sw, expected, triesLeft) => {
      const { token, channel } = await cardWith([selectMain, '9000'], counter('01', '03'), [
        '00200001 0C 34323731FFFFFFFFFFFFFFFF',
        sw,
      ]);
      const failure = await failureOf(token.verify('PIN1', code('4271')));
      expect([failure.code, failure.triesLeft]).toEqual([expected, triesLeft]);
      channel.expectFinished();
    },
  );

  it.each([
    'card-removed',
    'reader-removed',
    'service-stopped',
    'reader-fault',
    'card-timeout',
    'card-mute',
  ] as const satisfies readonly FailureCode[])(
    'that fails with %s while a PIN is under way leaves the outcome unknown',
    async (gone) => {
      const details: FailureDetails = { detail: 'while transmitting' };
      const { token, channel } = await cardWith([selectMain, '9000'], counter('01', '03'), [
        '00200001 0C 34323731FFFFFFFFFFFFFFFF',
        new Failure(gone, details),
      ]);
      const failure = await failureOf(token.verify('PIN1', code('4271')));
      expect(failure.code).toBe('pin-outcome-unknown');
      // Whatever may be on the reader now: it has to be read before it gets a PIN.
      const next = await failureOf(token.verify('PIN1', code('4271')));
      expect(['card-changed', gone]).toContain(next.code);
      channel.expectFinished();
      expect(channel.buffers.at(-1)?.every((value) => value === 0)).toBe(true);
    },
  );

  it('is changed: old and new PIN in one command', async () => {
    const { token, channel } = await cardWith(
      [selectSignature, '9000'],
      counter('05', '03'),
      ['00240085 18 3132333435FFFFFFFFFFFFFF 3935303331FFFFFFFFFFFFFF', '9000'],
      [selectMain, '9000'],
    );
    await token.change('PIN2', code('12345'), code('95031'));
    channel.expectFinished();
  });

  it.each([
    ['6A80', 'pin-new-refused'],
    ['63C2', 'pin-wrong'],
    ['6983', 'pin-blocked'],
    ['6985', 'card-refused'],
  ] as const)('answers CHANGE with %s: %s', async (sw, expected) => {
    const { token, channel } = await cardWith([selectMain, '9000'], counter('01', '03'), [
      '00240001 18 34323731FFFFFFFFFFFFFFFF 39353033FFFFFFFFFFFFFFFF',
      sw,
    ]);
    expect((await failureOf(token.change('PIN1', code('4271'), code('9503')))).code).toBe(expected);
    channel.expectFinished();
  });

  it('is unblocked: VERIFY of the PUK, then the new PIN alone', async () => {
    const { token, channel } = await cardWith(
      [selectMain, '9000'],
      counter('02', '03'),
      ['00200002 0C 3730333138323634FFFFFFFF', '9000'],
      [selectSignature, '9000'],
      ['002C0285 0C 3935303331FFFFFFFFFFFFFF', '9000'],
      [selectMain, '9000'],
    );
    await token.unblock('PIN2', code('70318264'), code('95031'));
    channel.expectFinished();
  });

  it('is not unblocked by a wrong PUK, and the new PIN is not sent', async () => {
    const { token, channel } = await cardWith([selectMain, '9000'], counter('02', '03'), [
      '00200002 0C 3131313132323232FFFFFFFF',
      '63C2',
    ]);
    expect(await failureOf(token.unblock('PIN1', code('11112222'), code('9503')))).toMatchObject({
      code: 'puk-wrong',
      triesLeft: 2,
    });
    channel.expectFinished();
  });

  it('that refuses the new PIN after the PUK says so, and forgets the PUK', async () => {
    const { token, channel } = await cardWith(
      [selectMain, '9000'],
      counter('02', '03'),
      ['00200002 0C 3730333138323634FFFFFFFF', '9000'],
      ['002C0201 0C 39353033FFFFFFFFFFFFFFFF', '6A80'],
      [selectMain, '9000'],
    );
    const failure = await failureOf(token.unblock('PIN1', code('70318264'), code('9503')));
    expect(failure.code).toBe('pin-new-refused');
    channel.expectFinished();
  });

  it('is closed with a reset when it cannot forget the PIN; what was done stays done', async () => {
    const { token, channel } = await cardWith(
      [selectMain, '9000'],
      counter('01', '03'),
      ['00200001 0C 34323731FFFFFFFFFFFFFFFF', '9000'],
      [selectMain, '6F00'],
    );
    await token.verify('PIN1', code('4271'));
    channel.expectFinished();
    expect(await channel.gone).toBe('closed');
    // The agent reads it again: that is what this code makes it do.
    expect((await failureOf(token.pins())).code).toBe('card-changed');
  });
});

describe('the profile of EstEID', () => {
  it('is not believed when the application is not there: PKCS#15 data is looked for, and no PIN can be sent', async () => {
    const channel = new TransactionChannel(
      [
        [selectMain, '6A82'],
        [selectAuthentication, '6A82'],
      ],
      atr,
    );
    // The next command is the first of PKCS#15 discovery, which this script does not know.
    expect((await failureOf(openToken(channel))).code).toBe('internal');
    expect(channel.received.slice(0, 3)).toEqual([
      hexOf(bytes(selectMain)),
      hexOf(bytes(selectAuthentication)),
      '00A40800022F0000',
    ]);
  });

  it('is not tried on a card with another ATR', async () => {
    const channel = new TransactionChannel([], '3BDB960080B1FE451F830012428F536549440F900020');
    await failureOf(openToken(channel));
    expect(channel.received).toEqual(['00A40800022F0000']);
  });
});
