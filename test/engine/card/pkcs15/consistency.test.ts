import { describe, expect, it } from 'vitest';
import { parseAodf } from '../../../../electron/engine/card/pkcs15/aodf.ts';
import { parseCdf } from '../../../../electron/engine/card/pkcs15/cdf.ts';
import {
  contradictions,
  keyOfCertificate,
  markUnblockers,
  pinOfKey,
  unblockerOfPin,
} from '../../../../electron/engine/card/pkcs15/consistency.ts';
import type { Pkcs15Pin } from '../../../../electron/engine/card/pkcs15/model.ts';
import { parsePrkdf } from '../../../../electron/engine/card/pkcs15/prkdf.ts';
import { aodf, cdf, prkdf } from './example-files.ts';

const pins = markUnblockers(parseAodf(aodf.file).objects);
const keys = parsePrkdf(prkdf.file).objects;
const certificates = parseCdf(cdf.file).objects;
const [pin1, pin2, puk] = pins as [Pkcs15Pin, Pkcs15Pin, Pkcs15Pin];
const [authentication, signature] = keys as [(typeof keys)[0], (typeof keys)[0]];
const [authenticationCertificate, signatureCertificate] = certificates as [
  (typeof certificates)[0],
  (typeof certificates)[0],
];
const good = { pins, keys, certificates };

describe('a card in order', () => {
  it('has no contradictions', () => {
    expect(contradictions(good)).toEqual([]);
  });

  it('leads from certificate to key to PIN to PUK', () => {
    expect(keyOfCertificate(good, authenticationCertificate)).toBe(authentication);
    expect(keyOfCertificate(good, signatureCertificate)).toBe(signature);
    expect(pinOfKey(good, authentication)).toBe(pin1);
    expect(pinOfKey(good, signature)).toBe(pin2);
    expect(unblockerOfPin(good, pin2)).toBe(puk);
    // PIN1 names no guard, but there is only one PUK.
    expect(unblockerOfPin(good, pin1)).toBe(puk);
  });
});

describe('contradictions', () => {
  const kinds = (card: Parameters<typeof contradictions>[0]) => contradictions(card).map(({ kind }) => kind);

  it('a certificate for a key that is not there', () => {
    const card = { ...good, keys: [authentication] };
    expect(kinds(card)).toEqual(['certificate-without-key']);
    expect(keyOfCertificate(card, signatureCertificate)).toBeUndefined();
  });

  it('but an authority needs no key', () => {
    const authority = { ...signatureCertificate, id: '99', authority: true };
    expect(kinds({ ...good, certificates: [...certificates, authority] })).toEqual([]);
  });

  it('a key that names no PIN of the card', () => {
    const card = { ...good, pins: [pin1, puk] };
    expect(kinds(card)).toEqual(['pin-unknown']);
    expect(pinOfKey(card, signature)).toBeUndefined();
  });

  it('two PINs of the same name: no try is spent on a guess', () => {
    const card = { ...good, pins: [pin1, { ...pin2, authId: '01' }, puk], keys: [authentication] };
    expect(kinds(card)).toContain('duplicate-id');
    expect(pinOfKey(card, authentication)).toBeUndefined();
  });

  it('two keys of the same name', () => {
    const card = { ...good, keys: [authentication, { ...signature, id: '45' }] };
    expect(kinds(card)).toEqual(['duplicate-id', 'certificate-without-key']);
    expect(keyOfCertificate(card, authenticationCertificate)).toBeUndefined();
  });

  it('lengths that cannot be', () => {
    expect(kinds({ ...good, pins: [{ ...pin1, minLength: 9 }, pin2, puk] })).toEqual(['pin-lengths']);
    expect(kinds({ ...good, pins: [{ ...pin1, maxLength: 12 }, pin2, puk] })).toEqual(['pin-lengths']);
  });

  it('a PIN that guards itself, or is guarded by nothing', () => {
    const itself = { ...pin2, guardedBy: '02' };
    expect(kinds({ ...good, pins: [pin1, itself, puk] })).toEqual(['pin-unknown']);
    expect(unblockerOfPin({ ...good, pins: [pin1, itself, puk] }, itself)).toBeUndefined();
    expect(markUnblockers([itself])[0]?.unblocks).toBe(false);
    expect(kinds({ ...good, pins: [pin1, { ...pin2, guardedBy: '7F' }, puk] })).toEqual(['pin-unknown']);
  });

  it('a PUK without its flag is still the PUK of who names it', () => {
    const unmarked = { ...puk, flags: { ...puk.flags, unblockingPin: false }, unblocks: false };
    const marked = markUnblockers([pin1, pin2, unmarked]);
    expect(marked.map(({ unblocks }) => unblocks)).toEqual([false, false, true]);
    expect(kinds({ ...good, pins: marked })).toEqual(['puk-unmarked']);
  });

  it('two PUKs: no guess', () => {
    const card = { ...good, pins: [pin1, pin2, puk, { ...puk, authId: '04' }] };
    expect(unblockerOfPin(card, pin1)).toBeUndefined();
    expect(unblockerOfPin(card, pin2)).toBe(puk);
  });
});
