import { describe, expect, it } from 'vitest';
import {
  bundleText,
  type SupportBundle,
  supportBundleSchema,
} from '../../../../electron/contract/diagnostics/bundle.ts';
import { Failure } from '../../../../electron/contract/failures/failure.ts';
import { FailureHistory } from '../../../../electron/engine/diagnostics/report/failure-history.ts';
import { identifyReader } from '../../../../electron/engine/diagnostics/report/reader-identity.ts';
import { packageVersions, plainVersion } from '../../../../electron/engine/diagnostics/report/versions.ts';

const bundle: SupportBundle = {
  format: 'buletin-support-bundle',
  version: 1,
  createdAt: '2026-11-22T08:00:00.000Z',
  versions: {
    buletin: '0.1.0',
    node: '24.21.0',
    platform: 'linux',
    architecture: 'x64',
    system: '6.1.0',
    packages: { pcscd: '1.9.9-2+deb12u1' },
  },
  language: 'ro',
  simulated: false,
  service: { state: 'running', failure: null },
  readers: [{ kind: 'usb', usb: '076b:6622', state: 'present', atr: '3BDF96FF', pinPad: 'quirk' }],
  card: {
    source: 'pkcs15',
    simulated: false,
    certificates: [{ role: 'signature', key: 'EC', bits: 384, status: 'valid', validUntil: '2027-03' }],
    pins: [{ name: 'PIN1', tries: 2, changeFirst: false }],
  },
  cardProblem: null,
  session: 'ready',
  checks: [{ check: 'D19', state: 'notice', cause: null, ms: 12 }],
  shortCode: null,
  failures: [{ at: '2026-11-22T07:59:00.000Z', code: 'pin-wrong', triesLeft: 2 }],
  traces: [],
};

/** All places of a value that hold a text, by their path. */
function textPlaces(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return [[...at]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textPlaces(inner, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

function withText(path: readonly (string | number)[], text: string): unknown {
  const copy = structuredClone(bundle) as unknown as Record<string | number, unknown>;
  let inner = copy;
  for (const key of path.slice(0, -1)) inner = inner[key] as Record<string | number, unknown>;
  inner[path.at(-1) as string | number] = text;
  return copy;
}

describe('the allow-list of the support bundle', () => {
  it('takes what it is for', () => {
    expect(supportBundleSchema.parse(bundle)).toEqual(bundle);
    expect(JSON.parse(bundleText(bundle))).toEqual(bundle);
  });

  const places = textPlaces(bundle);
  it('has texts to be tried', () => expect(places.length).toBeGreaterThan(20));

  it.each(places.map((place) => [place.join('.'), place] as const))(
    'has no place for a text at %s',
    (_, place) => {
      const secrets = [
        'Ana Țurcanu',
        'turcanu',
        '2500000000010',
        '/home/ana/cerere.pdf',
        'laptop-ana',
        'ana@example.org',
        'PNOMD-2500000000010',
        'C:\\Users\\ana',
        Buffer.from('2500000000010').toString('base64'),
        '6.1.0-laptop-ana',
      ];
      for (const secret of secrets)
        expect(supportBundleSchema.safeParse(withText(place, secret)).success, secret).toBe(false);
    },
  );

  it('has no place for anything that is not named', () => {
    const places = [
      [],
      ['versions'],
      ['service'],
      ['readers', 0],
      ['card'],
      ['card', 'pins', 0],
      ['failures', 0],
      ['checks', 0],
    ];
    for (const place of places) {
      expect(supportBundleSchema.safeParse(withText([...place, 'extra'], 'x')).success, place.join('.')).toBe(
        false,
      );
    }
  });

  it('is written the same in any order of its fields', () => {
    const turned = Object.fromEntries(Object.entries(bundle).reverse()) as unknown as SupportBundle;
    expect(bundleText(turned)).toBe(bundleText(bundle));
  });
});

describe('versions', () => {
  it('keep their numbers, and nothing that follows', () => {
    expect(plainVersion('v24.21.0')).toBe('24.21.0');
    expect(plainVersion('6.1.0-laptop-ana')).toBe('6.1.0');
    expect(plainVersion('laptop-ana')).toBeNull();
  });

  it('of packages are those of the list, in the form of a distribution', () => {
    const answer =
      'pcscd 1.9.9-2\nlibccid 1.5.2-1\nopensc 0.23.0-0.3+deb12u2\nana 1.0\npcscd-ana 1\nlibpcsclite1 ana\n';
    expect(packageVersions(answer)).toEqual({
      pcscd: '1.9.9-2',
      libccid: '1.5.2-1',
      opensc: '0.23.0-0.3+deb12u2',
    });
  });
});

describe('readers', () => {
  const reader = (name: string, simulated = false) => ({
    name,
    simulated,
    state: 'empty' as const,
    atr: null,
    generation: 0,
  });

  it('are told by number, never by name', () => {
    expect(
      identifyReader(reader('HID Global OMNIKEY 3x21 Smart Card Reader [ana] (SN1234) 00 00'), undefined),
    ).toEqual({
      kind: 'usb',
      usb: '076b:3031',
      pinPad: 'quirk',
    });
    expect(identifyReader(reader('Reader of Ana'), undefined)).toEqual({
      kind: 'unknown',
      usb: null,
      pinPad: 'unknown',
    });
    expect(identifyReader(reader('Reader of Ana'), { vendor: 0x1234, product: 0xabcd })).toMatchObject({
      kind: 'usb',
      usb: '1234:abcd',
    });
    expect(identifyReader(reader('Windows Hello for Business 1'), undefined).kind).toBe('virtual');
    expect(identifyReader(reader('Buletin Simulated Reader', true), undefined).kind).toBe('simulated');
  });
});

describe('the history of failures', () => {
  it('keeps code, time and tries, and nothing of what it was about', () => {
    const history = new FailureHistory(() => new Date('2026-11-22T08:00:00Z'));
    history.add(
      new Failure('pin-wrong', { parameters: { pin: 'PIN1', reader: 'Ana' }, triesLeft: 1, detail: '4271' }),
    );
    history.add(new Failure('input-unreadable', { parameters: { path: '/home/ana' } }));
    expect(history.entries).toEqual([
      { at: '2026-11-22T08:00:00.000Z', code: 'pin-wrong', triesLeft: 1 },
      { at: '2026-11-22T08:00:00.000Z', code: 'input-unreadable' },
    ]);
  });

  it('holds the last 200', () => {
    const history = new FailureHistory();
    for (let count = 0; count < 250; count++) history.add(new Failure(count < 60 ? 'internal' : 'cancelled'));
    expect([
      history.entries.length,
      history.entries.filter(({ code }) => code === 'internal').length,
    ]).toEqual([200, 10]);
  });
});
