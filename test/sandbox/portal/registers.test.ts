import { describe, expect, it } from 'vitest';
import { dataServices, serviceAnswerSchemas } from '../../../electron/contract/portal/services.ts';
import { answerWarnings } from '../../../electron/contract/portal/warnings.ts';
import { findSandboxPerson, sandboxIdnps, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { registers } from '../../../electron/sandbox/portal/data/registers.ts';

const now = new Date('2026-11-01T12:00:00Z');

/** The persons, by their short names, of whom a service has an item like this. */
function people<Item>(
  register: Readonly<Record<string, readonly Item[]>>,
  like: (item: Item) => boolean,
): (string | undefined)[] {
  return Object.entries(register)
    .filter(([, items]) => items.some(like))
    .map(([idnp]) => findSandboxPerson(idnp)?.key);
}

describe('the registers of the sandbox', () => {
  it.each(dataServices)('are answers that the contract allows: %s', (service) => {
    const head = { service, readAt: '2026-11-01T12:00:00Z', source: 'a' };
    for (const [idnp, items] of Object.entries(registers[service])) {
      expect(sandboxIdnps).toContain(idnp);
      const answer = serviceAnswerSchemas[service].safeParse({ ...head, items });
      expect(answer.error?.issues ?? []).toEqual([]);
    }
  });

  it('hold something to look at in every service', () => {
    const { personal, documents, domicile, vehicles } = registers;
    expect(Object.keys(personal).sort()).toEqual([...sandboxIdnps].sort());
    expect(people(documents, ({ status }) => status === 'expirat')).toContain('ana');
    expect(people(documents, ({ status }) => status === 'pierdut')).toContain('ion');
    expect(people(documents, ({ status }) => status === 'în verificare')).toEqual(['ecaterina']);
    expect(people(documents, ({ series }) => series === null)).toContain('natalia');
    expect(people(documents, ({ expiry_date }) => expiry_date === null)).toContain('paraschiva');
    expect(people(domicile, ({ visa_type }) => visa_type === 'reședință temporară')).toContain('ana');
    expect(domicile['2500000000010']).toHaveLength(2);
    expect(people(vehicles, ({ vin }) => vin === null)).toContain('ana');
    expect(people(vehicles, ({ model }) => model.startsWith('Remorcă'))).toContain('liudmila');
    expect(people(vehicles, ({ plate }) => plate === 'RADU 1')).toEqual(['radu']);
    expect(people(personal, ({ legal_capacity }) => legal_capacity === 'ocrotire provizorie')).toEqual([
      'paraschiva',
    ]);
  });

  it('name every person in every service, and use every Romanian letter and Cyrillic', () => {
    const { documents, domicile, vehicles } = registers;
    for (const register of [documents, domicile, vehicles]) {
      expect(Object.keys(register).sort()).toEqual([...sandboxIdnps].sort());
    }
    const everything = JSON.stringify(registers);
    for (const letter of 'ăâîșțёщъ') expect(everything.toLowerCase()).toContain(letter);
    expect(everything).not.toMatch(/[şţŞŢ]/);
    expect(everything.normalize('NFC')).toBe(everything);
  });

  it('know every kind of access, and one that no list has', () => {
    const actions = new Set(
      Object.values(registers['access-log']).flatMap((log) => log.map((a) => a.action)),
    );
    expect([...actions].sort()).toEqual([
      'Access',
      'Export',
      'Rectificare',
      'Search',
      'Transfer',
      'Validate',
    ]);
    for (const log of Object.values(registers['access-log'])) {
      const times = log.map(({ time }) => time);
      expect(times).toEqual([...times].sort().reverse());
    }
  });

  it('have nobody’s whole number but the holder’s own', () => {
    for (const log of Object.values(registers['access-log'])) {
      for (const { user } of log) expect(user ?? '2500*******00').toMatch(/^2500\*{7}\d\d$/);
    }
  });

  it('hold nothing of Vasile but his name', () => {
    const of = (service: (typeof dataServices)[number]) => registers[service]['2500014000787'] ?? [];
    expect(dataServices.map((service) => of(service).length)).toEqual([1, 0, 0, 0, 0]);
  });

  it('hold the present identity document of everyone else as the card has it', () => {
    for (const { key, idnp, documentNumber, documentIssued, documentExpires } of sandboxPeople) {
      if (key === 'vasile') continue;
      const [present] = registers.documents[idnp] ?? [];
      expect(`${present?.series}${present?.number}`).toBe(documentNumber);
      expect(present?.issue_date).toBe(documentIssued);
      expect(present?.expiry_date ?? '2099-12-31').toBe(documentExpires);
    }
  });

  it('give cause for soft warnings of every kind that data on paper can have', () => {
    const codes = new Set<string>();
    for (const service of dataServices) {
      for (const items of Object.values(registers[service])) {
        const answer = serviceAnswerSchemas[service].parse({
          service,
          readAt: now.toISOString(),
          source: 'a',
          items,
        });
        for (const { warning } of answerWarnings(answer, now).flat()) codes.add(warning);
      }
    }
    expect([...codes].sort()).toEqual([
      'idnv-pattern',
      'number-pattern',
      'plate-pattern',
      'too-long',
      'value-unknown',
      'vin-check-digit',
      'vin-pattern',
    ]);
  });
});
