import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  knownProfiles,
  layoutsForAtr,
  overlayFor,
  recognise,
} from '../../../../electron/engine/card/profiles/known-profiles.ts';
import { type LayoutProfile, parseProfile } from '../../../../electron/engine/card/profiles/schema.ts';
import { bytes } from '../scripted-channel.ts';

const folder = path.resolve('electron/engine/card/profiles');
const document = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Record<string, unknown>;

const tokenInfo = (manufacturer: string) => ({
  version: 0,
  serialNumber: '',
  manufacturer,
  label: '',
  flags: { readOnly: false, authenticationRequired: false, prnGeneration: false },
  algorithms: [],
});

describe('the profiles that come with the program', () => {
  it('are all the documents there are, each with a source and a status', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(knownProfiles.map(({ id }) => `${id}.json`).sort()).toEqual(names.sort());
    for (const profile of knownProfiles) expect(profile.sources.length).toBeGreaterThan(0);
    expect(Object.fromEntries(knownProfiles.map(({ id, status }) => [id, status]))).toEqual({
      esteid2018: 'public specification',
      sandbox: 'simulated',
      'moldova-2025': 'not public',
    });
  });

  it.each([
    ['3BDB960080B1FE451F830012233F536549440F9000F1', ['esteid2018']],
    ['3BDC960080B1FE451F830012233F54654944320F9000C3', ['esteid2018']],
    // Latvia's card of the same maker, and an ATR with one byte more
    ['3BDB960080B1FE451F830012428F536549440F900020', []],
    ['3BDB960080B1FE451F830012233F536549440F9000F100', []],
    ['3BDF96FF8131FE4580738421E0574D44415F415350810F87', []],
  ])('ATR %s has the layouts %j', (atr, ids) => {
    expect(layoutsForAtr(bytes(atr)).map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    ['3BDF96FF8131FE4580738421E0574D44415F415350810F87', 'moldova-2025'],
    ['3BDF96008131FE4580738421E0574D44415F415350810F78', 'moldova-2025'],
    // A German STARCOS card whose ATR begins the same
    ['3BDF96FF8131FE45805B44452E42415F53433335328105B5', undefined],
    ['3BDF96008131FE4580738421E05569780000808307900024', undefined],
  ])('ATR %s is recognised as %s', (atr, id) => {
    expect(recognise(bytes(atr))?.id).toBe(id);
  });

  it('lets the sandbox’s overlay apply to its own manufacturer only', () => {
    expect(overlayFor(tokenInfo('Buletin sandbox'))?.id).toBe('sandbox');
    expect(overlayFor(tokenInfo('Buletin sandbox '))).toBeUndefined();
    expect(overlayFor(tokenInfo('IDEMIA'))).toBeUndefined();
    expect(overlayFor(undefined)).toBeUndefined();
  });

  it('has the references of the public EstEID profile', () => {
    const [estEid] = layoutsForAtr(bytes('3BDB960080B1FE451F830012233F536549440F9000F1')) as [LayoutProfile];
    expect(estEid.pins.map(({ id, reference, length, padding }) => [id, reference, length, padding])).toEqual(
      [
        ['PIN1', 0x01, { min: 4, max: 12 }, { storedLength: 12, padByte: 0xff }],
        ['PIN2', 0x85, { min: 5, max: 12 }, { storedLength: 12, padByte: 0xff }],
        ['PUK', 0x02, { min: 8, max: 12 }, { storedLength: 12, padByte: 0xff }],
      ],
    );
  });
});

describe('the schema of profiles', () => {
  /** The EstEID document with something replaced at a path. */
  const changed = (at: readonly (string | number)[], value: unknown): unknown => {
    const copy = document('esteid2018');
    let place = copy as Record<string | number, unknown>;
    for (const key of at.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
    const last = at.at(-1) ?? '';
    if (value === undefined) delete place[last];
    else place[last] = value;
    return copy;
  };
  const verify = { verb: 'verify', pin: 'PIN1' };
  const select = { verb: 'select-name', name: 'A000000077' };

  it('accepts the document as it is, and another correct one', () => {
    expect(() => parseProfile(document('esteid2018'))).not.toThrow();
    expect(() => parseProfile(changed(['logout'], undefined))).not.toThrow();
    expect(() => parseProfile(changed(['logout'], [{ verb: 'logout', pin: 'PIN1' }]))).not.toThrow();
    expect(() => parseProfile(changed(['keys', 0, 'sign', 1, 'data'], '8001048401{algorithm}'))).toThrow(
      'without a reference',
    );
  });

  it.each<[string, readonly (string | number)[], unknown]>([
    ['an unknown field', ['note'], 'x'],
    ['no source', ['sources'], []],
    ['an unknown status', ['status'], 'works for me'],
    ['a status of a card that is not public', ['status'], 'not public'],
    ['an unknown kind', ['kind'], 'script'],
    ['an id with a path in it', ['id'], '../x'],
    ['an ATR in lower case', ['match', 'atr', 0], '3bdb96'],
    ['an ATR longer than 33 bytes', ['match', 'atr', 0], '3B'.repeat(34)],
    ['no ATR', ['match', 'atr'], []],
    ['a PIN reference of two bytes', ['pins', 0, 'reference'], '0101'],
    ['a PIN reference as a number', ['pins', 0, 'reference'], 1],
    ['a PIN shorter than four digits', ['pins', 0, 'length', 'min'], 3],
    ['lengths the wrong way round', ['pins', 0, 'length', 'min'], 13],
    ['a PIN longer than stored', ['pins', 0, 'padding', 'storedLength'], 8],
    ['a PUK that is not there', ['pins', 0, 'puk'], 'PUK9'],
    ['unblocking without a PUK', ['pins', 0, 'puk'], undefined],
    ['two PINs of one id', ['pins', 1, 'id'], 'PIN1'],
    ['two keys of one id', ['keys', 1, 'id'], '01'],
    ['a key under a PIN that is not there', ['keys', 0, 'pin'], 'PIN9'],
    ['a key without algorithms', ['keys', 0, 'algorithms'], []],
    ['an unknown verb', ['keys', 0, 'sign', 0, 'verb'], 'eval'],
    ['a verb with another field', ['keys', 0, 'sign', 0, 'then'], []],
    ['an expression in a template', ['keys', 0, 'sign', 1, 'data'], '8001{key+1}'],
    ['odd hex', ['keys', 0, 'sign', 1, 'data'], '800'],
    ['signing without a PIN', ['keys', 0, 'sign', 2], select],
    ['signing with two VERIFYs', ['keys', 0, 'sign', 0], verify],
    ['signing under another key’s PIN', ['keys', 0, 'sign', 2, 'pin'], 'PIN2'],
    ['signing that ends with VERIFY', ['keys', 0, 'sign', 3], verify],
    ['reading that verifies', ['keys', 0, 'certificate', 0], verify],
    ['a counter read with VERIFY', ['pins', 0, 'tries'], [select, verify]],
    ['a counter of another PIN', ['pins', 0, 'tries'], [select, { verb: 'pin-status', pin: 'PIN2' }]],
    ['verifying with nothing', ['pins', 0, 'verify'], []],
    ['verifying another PIN', ['pins', 0, 'verify', 1, 'pin'], 'PIN2'],
    ['verifying twice', ['pins', 0, 'verify'], [verify, verify]],
    ['changing another PIN', ['pins', 0, 'change', 1, 'pin'], 'PIN2'],
    ['unblocking that verifies the PIN itself', ['pins', 0, 'unblock', 1, 'pin'], 'PIN1'],
    ['unblocking another PIN', ['pins', 0, 'unblock', 2, 'pin'], 'PIN2'],
    ['unblocking that presents the PUK twice', ['pins', 0, 'unblock', 2, 'with'], 'puk-and-pin'],
    ['unblocking without the PUK', ['pins', 0, 'unblock', 1], select],
    ['a log-out that verifies', ['logout'], [verify]],
    ['more than twelve steps', ['logout'], Array.from({ length: 13 }, () => select)],
  ])('refuses %s', (_, at, value) => {
    expect(() => parseProfile(changed(at, value))).toThrow();
  });

  it('refuses an overlay that would contradict the card, and a recognised card with a layout', () => {
    expect(() => parseProfile({ ...document('sandbox'), pins: [] })).toThrow();
    expect(() => parseProfile({ ...document('sandbox'), tries: 'wrong-pin' })).toThrow();
    expect(() => parseProfile({ ...document('moldova-2025'), pins: [] })).toThrow();
    expect(() => parseProfile({ ...document('moldova-2025'), status: 'public specification' })).toThrow();
  });
});
