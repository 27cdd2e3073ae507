import { beforeAll, describe, expect, it } from 'vitest';
import type {
  Pkcs15Card,
  Pkcs15Key,
  Pkcs15Pin,
  Pkcs15TokenInfo,
} from '../../../electron/engine/card/pkcs15/model.ts';
import { type OverlayProfile, parseProfile } from '../../../electron/engine/card/profiles/schema.ts';
import { namePins } from '../../../electron/engine/token/pin-naming.ts';
import { pkcs15Model } from '../../../electron/engine/token/pkcs15-model.ts';
import type { TokenModel, UnnamedPin } from '../../../electron/engine/token/token-model.ts';
import { bytes, failureFrom } from '../card/scripted-channel.ts';
import { freshCard } from './desk.ts';

const pinFlags: Pkcs15Pin['flags'] = {
  caseSensitive: false,
  local: true,
  changeDisabled: false,
  unblockDisabled: false,
  initialized: true,
  needsPadding: true,
  unblockingPin: false,
  soPin: false,
  disableAllowed: false,
  integrityProtected: false,
  confidentialityProtected: false,
  exchangeReferenceData: false,
};
const path = (hex: string) => ({ file: bytes(hex), index: undefined, length: undefined });
const pin: Pkcs15Pin = {
  label: 'PIN2',
  authId: '02',
  guardedBy: '03',
  flags: pinFlags,
  unblocks: false,
  type: 'ascii-numeric',
  minLength: 6,
  storedLength: 8,
  maxLength: 8,
  reference: 0x81,
  padByte: 0xff,
  path: path('3F005015'),
};
const puk: Pkcs15Pin = {
  ...pin,
  label: 'PUK',
  authId: '03',
  guardedBy: undefined,
  unblocks: true,
  reference: 0x83,
};
const key: Pkcs15Key = {
  label: 'Key',
  id: '01',
  authId: '02',
  userConsent: 1,
  type: 'ec',
  usage: {
    encipher: false,
    decipher: false,
    sign: false,
    signRecover: false,
    keyEncipher: false,
    keyDecipher: false,
    verify: false,
    verifyRecover: false,
    derive: false,
    nonRepudiation: true,
  },
  keyReference: 0x91,
  algorithmReferences: [1],
  path: path('4B01'),
  modulusLength: undefined,
  fieldSize: 384,
};
const tokenInfo: Pkcs15TokenInfo = {
  version: 0,
  serialNumber: 'aabb',
  manufacturer: 'Somebody',
  label: 'Card',
  flags: { readOnly: false, authenticationRequired: true, prnGeneration: false },
  algorithms: [{ reference: 1, mechanism: 0x1041, cardReference: 4 }],
};
const card: Pkcs15Card = {
  application: { aid: bytes('A000000063504B43532D3135'), label: 'App', path: bytes('3F005015') },
  otherApplications: [],
  tokenInfo,
  pins: [pin, puk],
  keys: [key],
  certificates: [
    {
      label: 'Certificate',
      id: '01',
      authority: false,
      authId: undefined,
      source: { kind: 'file', path: path('4301') },
    },
  ],
  remarks: [],
};

let ec: Uint8Array;
let rsa: Uint8Array;

beforeAll(async () => {
  ec = (await freshCard({ card: '2025' })).certificates.signature ?? new Uint8Array(0);
  rsa = (await freshCard({ card: 'eid' })).certificates.signature ?? new Uint8Array(0);
});

function modelOf(change: Partial<Pkcs15Card> = {}, der = ec, overlay?: OverlayProfile): TokenModel {
  const changed = { ...card, ...change };
  const values = changed.certificates.map((certificate) => ({ certificate, der, problem: undefined }));
  return pkcs15Model(changed, values, overlay);
}

const overlay = (more: object): OverlayProfile =>
  parseProfile({
    kind: 'overlay',
    id: 'x',
    title: 'X',
    status: 'simulated',
    sources: ['x'],
    match: { manufacturer: 'Somebody' },
    ...more,
  }) as OverlayProfile;

const verbs = (steps: readonly { verb: string }[] | undefined): string =>
  (steps ?? []).map(({ verb }) => verb).join(' ');

describe('a card that describes itself', () => {
  it('needs nothing else', () => {
    const model = modelOf();
    expect(model).toMatchObject({ source: 'pkcs15', label: 'Card', serial: 'aabb', simulated: false });
    expect(model.pins.map(({ name, puk: by }) => [name, by])).toEqual([
      ['PIN2', '03'],
      ['PUK', undefined],
    ]);
    const [pin2, unblocker] = model.pins;
    expect(verbs(pin2?.verify)).toBe('select-path verify');
    expect(verbs(pin2?.change)).toBe('select-path change');
    expect(verbs(pin2?.unblock)).toBe('select-path unblock');
    expect(unblocker).toMatchObject({ verify: undefined, change: undefined, unblock: undefined });
    expect(verbs(model.certificates[0]?.key?.ways[0]?.steps)).toBe(
      'select-path verify select-path mse-set pso-cds',
    );
  });

  it('gets no empty VERIFY, no log-out and no meaning of flags without an overlay that names them', () => {
    const model = modelOf({ pins: [{ ...pin, flags: { ...pinFlags, initialized: false } }, puk] });
    expect(model.logout).toBeUndefined();
    expect(model.pins.map(({ tries, changeFirst }) => [tries, changeFirst])).toEqual([
      [undefined, false],
      [undefined, false],
    ]);
    const more = overlay({ tries: 'empty-verify', changeFirst: 'not-initialized', logout: 'verify-ff' });
    const known = modelOf({ pins: [{ ...pin, flags: { ...pinFlags, initialized: false } }, puk] }, ec, more);
    expect(known.pins.map(({ tries, changeFirst }) => [verbs(tries), changeFirst])).toEqual([
      ['select-path pin-status', true],
      ['select-path pin-status', false],
    ]);
    expect(known.logout).toEqual([
      { verb: 'logout', pin: '02' },
      { verb: 'logout', pin: '03' },
    ]);
    expect(modelOf({}, ec, overlay({ logout: 'deauthenticate' })).logout).toEqual([{ verb: 'logout' }]);
  });

  it.each([
    ['its authId is given twice', [pin, { ...pin, reference: 0x82 }, puk]],
    ['it has to be padded, but nothing says with what', [{ ...pin, padByte: undefined }, puk]],
    ['no length fits it', [{ ...pin, minLength: 9 }, puk]],
    ['it is not there', [puk]],
  ])('has no usable key when of its PIN %s', (_, pins) => {
    const model = modelOf({ pins });
    expect(model.pins.filter(({ name }) => name !== 'PUK')).toEqual([]);
    expect(model.certificates.map((certificate) => certificate.key)).toEqual([undefined]);
  });

  it('lets a PIN be changed and unblocked only as its flags say', () => {
    const fixed = { ...pin, flags: { ...pinFlags, changeDisabled: true, unblockDisabled: true } };
    const model = modelOf({ pins: [fixed, puk] });
    expect(model.pins[0]).toMatchObject({ change: undefined, unblock: undefined });
    expect(modelOf({ pins: [pin] }).pins[0]?.unblock).toBeUndefined();
    // Two unblocking PINs and no word which one: none.
    const unclear = { ...pin, guardedBy: undefined };
    expect(modelOf({ pins: [unclear, puk, { ...puk, authId: '04' }] }).pins[0]?.unblock).toBeUndefined();
    expect(modelOf({ pins: [unclear, puk] }).pins[0]?.puk).toBe('03');
  });

  it('has no usable key when two keys bear its id, or the certificate is of another type', () => {
    const model = modelOf({ keys: [key, { ...key, keyReference: 0x92 }] });
    expect(model.certificates[0]?.key).toBeUndefined();
    expect(modelOf({}, rsa).certificates[0]?.key).toBeUndefined();
    expect(modelOf({ keys: [] }).certificates[0]?.key).toBeUndefined();
  });

  it('shows an authority’s certificate as other, without a key', () => {
    const certificates = card.certificates.map((certificate) => ({ ...certificate, authority: true }));
    expect(modelOf({ certificates }).certificates[0]).toMatchObject({ role: 'other', key: undefined });
  });

  it('is usable although one of its certificates is broken, but not when all are', () => {
    const [certificate] = card.certificates;
    if (!certificate) throw new Error('no certificate');
    const broken = {
      certificate: { ...certificate, id: '07' },
      der: bytes('3006 3004 02020123'),
      problem: undefined,
    };
    const good = { certificate, der: ec, problem: undefined };
    expect(pkcs15Model(card, [broken, good], undefined).certificates.map(({ id }) => id)).toEqual(['01']);
    expect(failureFrom(() => pkcs15Model(card, [broken], undefined)).code).toBe('card-malformed');
    expect(pkcs15Model(card, [], undefined).certificates).toEqual([]);
  });

  it('signs without a PIN where the key names none', () => {
    const model = modelOf({ keys: [{ ...key, authId: undefined }] });
    const only = model.certificates[0]?.key;
    expect(only?.pin).toBeUndefined();
    expect(verbs(only?.ways[0]?.steps)).toBe('select-path mse-set pso-cds');
  });

  it('is reached by its AID where it has no path', () => {
    const application = { ...card.application, path: undefined };
    const model = modelOf({ application, pins: [{ ...pin, path: undefined }, puk] });
    expect(verbs(model.pins[0]?.verify)).toBe('select-name verify');
    expect(verbs(model.certificates[0]?.key?.ways[0]?.steps)).toBe(
      'select-name verify select-name select-path mse-set pso-cds',
    );
  });

  it('offers only mechanisms whose input is certain', () => {
    const rsaKey: Pkcs15Key = { ...key, type: 'rsa', algorithmReferences: [1, 2, 3, 4] };
    const algorithms = [
      { reference: 1, mechanism: 0x0001, cardReference: 2 },
      { reference: 2, mechanism: 0x0003, cardReference: 0 },
      { reference: 3, mechanism: 0x0040, cardReference: 0x42 },
      { reference: 4, mechanism: 0x1041, cardReference: 4 },
    ];
    const ways = (references: readonly number[]) =>
      modelOf(
        { keys: [{ ...rsaKey, algorithmReferences: references }], tokenInfo: { ...tokenInfo, algorithms } },
        rsa,
      ).certificates[0]?.key?.ways ?? [];
    expect([...new Set(ways([1, 2, 3, 4]).map(({ algorithm }) => algorithm.kind))]).toEqual([
      'rsa-pkcs1',
      'rsa-pss',
    ]);
    expect(ways([3])).toEqual([]);
    const data = ways([2])[0]?.steps.find((step) => step.verb === 'mse-set');
    expect(data).toMatchObject({ template: 'B6', data: '800100840191' });
    // Nothing said: the card's default, without an algorithm reference.
    const silent = ways([]);
    expect([...new Set(silent.map(({ algorithm }) => algorithm.kind))]).toEqual(['rsa-pkcs1']);
    expect(silent[0]?.steps.find((step) => step.verb === 'mse-set')).toMatchObject({ data: '840191' });
  });

  it('writes a key reference of two bytes as two bytes', () => {
    const steps = modelOf({ keys: [{ ...key, keyReference: 0x0191 }] }).certificates[0]?.key?.ways[0]?.steps;
    expect(steps?.find((step) => step.verb === 'mse-set')).toMatchObject({ data: '80010484020191' });
  });
});

describe('the names of PINs', () => {
  const unnamed = (id: string, label: string, unblocks = false): UnnamedPin => ({
    id,
    label,
    unblocks,
    address: { reference: 1 },
    coding: 'ascii',
    digitsOnly: true,
    length: { min: 4, max: 4 },
    changeFirst: false,
    puk: undefined,
  });
  const names = (pins: UnnamedPin[], keys: Parameters<typeof namePins>[1]) =>
    namePins(pins, keys).map(({ id, name }) => [id, name]);

  it('follow the keys that they guard, whatever their labels say', () => {
    const keys = [
      { pin: 'a', role: 'signature' },
      { pin: 'b', role: 'authentication' },
    ] as const;
    expect(names([unnamed('a', 'PIN1'), unnamed('b', 'PIN2'), unnamed('c', 'x', true)], keys)).toEqual([
      ['a', 'PIN2'],
      ['b', 'PIN1'],
      ['c', 'PUK'],
    ]);
  });

  it('are PIN2 for the only PIN of a card with one qualified certificate', () => {
    expect(names([unnamed('a', 'PIN')], [{ pin: 'a', role: 'signature' }])).toEqual([['a', 'PIN2']]);
  });

  it('are PIN1 for a PIN that guards both', () => {
    const keys = [
      { pin: 'a', role: 'signature' },
      { pin: 'a', role: 'authentication' },
    ] as const;
    expect(names([unnamed('a', 'PIN')], keys)).toEqual([['a', 'PIN1']]);
  });

  it('follow the labels where no key tells', () => {
    expect(names([unnamed('a', 'PIN2'), unnamed('b', 'Authentication PIN')], [])).toEqual([
      ['a', 'PIN2'],
      ['b', 'PIN1'],
    ]);
    expect(names([unnamed('a', 'PIN 1 (auth)'), unnamed('b', 'PIN12')], [])).toEqual([
      ['a', 'PIN1'],
      ['b', undefined],
    ]);
  });

  it('are given once; what guards nothing of ours has none', () => {
    const keys = [
      { pin: 'a', role: 'signature' },
      { pin: 'b', role: 'signature' },
    ] as const;
    const pins = [
      unnamed('a', ''),
      unnamed('b', ''),
      unnamed('c', 'data'),
      unnamed('d', '', true),
      unnamed('e', '', true),
    ];
    expect(names(pins, keys)).toEqual([
      ['a', 'PIN2'],
      ['b', undefined],
      ['c', undefined],
      ['d', 'PUK'],
      ['e', undefined],
    ]);
  });
});
