import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portalText, vehicleItemSchema } from '../../../electron/contract/portal/items.ts';
import { registrationSchema } from '../../../electron/contract/portal/registration.ts';
import {
  dataServices,
  mainServices,
  sensitiveFields,
  serviceAnswerSchema,
} from '../../../electron/contract/portal/services.ts';

const accepts = (text: string): boolean => portalText.safeParse(text).success;

/** Code points that no text of a portal may have, by number: C0, DEL and C1, separators, overrides, isolates. */
const forbidden = [
  ...[0x00, 0x07, 0x09, 0x0a, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f],
  ...[0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
];

describe('text of a portal', () => {
  it('is taken with every other character, up to 256', () => {
    const plain = fc
      .integer({ min: 0x20, max: 0x10ffff })
      .filter((code) => !(code >= 0x7f && code <= 0x9f) && !(code >= 0x2028 && code <= 0x202e))
      .filter((code) => !(code >= 0x2066 && code <= 0x2069) && !(code >= 0xd800 && code <= 0xdfff))
      .map((code) => String.fromCodePoint(code));
    const text = fc.array(plain, { minLength: 1, maxLength: 128 }).map((characters) => characters.join(''));
    fc.assert(fc.property(text, (value) => accepts(value)));
    expect(accepts('ș'.repeat(256))).toBe(true);
    expect(accepts('ș'.repeat(257))).toBe(false);
    expect(accepts('')).toBe(false);
  });

  it.each(forbidden)('is refused with U+%i, wherever it stands', (code) => {
    const character = String.fromCharCode(code);
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), fc.string({ maxLength: 100 }), (before, after) => {
        expect(accepts(before + character + after)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('is refused with half a surrogate pair', () => {
    expect(accepts('a\ud83d')).toBe(false);
    expect(accepts('\ude00a')).toBe(false);
    expect(accepts('\ud83d\ude00')).toBe(true);
  });
});

describe('a year of manufacture', () => {
  it('is a whole number of at most four digits', () => {
    const car = { idnv: '1', plate: '2', make: '3', model: '4', vin: null };
    const takes = (year: unknown): boolean => vehicleItemSchema.safeParse({ ...car, year }).success;
    expect(takes(0) && takes(9999)).toBe(true);
    fc.assert(fc.property(fc.integer(), (year) => takes(year) === (year >= 0 && year <= 9999)));
    fc.assert(
      fc.property(
        fc.double(),
        (year) => takes(year) === (Number.isInteger(year) && year >= 0 && year <= 9999),
      ),
    );
    fc.assert(fc.property(fc.anything(), (year) => typeof year === 'number' || !takes(year)));
  });
});

describe('the services', () => {
  it('stand in the order in which they are shown', () => {
    expect(dataServices).toEqual(['personal', 'documents', 'domicile', 'vehicles', 'access-log']);
    expect(mainServices).toEqual(['personal', 'documents', 'domicile', 'vehicles']);
    expect(sensitiveFields).toEqual({ personal: ['blood_group'] });
  });

  it('are answered by nothing that comes along', () => {
    const empty = { service: 'vehicles', readAt: '2026-03-01T00:00:00Z', source: 'a', items: [] };
    expect(serviceAnswerSchema.safeParse(empty).success).toBe(true);
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true }),
        (value) => !serviceAnswerSchema.safeParse(value).success,
      ),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...dataServices),
        fc.array(fc.anything(), { minLength: 1 }),
        (service, items) => {
          const answer = { service, readAt: '2026-03-01T00:00:00Z', source: 'a', items };
          return !serviceAnswerSchema.safeParse(answer).success;
        },
      ),
    );
  });
});

describe('a registration', () => {
  it('takes no address that a mail program would read as two, and no header', () => {
    const base = { mobilePhone: '+37300000011', language: 'ro' };
    const takes = (email: string): boolean => registrationSchema.safeParse({ ...base, email }).success;
    expect(takes('ana@specimen.example')).toBe(true);
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('\n', '\r', ' ', ',', ';', '<', '>', '"', '@', '\u0000'),
        (text, bad) => {
          expect(takes(`a${bad}${text}@specimen.example`)).toBe(false);
          expect(takes(`ana@specimen.example${bad}${text}`)).toBe(false);
        },
      ),
    );
  });

  it('is read in a time that does not grow with its malice', () => {
    const email = `a@${'a-'.repeat(31)}`;
    const text = `${'a.'.repeat(50_000)}@`;
    for (const bad of [email, text, `a@${'a.'.repeat(50_000)}`]) {
      expect(
        registrationSchema.safeParse({ email: bad, mobilePhone: '+37300000011', language: 'ro' }).success,
      ).toBe(false);
    }
  });
});
