import { describe, expect, it } from 'vitest';
import { findSandboxPerson, sandboxPeople } from '../../electron/sandbox/people.ts';

describe('the invented people', () => {
  it('carry exactly the sandbox IDNPs, whose check digit is right', () => {
    expect(sandboxPeople.map((person) => person.idnp)).toEqual([
      '2500000000010',
      '2500000000021',
      '2500001000017',
      '2500001000028',
      '2500014000776',
    ]);
  });

  it('are found by IDNP and by key, and by nothing else', () => {
    expect(findSandboxPerson('2500001000028')?.key).toBe('serghei');
    expect(findSandboxPerson('ana')?.idnp).toBe('2500000000010');
    expect(findSandboxPerson('2222222222222')).toBeUndefined();
  });

  it('write Romanian with comma below, never with the cedilla, in composed form', () => {
    const text = JSON.stringify(sandboxPeople);
    for (const letter of 'ăâîșț') expect(text).toContain(letter);
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
