import { describe, expect, it } from 'vitest';
import { registrationSuggestionSchema } from '../../electron/contract/portal/registration.ts';
import { findSandboxPerson, sandboxIdnps, sandboxPeople } from '../../electron/sandbox/people.ts';

describe('the invented people', () => {
  it('carry exactly the sandbox IDNPs, the first five being those given', () => {
    expect(sandboxPeople.map((person) => [person.key, person.idnp])).toEqual([
      ['ana', '2500000000010'],
      ['ion', '2500000000021'],
      ['natalia', '2500001000017'],
      ['serghei', '2500001000028'],
      ['ecaterina', '2500014000776'],
      ['radu', '2500000000032'],
      ['mihaita', '2500000000043'],
      ['ilinca', '2500000000054'],
      ['paraschiva', '2500000000065'],
      ['liudmila', '2500000000076'],
      ['razvan', '2500000000087'],
      ['piotr', '2500001000039'],
      ['daria', '2500001000040'],
      ['olga', '2500001000051'],
      ['vasile', '2500014000787'],
    ]);
  });

  it('and their organisations carry numbers that hold together and that nobody can have', () => {
    const organisations = sandboxPeople.flatMap((person) => person.administeredLegalEntities ?? []);
    expect(organisations).toHaveLength(2);
    const idnos = organisations.map((organisation) => / (\d{13})$/.exec(organisation)?.[1] ?? '');
    for (const number of [...sandboxIdnps, ...idnos]) {
      // 7, 3, 1 in turn over the first twelve digits, modulo 10.
      const digits = [...number].map(Number) as number[];
      const weighted = digits.slice(0, 12).map((digit, index) => digit * ([7, 3, 1][index % 3] as number));
      expect(weighted.reduce((sum, value) => sum + value) % 10).toBe(digits[12]);
      expect(number.slice(1, 4)).toBe('500');
    }
    expect(idnos.every((idno) => idno.startsWith('1'))).toBe(true);
  });

  it('are five families, whose members agree about each other', () => {
    const inverse = {
      spouse: 'spouse',
      parent: 'child',
      child: 'parent',
      grandparent: 'grandchild',
    } as const;
    const seen = new Set<string>();
    const families: string[][] = [];
    for (const person of sandboxPeople) {
      expect(person.relatives.length).toBeGreaterThan(0);
      for (const { idnp, relation } of person.relatives) {
        const relative = findSandboxPerson(idnp);
        const back = relative?.relatives.find((one) => one.idnp === person.idnp)?.relation;
        expect(back).toBe(relation === 'grandchild' ? 'grandparent' : inverse[relation]);
        const years = Number(relative?.birthDate.slice(0, 4)) - Number(person.birthDate.slice(0, 4));
        if (relation === 'child') expect(years).toBeGreaterThan(15);
        if (relation === 'grandchild') expect(years).toBeGreaterThan(30);
        if (relation === 'spouse') expect(relative?.sex).not.toBe(person.sex);
      }
      if (seen.has(person.idnp)) continue;
      const family: string[] = [];
      const reach = (idnp: string): void => {
        if (seen.has(idnp)) return;
        seen.add(idnp);
        const member = findSandboxPerson(idnp);
        family.push(member?.key ?? '?');
        for (const relative of member?.relatives ?? []) reach(relative.idnp);
      };
      reach(person.idnp);
      families.push(family.sort());
    }
    expect(families).toEqual([
      ['ana', 'ilinca', 'mihaita', 'paraschiva', 'radu'],
      ['ion', 'liudmila', 'razvan'],
      ['daria', 'natalia', 'piotr'],
      ['olga', 'serghei'],
      ['ecaterina', 'vasile'],
    ]);
  });

  it('have contact data that nobody else has, and that the registration accepts', () => {
    for (const { email, mobilePhone, homePhone, language } of sandboxPeople) {
      expect(email ?? 'a@b.example').toMatch(/^[a-z.-]+@[a-z]+\.example$/);
      expect(mobilePhone ?? '+37300').toMatch(/^\+37300\d*$/);
      expect(homePhone ?? '+373200').toMatch(/^\+373200\d*$/);
      const suggestion = {
        ...(email ? { email } : {}),
        ...(mobilePhone ? { mobilePhone } : {}),
        ...(homePhone ? { homePhone } : {}),
        language,
      };
      expect(registrationSuggestionSchema.safeParse(suggestion).success).toBe(true);
    }
  });

  it('include somebody of age with keys who has never registered, and children without keys', () => {
    const newcomers = sandboxPeople.filter(({ hasKeys, registered }) => hasKeys && !registered);
    expect(newcomers.map(({ key }) => key)).toEqual(['ecaterina', 'daria']);
    const children = sandboxPeople.filter(({ birthDate }) => birthDate > '2010');
    expect(children.map(({ key, hasKeys }) => `${key} ${hasKeys}`)).toEqual([
      'mihaita false',
      'ilinca false',
      'razvan false',
    ]);
  });

  it('are found by IDNP and by key, and by nothing else', () => {
    expect(findSandboxPerson('2500001000028')?.key).toBe('serghei');
    expect(findSandboxPerson('ana')?.idnp).toBe('2500000000010');
    expect(findSandboxPerson('2222222222222')).toBeUndefined();
  });

  it('write Romanian with comma below, never with the cedilla, in composed form', () => {
    const text = JSON.stringify(sandboxPeople);
    for (const letter of 'ăâîșțĂÂÎȘȚ') expect(text.toUpperCase() + text).toContain(letter);
    expect(text).not.toMatch(/[şţŞŢ]/);
    expect(text).toBe(text.normalize('NFC'));
  });

  it('have real dates and a document that was issued after birth and expires after issue', () => {
    for (const person of sandboxPeople) {
      for (const date of [person.birthDate, person.documentIssued, person.documentExpires]) {
        expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
      }
      expect(person.birthDate < person.documentIssued).toBe(true);
      expect(person.documentIssued < person.documentExpires).toBe(true);
    }
  });

  it('include one name that is too long for a common name', () => {
    const lengths = sandboxPeople.map((person) => `${person.familyName} ${person.givenName}`.length);
    expect(Math.max(...lengths)).toBe(87);
  });
});
