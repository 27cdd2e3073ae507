import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../electron/contract/text/languages.ts';
import { loadText } from '../../../renderer/app/text.tsx';
import { licences } from '../../../renderer/pages/about/licences.ts';
import { certificateFacts, groupedIdnp } from '../../../renderer/pages/certificates/certificate-facts.ts';
import { isBlocked, isLastTry } from '../../../renderer/pages/pins/pin-tries.ts';
import { signingReadiness } from '../../../renderer/pages/sign/signing-readiness.ts';
import { sizeText } from '../../../renderer/pages/sign/size-text.ts';
import { oneCertificateCard, pin, twoCertificateCard } from '../../../renderer/test-support/people.ts';

const json = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as Record<string, unknown>;

describe('the sentences of the pages', () => {
  it.each(languages)('are there in %s, with the same keys and the same values to fill in', (language) => {
    const romanian = json('renderer/locales/ro/pages.json') as Record<string, string>;
    const own = json(`renderer/locales/${language}/pages.json`) as Record<string, string>;
    expect(Object.keys(own)).toEqual(Object.keys(romanian));
    const names = (sentence: string) =>
      [...new Set([...sentence.matchAll(/\{([a-z]+)[,}]/g)].map(([, name]) => name))].sort();
    for (const [key, sentence] of Object.entries(romanian)) {
      expect([key, names(own[key] ?? '')]).toEqual([key, names(sentence)]);
    }
  });

  it('write Romanian with commas below, never cedillas', () => {
    expect(
      readFileSync(new URL('../../../renderer/locales/ro/pages.json', import.meta.url), 'utf8'),
    ).not.toMatch(/[şţŞŢ]/);
  });

  it('count documents as each language counts', async () => {
    const say = async (language: 'ro' | 'ru' | 'en', count: number) =>
      (await loadText(language)).t('page.sign.button', { count });
    expect(await say('ro', 1)).toBe('Semnați documentul');
    expect(await say('ro', 3)).toBe('Semnați 3 documente');
    expect(await say('ro', 20)).toBe('Semnați 20 de documente');
    expect(await say('ru', 1)).toBe('Подписать документ');
    expect(await say('ru', 2)).toBe('Подписать 2 документа');
    expect(await say('ru', 5)).toBe('Подписать 5 документов');
    expect(await say('ru', 21)).toBe('Подписать 21 документ');
    expect(await say('en', 2)).toBe('Sign 2 documents');
  });
});

describe('what the window says of certificates', () => {
  it('groups an IDNP 4-3-3-3 for reading and copies its digits alone', async () => {
    const [certificate] = twoCertificateCard().certificates;
    if (certificate === undefined) throw new Error('the card has certificates');
    const facts = certificateFacts(certificate, await loadText('ro'));
    const idnp = facts.find(({ name }) => name === 'page.certificates.idnp');
    expect(idnp).toEqual({
      name: 'page.certificates.idnp',
      value: '2500\u2009000\u2009000\u2009021',
      copy: '2500000000021',
    });
  });

  it('leaves what is no IDNP as it is', () => {
    expect(groupedIdnp('250000000002')).toBe('250000000002');
    expect(groupedIdnp('25000000000211')).toBe('25000000000211');
    expect(groupedIdnp('<b>')).toBe('<b>');
  });

  it('says so when the certificate names nobody', async () => {
    const [certificate] = twoCertificateCard().certificates;
    if (certificate === undefined) throw new Error('the card has certificates');
    const nobody = { commonName: null, givenName: null, surname: null, serialNumber: null, idnp: null };
    const facts = certificateFacts({ ...certificate, subject: nobody }, await loadText('ro'));
    expect(facts.slice(0, 2)).toEqual([
      { name: 'page.certificates.holder', value: null },
      { name: 'page.certificates.idnp', value: null },
    ]);
  });

  it('names RSA and elliptic keys', async () => {
    const text = await loadText('ro');
    const [certificate] = twoCertificateCard().certificates;
    if (certificate === undefined) throw new Error('the card has certificates');
    const key = (value: typeof certificate.key) =>
      certificateFacts({ ...certificate, key: value }, text).find(
        ({ name }) => name === 'page.certificates.key',
      )?.value;
    expect(key({ type: 'RSA', bits: 3072, curve: null })).toBe('RSA, 3072 de biți');
    expect(key({ type: 'EC', bits: 384, curve: 'P-384' })).toBe('Curbă eliptică P-384, 384 de biți');
    expect(key({ type: 'EC', bits: 384, curve: null })).toBe('Curbă eliptică, 384 de biți');
  });
});

describe('whether a card can sign', () => {
  const ready = (token: ReturnType<typeof twoCertificateCard> | null) =>
    signingReadiness(token === null ? null : { token, reader: null, readAt: 0, data: {} }).state;
  const card = twoCertificateCard;

  it('is ready with a valid certificate and a PIN that has tries', () => {
    expect(ready(card())).toBe('ready');
    expect(ready(oneCertificateCard())).toBe('ready');
    expect(ready(card({ pins: [] }))).toBe('ready');
    expect(ready(card({ pins: [pin('PIN2', { tries: 'unknown' })] }))).toBe('ready');
    expect(ready(card({ pins: [pin('PIN1', { tries: 0 }), pin('PIN2')] }))).toBe('ready');
  });

  it('is hindered by what is missing, over or blocked', () => {
    expect(ready(null)).toBe('no-card');
    expect(ready(card({ certificates: [] }))).toBe('no-certificate');
    const authentication = card().certificates.filter(({ role }) => role === 'authentication');
    expect(ready(card({ certificates: authentication }))).toBe('no-certificate');
    const expired = card().certificates.map((one) => ({ ...one, status: 'expired' as const }));
    expect(ready(card({ certificates: expired }))).toBe('expired');
    const early = card().certificates.map((one) => ({ ...one, status: 'not-yet-valid' as const }));
    expect(ready(card({ certificates: early }))).toBe('not-yet-valid');
    expect(ready(card({ pins: [pin('PIN2', { tries: 0 })] }))).toBe('blocked');
    expect(ready(card({ pins: [pin('PIN2', { tries: 'blocked' })] }))).toBe('blocked');
    expect(ready(card({ pins: [pin('PIN2', { changeFirst: true })] }))).toBe('change-first');
  });
});

it('knows a blocked PIN and a last try from all others', () => {
  const tries = [0, 1, 2, 'low', 'last', 'blocked', 'unknown'] as const;
  expect(tries.filter((one) => isBlocked(pin('PIN1', { tries: one })))).toEqual([0, 'blocked']);
  expect(tries.filter((one) => isLastTry(pin('PIN1', { tries: one })))).toEqual([1, 'last']);
});

it('writes sizes as people do', () => {
  const size = (bytes: number, language: string) => sizeText(bytes, language).replace(/\s/gu, ' ');
  expect(size(0, 'ro')).toBe('0 kB');
  expect(size(1, 'ro')).toBe('1 kB');
  expect(size(184_320, 'ru')).toBe('185 кБ');
  expect(size(2_400_000, 'ro')).toBe('2,4 MB');
  expect(size(31_000_000, 'en')).toBe('31 MB');
});

describe('the list of licences', () => {
  const { dependencies } = json('package.json') as { dependencies: Record<string, string> };
  const listed = licences.flatMap(({ packages }) => packages);

  it('names every package that the product brings along', () => {
    expect(Object.keys(dependencies).filter((name) => !listed.includes(name))).toEqual([]);
  });

  it('names each licence as the package itself does', () => {
    for (const { packages, licence } of licences) {
      for (const name of packages) {
        expect([name, json(`node_modules/${name}/package.json`).license]).toEqual([name, licence]);
      }
    }
  });
});
