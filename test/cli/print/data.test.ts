import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DataLinesOptions, dataLines } from '../../../electron/cli/print/data.ts';
import type { ServiceAnswer } from '../../../electron/contract/portal/services.ts';
import { type Language, languages } from '../../../electron/contract/text/languages.ts';
import { createText } from '../../../electron/contract/text/text.ts';

/** Pages as they should come out of a printer, typed by hand. */

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'Europe/Chisinau';
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const now = new Date('2026-03-01T12:00:00Z');
const head = { readAt: '2026-03-01T10:20:30.400Z', source: 'Registrul (SIMULAT)' };
const page = (answer: ServiceAnswer, language: Language, options: DataLinesOptions = {}): string =>
  `\n${dataLines(answer, createText(language), { now, ...options }).join('\n')}\n`;
const rule = '─'.repeat(80);

const personal: ServiceAnswer = {
  ...head,
  service: 'personal',
  items: [
    {
      idnp: '2500000000010',
      family_name: 'Specimen-Țurcanu',
      given_name: 'Ana-Măriuța',
      patronymic: null,
      sex: 'F',
      birth_date: '1990-01-31',
      birth_place: 'or. Închipuiți, r-nul Exemplu, unde numele locurilor nu se mai termină niciodată',
      citizenship: 'MDA',
      blood_group: 'AB-',
      legal_capacity: 'full',
    },
  ],
};
const documents: ServiceAnswer = {
  ...head,
  service: 'documents',
  items: [
    {
      series: 'ZZ',
      number: '000000011',
      issue_date: '2025-04-14',
      issue_place: 'CM Închipuiți',
      status: 'valabil',
      expiry_date: null,
      doc_type: 'eCA',
    },
    {
      series: null,
      number: '55',
      issue_date: '2026-03-02',
      issue_place: 'г. Образцовск',
      status: 'în verificare',
      expiry_date: '2020-12-31',
      doc_type: 'adeverință',
    },
  ],
};
const domicile: ServiceAnswer = {
  ...head,
  service: 'domicile',
  items: [
    {
      visa_type: 'domiciliu',
      reg_date: '2018-03-12',
      reg_expiry: null,
      country: 'MDA',
      district: 'Exemplu',
      street: 'str. Închipuirii',
      house: '12',
      block: null,
      flat: '34',
    },
  ],
};
const vehicles: ServiceAnswer = {
  ...head,
  service: 'vehicles',
  items: [
    { idnv: '9500000000012', plate: 'EX 0221', make: 'NĂSCOCIT', model: '1300', year: 1987, vin: null },
  ],
};
const accessLog: ServiceAnswer = {
  ...head,
  service: 'access-log',
  items: [
    {
      operator: 'Primăria or. Obrazțovsk',
      time: '2026-02-11T22:05:00Z',
      action: 'Rectificare',
      legal_basis: null,
      reason: null,
      user: null,
      object: null,
    },
    {
      operator: 'IMSP Policlinica din Închipuiți, secția consultativă, biroul de înregistrare nr. 3',
      time: '2026-02-11T21:59:59Z',
      action: 'Access',
      legal_basis: 'pct. 3',
      reason: 'Înscrierea la medic',
      user: '2500*******93',
      object: 'Domiciliu',
    },
    {
      operator: 'Banca Născocită SA',
      time: '2026-02-11T06:15:40Z',
      action: 'Export',
      legal_basis: null,
      reason: null,
      // A portal that forgot to mask it.
      user: '2500000000098',
      object: null,
    },
  ],
};

describe('main personal data on paper', () => {
  it('are a card of labelled lines, the blood group not shown', () => {
    expect(page(personal, 'ro', { simulated: true })).toBe(`
Date personale principale                                              [SIMULAT]
${rule}
    Numele                          Specimen-Țurcanu
    Prenumele                       Ana-Măriuța
    Patronimicul                    nu este înscris
    IDNP (numărul de identificare)  2500 000 000 010
    Sexul                           Feminin
    Data nașterii                   31.01.1990
    Locul nașterii                  or. Închipuiți, r-nul Exemplu, unde numele
                                    locurilor nu se mai termină niciodată
    Cetățenia                       Republica Moldova
    Capacitatea de exercițiu        Deplină
    Grupa sangvină                  nu se afișează

Sursa: Registrul (SIMULAT). Citit la 01.03.2026, 12:20.
Datele sunt SIMULATE: persoana, documentele și adresele nu există.
`);
  });

  it('show the blood group when asked', () => {
    expect(page(personal, 'en', { showSensitive: true })).toContain('\n    Blood group             AB-\n');
    const text = languages.map((language) => page(personal, language)).join('');
    expect(text).not.toContain('AB');
  });

  it('say nothing of a hidden value, not even that it is odd', () => {
    const [person] = personal.items;
    const odd = { ...personal, items: [{ ...person, blood_group: 'II (A) Rh+' }] } as ServiceAnswer;
    expect(page(odd, 'en')).not.toMatch(/\* |Rh/);
    expect(page(odd, 'en', { showSensitive: true })).toContain('II (A) Rh+');
    expect(page(odd, 'en', { showSensitive: true })).toContain(
      '    * Blood group: The application does not know',
    );
  });
});

describe('documents on paper', () => {
  it('are numbered blocks, with soft remarks', () => {
    expect(page(documents, 'ro')).toBe(`
Date despre documente eliberate
${rule}
 1. Buletin de identitate electronic
    Seria             ZZ          Număr           000000011
    Data eliberării   14.04.2025  Data expirării  nelimitat
    Locul eliberării  CM Închipuiți
    Statutul          Valabil

 2. adeverință
    Seria             nu este înscris  Număr           55
    Data eliberării   02.03.2026       Data expirării  31.12.2020
    Locul eliberării  г. Образцовск
    Statutul          în verificare
    * Data eliberării: Data înscrisă este în viitor.
    * Statutul: Valoarea nu este cunoscută aplicației; o vedeți așa cum este în
      registru.
    * Data expirării: Termenul se încheie înainte de a începe.
    * Tipul documentului: Valoarea nu este cunoscută aplicației; o vedeți așa
      cum este în registru.

2 înscrieri.
Sursa: Registrul (SIMULAT). Citit la 01.03.2026, 12:20.
`);
  });

  it('are said to be none', () => {
    expect(page({ ...documents, items: [] } as ServiceAnswer, 'ru', { simulated: true })).toBe(`
Сведения о выданных документах                                       [СИМУЛЯЦИЯ]
${rule}
  В регистре нет записей.

Источник: Registrul (SIMULAT). Прочитано 01.03.2026, 12:20.
Данные — СИМУЛЯЦИЯ: этого человека, документов и адресов не существует.
`);
  });
});

describe('residence and vehicles on paper', () => {
  it('stand in two columns where they fit', () => {
    expect(page(domicile, 'en')).toBe(`
Domicile and temporary residence
${rule}
 1. Domicile
    Registration date  12.03.2018           Registration expiry  unlimited
    Country            Republic of Moldova  District             Exemplu
    Street             str. Închipuirii     House                12
    Block              not entered          Apartment            34

Source: Registrul (SIMULAT). Read on 01.03.2026, 12:20.
`);
    expect(page(vehicles, 'ru')).toBe(`
Сведения о транспортных средствах
${rule}
 1. NĂSCOCIT 1300
    Марка                  NĂSCOCIT       Модель       1300
    Регистрационный номер  EX 0221        Год выпуска  1987
    IDNV                   9500000000012  VIN-код      не указано
    * Регистрационный номер: Номер не соответствует ни одному из обычных
      образцов; возможно, он специальный.

Источник: Registrul (SIMULAT). Прочитано 01.03.2026, 12:20.
`);
  });

  it('stand under each other where they do not', () => {
    const [home] = domicile.items;
    const wide = { ...domicile, items: [{ ...home, district: 'x'.repeat(60) }] } as ServiceAnswer;
    expect(page(wide, 'en')).toContain(`
    Registration date    12.03.2018
    Registration expiry  unlimited
    Country              Republic of Moldova
    District             ${'x'.repeat(55)}
                         ${'x'.repeat(5)}
    Street               str. Închipuirii
`);
  });
});

describe('the access log on paper', () => {
  it('is told by the days and hours of this place', () => {
    expect(page(accessLog, 'ro')).toBe(`
Accesarea datelor
${rule}
 12.02.2026
    00:05 Primăria or. Obrazțovsk
          Rectificare
          * Acțiunea: Valoarea nu este cunoscută aplicației; o vedeți așa cum
            este în registru.

 11.02.2026
    23:59 IMSP Policlinica din Închipuiți, secția consultativă, biroul de
          înregistrare nr. 3
          Vizualizare: Domiciliu
          Motivul: Înscrierea la medic
          Temeiul legal: pct. 3
          Utilizatorul: 2500*******93
    08:15 Banca Născocită SA
          Export
          Utilizatorul: 2500*******98

3 înscrieri.
Sursa: Registrul (SIMULAT). Citit la 01.03.2026, 12:20.
`);
  });
});

describe('any answer on paper', () => {
  const answers = [personal, documents, domicile, vehicles, accessLog];

  it.each(languages)('has words for every field and every value known (%s)', (language) => {
    for (const answer of answers) {
      expect(page(answer, language, { simulated: true })).not.toMatch(
        /undefined|null|\{|_|\b(?:personal|documents|domicile|vehicles|access-log|value|warning)\.[a-z]/,
      );
    }
  });

  it('keeps to eighty columns, whatever the texts are', () => {
    const hostile = fc.oneof(
      fc.string({ minLength: 1, maxLength: 256, unit: 'grapheme' }),
      fc.stringMatching(/^[ -~]{1,256}$/),
      fc.constantFrom(
        ' ',
        '   ',
        'ș'.repeat(256),
        '­'.repeat(99),
        'ị́'.repeat(80),
        '{count}',
        '__proto__',
        '漢'.repeat(99),
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, fc.constantFrom(...languages), (one, two, language) => {
        for (const answer of answers) {
          const items = answer.items.map((item) =>
            Object.fromEntries(
              Object.entries(item).map(([key, value], index) => {
                const isText = typeof value === 'string' && !/date|time|expiry/.test(key);
                return [key, isText ? (index % 2 ? one : two) : value];
              }),
            ),
          );
          const lines = dataLines({ ...answer, items } as unknown as ServiceAnswer, createText(language), {
            now,
          });
          for (const line of lines) {
            const columns = [...line].filter((character) => !/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)).length;
            expect(columns).toBeLessThanOrEqual(80);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
