import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  accessLogItemSchema,
  documentItemSchema,
  domicileItemSchema,
  personalItemSchema,
  vehicleItemSchema,
} from '../../../electron/contract/portal/items.ts';
import {
  registrationSchema,
  registrationSuggestionSchema,
} from '../../../electron/contract/portal/registration.ts';
import { dataServices, serviceAnswerSchemas } from '../../../electron/contract/portal/services.ts';
import { askPythonScript } from '../../rig/judges/python.ts';
import { needs } from '../../run/needs.ts';

/**
 * The hand-written OpenAPI document and the contract's schemas say the same: each example, typed by hand, is judged
 * by both, the document's schemas by a validator of somebody else's.
 */

const document = JSON.parse(
  readFileSync(new URL('../../../electron/sandbox/portal/openapi.json', import.meta.url), 'utf8'),
);

const person = {
  idnp: '2500000000010',
  family_name: 'Specimen-Țurcanu',
  given_name: 'Ana-Măriuța',
  patronymic: 'Ștefan',
  sex: 'F',
  birth_date: '1990-01-31',
  birth_place: 'or. Închipuiți, r-nul Exemplu',
  citizenship: 'MDA',
  blood_group: 'A+',
  legal_capacity: 'full',
};
const paper = {
  series: 'ZZ',
  number: '000000011',
  issue_date: '2025-04-14',
  issue_place: 'CM Închipuiți',
  status: 'valabil',
  expiry_date: '2035-04-14',
  doc_type: 'eCA',
};
const home = {
  visa_type: 'reședință temporară',
  reg_date: '2026-09-01',
  reg_expiry: '2031-08-31',
  country: 'Republica Moldova',
  district: 'mun. Modelești',
  street: 'bd. Ștefan Născocitul',
  house: '5/2',
  block: 'A',
  flat: '118',
};
const car = {
  idnv: '9500001000041',
  plate: 'K QQ 44',
  make: 'Образец',
  model: '412 «Жар-птица»',
  year: 1975,
  vin: '1M8GDM9AXKP042788',
};
const access = {
  operator: 'Banca Născocită SA',
  time: '2025-04-18T09:05:59Z',
  action: 'Access',
  legal_basis: 'Consimțământul persoanei',
  reason: 'Deschiderea unui cont',
  user: '2500*******37',
  object: 'Documente eliberate',
};
const contact = {
  email: 'ion.gratian@model.example',
  mobilePhone: '+37300000021',
  homePhone: '022000021',
  postalAddress: 'str. Fântânii cu Cumpănă 7',
  language: 'ro',
};
const without = (whole: object, field: string) =>
  Object.fromEntries(Object.entries(whole).filter(([key]) => key !== field));

type Case = readonly [schema: string, valid: boolean, what: string, instance: unknown];

/** Every field of an item: missing, null where it may be and where it may not, mistyped, empty, hostile. */
function fieldCases(schema: string, whole: Record<string, unknown>, nullable: readonly string[]): Case[] {
  const dates = /date$|^reg_expiry$/;
  return [
    [schema, true, 'whole', whole],
    [schema, false, 'a field too many', { ...whole, extra: 'x' }],
    [schema, false, 'a list', [whole]],
    [schema, false, 'nothing', null],
    ...Object.keys(whole).flatMap((field): Case[] => {
      const put = (value: unknown) => ({ ...whole, [field]: value });
      const cases: Case[] = [
        [schema, false, `${field} missing`, without(whole, field)],
        [schema, nullable.includes(field), `${field} null`, put(null)],
        [schema, false, `${field} a list`, put(['x'])],
        [schema, false, `${field} an object`, put({})],
        [schema, false, `${field} true`, put(true)],
      ];
      if (field === 'year') {
        const good = [0, 1900, 9999].map((value): Case => [schema, true, `${field} ${value}`, put(value)]);
        const bad = [-1, 10_000, 2019.5, '2019'].map(
          (value): Case => [schema, false, `${field} ${value}`, put(value)],
        );
        return [...cases, ...good, ...bad];
      }
      cases.push([schema, false, `${field} a number`, put(1)], [schema, false, `${field} empty`, put('')]);
      if (dates.test(field)) {
        const good = ['2024-02-29', '0001-01-01'].map(
          (value): Case => [schema, true, `${field} ${value}`, put(value)],
        );
        const bad = ['14.04.2025', '2025-02-29', '2025-04-14T00:00:00Z', '2025-4-14', 'x'].map(
          (value): Case => [schema, false, `${field} ${value}`, put(value)],
        );
        return [...cases, ...good, ...bad];
      }
      if (field === 'time') {
        const good = ['2026-03-01T23:59:59.123Z'].map(
          (value): Case => [schema, true, `${field} ${value}`, put(value)],
        );
        const bad = ['2026-03-01', '2026-03-01T10:00:00+02:00', '2026-03-01T25:00:00Z', 'now'].map(
          (value): Case => [schema, false, `${field} ${value}`, put(value)],
        );
        return [...cases, ...good, ...bad];
      }
      const good = [
        'x',
        'ș'.repeat(256),
        'un nou fel',
        '<script>',
        '{{a}}',
        "'; DROP TABLE item; --",
        '\u200fע',
        ' ',
      ];
      const bad = [
        'ș'.repeat(257),
        'a\nb',
        'a\u0000b',
        '\u001b[2J',
        'a\u009bb',
        'a\u2028b',
        'a\u202eb',
        'a\u2066b',
      ];
      return [
        ...cases,
        ...good.map(
          (value): Case => [schema, true, `${field} ${JSON.stringify(value).slice(0, 24)}`, put(value)],
        ),
        ...bad.map(
          (value): Case => [schema, false, `${field} ${JSON.stringify(value).slice(0, 24)}`, put(value)],
        ),
      ];
    }),
  ];
}

const head = { readAt: '2026-03-01T10:20:30.400Z', source: 'Registrul' };

const cases: readonly Case[] = [
  ...fieldCases('PersonalItem', person, [
    'patronymic',
    'birth_place',
    'citizenship',
    'blood_group',
    'legal_capacity',
  ]),
  ...fieldCases('DocumentItem', paper, ['series', 'expiry_date']),
  ...fieldCases('DomicileItem', home, ['reg_expiry', 'street', 'house', 'block', 'flat']),
  ...fieldCases('VehicleItem', car, ['vin']),
  ...fieldCases('AccessLogItem', access, ['legal_basis', 'reason', 'user', 'object']),

  ['PersonalAnswer', true, 'whole', { ...head, service: 'personal', items: [person] }],
  ['DocumentsAnswer', true, 'whole', { ...head, service: 'documents', items: [paper, paper] }],
  ['DomicileAnswer', true, 'whole', { ...head, service: 'domicile', items: [home] }],
  ['VehiclesAnswer', true, 'empty', { ...head, service: 'vehicles', items: [] }],
  ['AccessLogAnswer', true, 'whole', { ...head, service: 'access-log', items: [access] }],
  ['AccessLogAnswer', false, "another service's", { ...head, service: 'vehicles', items: [] }],
  ['VehiclesAnswer', true, 'a thousand', { ...head, service: 'vehicles', items: Array(1000).fill(car) }],
  [
    'VehiclesAnswer',
    false,
    'a thousand and one',
    { ...head, service: 'vehicles', items: Array(1001).fill(car) },
  ],
  [
    'VehiclesAnswer',
    false,
    'local time',
    { ...head, readAt: '2026-03-01T10:20:30', service: 'vehicles', items: [] },
  ],
  ['VehiclesAnswer', false, 'no list', { ...head, service: 'vehicles', items: {} }],
  ['VehiclesAnswer', false, 'no source', { ...without(head, 'source'), service: 'vehicles', items: [] }],

  ['Registration', true, 'whole', contact],
  ['Registration', true, 'short', { email: 'a@b.md', mobilePhone: '069000', language: 'en' }],
  ['Registration', true, 'with nulls', { ...contact, homePhone: null, postalAddress: null }],
  ['Registration', false, 'without e-mail', without(contact, 'email')],
  ['Registration', false, 'without mobile phone', without(contact, 'mobilePhone')],
  ['Registration', false, 'without language', without(contact, 'language')],
  ['Registration', false, 'another language', { ...contact, language: 'gag' }],
  ['Registration', false, 'a field too many', { ...contact, idnp: '2500000000010' }],
  ['Registration', true, 'e-mail of 64', { ...contact, email: `${'a'.repeat(52)}@example.com` }],
  ['Registration', false, 'e-mail of 65', { ...contact, email: `${'a'.repeat(53)}@example.com` }],
  ...['a', 'a@b', '@b.md', 'a@b.', 'a b@c.md', 'a@b.md\n', 'a@b..md', '<a@b.md>', 'ț@b.md', ''].map(
    (email): Case => ['Registration', false, `e-mail ${JSON.stringify(email)}`, { ...contact, email }],
  ),
  ['Registration', true, 'phone of 16', { ...contact, mobilePhone: '+123456789012345' }],
  ...[
    '+1234567890123456',
    '12345',
    '+37 300 21',
    '069-000',
    '',
    'unu',
    '０６９０００',
    '+',
    '069000\n',
    69000,
  ].map((mobilePhone): Case => ['Registration', false, `phone ${mobilePhone}`, { ...contact, mobilePhone }]),
  ['Registration', true, 'address of 256', { ...contact, postalAddress: 'ș'.repeat(256) }],
  ['Registration', false, 'address of 257', { ...contact, postalAddress: 'ș'.repeat(257) }],
  ...['', 'a\nb', 'a\u0000', 'a\u202e', '🏠'].map(
    (postalAddress): Case => [
      'Registration',
      false,
      `address ${JSON.stringify(postalAddress)}`,
      { ...contact, postalAddress },
    ],
  ),
  ['RegistrationSuggestion', true, 'empty', {}],
  ['RegistrationSuggestion', true, 'whole', without(contact, 'postalAddress')],
  ['RegistrationSuggestion', false, 'an address', contact],
];

const schemas: Readonly<Record<string, z.ZodType>> = {
  PersonalItem: personalItemSchema,
  DocumentItem: documentItemSchema,
  DomicileItem: domicileItemSchema,
  VehicleItem: vehicleItemSchema,
  AccessLogItem: accessLogItemSchema,
  PersonalAnswer: serviceAnswerSchemas.personal,
  DocumentsAnswer: serviceAnswerSchemas.documents,
  DomicileAnswer: serviceAnswerSchemas.domicile,
  VehiclesAnswer: serviceAnswerSchemas.vehicles,
  AccessLogAnswer: serviceAnswerSchemas['access-log'],
  Registration: registrationSchema,
  RegistrationSuggestion: registrationSuggestionSchema,
};

describe('the contract’s schemas', () => {
  it('take what is right and refuse what is not', () => {
    const wrong = cases.filter(
      ([name, valid, , instance]) => schemas[name]?.safeParse(instance).success !== valid,
    );
    expect(wrong.map(([name, , what]) => `${name}: ${what}`)).toEqual([]);
  });
});

describe.skipIf(!needs('python-judges'))('the OpenAPI document’s schemas', () => {
  /** What the foreign validator objects to in each instance. */
  async function objections(instances: readonly (readonly [string, unknown])[]): Promise<string[][]> {
    const script = fileURLToPath(new URL('./validate-schema.py', import.meta.url));
    const input = Buffer.from(JSON.stringify({ document, instances }));
    const { text, errorText } = await askPythonScript(script, [], { input, timeoutMs: 60_000 });
    expect(errorText).toBe('');
    return JSON.parse(text);
  }

  it('take what is right and refuse what is not, by a foreign validator', async () => {
    const found = await objections(cases.map(([name, , , instance]) => [name, instance]));
    expect(found).toHaveLength(cases.length);
    const wrong = cases.filter(([, valid], index) => (found[index]?.length === 0) !== valid);
    expect(wrong.map(([name, , what]) => `${name}: ${what}`)).toEqual([]);
  });

  it('take the document’s own examples', async () => {
    const examples: [string, unknown][] = [];
    const collect = (inner: unknown): void => {
      if (typeof inner !== 'object' || inner === null) return;
      const { schema, examples: given } = inner as { schema?: { $ref?: string }; examples?: object };
      if (schema?.$ref && given) {
        const name = schema.$ref.split('/').at(-1) ?? '';
        for (const { value } of Object.values(given)) examples.push([name, value]);
      } else for (const value of Object.values(inner)) collect(value);
    };
    collect(document.paths);
    collect(document.components.responses);
    expect(examples.length).toBeGreaterThan(15);
    expect((await objections(examples)).flat()).toEqual([]);
  });
});

describe('the OpenAPI document', () => {
  it('has each data service, and nothing of SAML', () => {
    expect(Object.keys(document.paths)).toEqual([
      '/session',
      '/registration',
      ...dataServices.map((service) => `/data/${service}`),
    ]);
    for (const service of dataServices) {
      expect(Object.keys(document.paths[`/data/${service}`].get.responses)).toEqual([
        '200',
        '401',
        '403',
        '404',
        '405',
      ]);
    }
  });

  it('wants the cookie everywhere, and points at nobody’s real address', () => {
    expect(document.security).toEqual([{ sessionCookie: [] }]);
    expect(document.components.securitySchemes.sessionCookie).toMatchObject({
      type: 'apiKey',
      in: 'cookie',
      name: 'buletin_session',
    });
    expect(JSON.stringify(document.paths)).not.toContain('"security"');
    expect(document.servers.map(({ url }: { url: string }) => url)).toEqual(['https://127.0.0.1:{port}']);
    expect(JSON.stringify(document)).not.toMatch(/https?:\/\/(?!127\.0\.0\.1)/);
  });
});
