/**
 * The invented people of the sandbox, in five families. None of them exists: their IDNPs carry the impossible year
 * digits "500" (see the comment at `sandboxIdnps`), so that no number here can ever be a real person's.
 *
 * Romanian names use the letters of the Romanian alphabet, ș and ț with comma below (U+0219, U+021B), never the
 * Turkish cedilla forms.
 */
import { ion, liudmila, razvan } from './families/branza.ts';
import { ecaterina, vasile } from './families/exemplescu.ts';
import { olga, serghei } from './families/primerov.ts';
import { ana, ilinca, mihaita, paraschiva, radu } from './families/turcanu.ts';
import { daria, natalia, piotr } from './families/vymyshlennaya.ts';
import type { SandboxPerson } from './person.ts';

export type { Relation, SandboxPerson } from './person.ts';
export {
  ana,
  daria,
  ecaterina,
  ilinca,
  ion,
  liudmila,
  mihaita,
  natalia,
  olga,
  paraschiva,
  piotr,
  radu,
  razvan,
  serghei,
  vasile,
};

/** All invented people, one from each family first; the first is the default holder. */
export const sandboxPeople: readonly SandboxPerson[] = [
  ...[ana, ion, natalia, serghei, ecaterina],
  ...[radu, mihaita, ilinca, paraschiva],
  ...[liudmila, razvan],
  ...[piotr, daria],
  olga,
  vasile,
];

/**
 * The IDNPs of `sandboxPeople`. The check digits are right; the year digits "500" say an assignment in a year
 * that ends in 500, which no registry has seen.
 */
export const sandboxIdnps: readonly string[] = sandboxPeople.map((person) => person.idnp);

/** The invented person with this IDNP or key. */
export function findSandboxPerson(idnpOrKey: string): SandboxPerson | undefined {
  return sandboxPeople.find((person) => person.idnp === idnpOrKey || person.key === idnpOrKey);
}
