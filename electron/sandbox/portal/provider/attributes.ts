import type { SandboxPerson } from '../../people.ts';

/** What MPass tells a site of a person, by its attribute names; an attribute without a value is left out. */
export function mpassAttributes(person: SandboxPerson): Record<string, readonly string[]> {
  const all: Record<string, readonly (string | undefined)[]> = {
    NameIdentifier: [person.idnp],
    IsResident: [person.isResident ? 'true' : 'false'],
    FirstName: [person.givenName],
    LastName: [person.familyName],
    BirthDate: [person.birthDate],
    /** 0 unknown, 1 male, 2 female. */
    Gender: [person.sex === 'M' ? '1' : '2'],
    EmailAddress: [person.email],
    MobilePhone: [person.mobilePhone],
    HomePhone: [person.homePhone],
    Language: [person.language],
    /** "Name IDNO", once for each organisation. */
    AdministeredLegalEntity: person.administeredLegalEntities ?? [],
  };
  const given = Object.entries(all).map(
    ([name, values]) => [name, values.filter((value) => value !== undefined)] as const,
  );
  return Object.fromEntries(given.filter(([, values]) => values.length > 0));
}
