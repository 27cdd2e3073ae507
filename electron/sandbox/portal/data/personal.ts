import type { PersonalItem } from '../../../contract/portal/items.ts';
import { sandboxPeople } from '../../people.ts';

/** What the population register knows beside what stands on the card, by IDNP. */
const particulars: Readonly<Record<string, Pick<PersonalItem, 'blood_group' | 'legal_capacity'>>> = {
  '2500000000010': { blood_group: 'A+', legal_capacity: 'full' },
  '2500000000032': { blood_group: '0-', legal_capacity: 'full' },
  '2500000000043': { blood_group: 'A-', legal_capacity: 'none' },
  '2500000000054': { blood_group: null, legal_capacity: 'none' },
  // A protective measure that no list knows.
  '2500000000065': { blood_group: 'B+', legal_capacity: 'ocrotire provizorie' },
  '2500000000021': { blood_group: '0+', legal_capacity: 'full' },
  '2500000000076': { blood_group: 'AB+', legal_capacity: 'full' },
  '2500000000087': { blood_group: 'AB-', legal_capacity: 'limited' },
  '2500001000017': { blood_group: 'B-', legal_capacity: 'full' },
  // Written as on old paper.
  '2500001000039': { blood_group: 'II (A) Rh+', legal_capacity: 'full' },
  '2500001000040': { blood_group: 'A+', legal_capacity: 'full' },
  '2500001000028': { blood_group: 'AB+', legal_capacity: 'full' },
  '2500001000051': { blood_group: '0+', legal_capacity: 'full' },
  '2500014000776': { blood_group: 'A+', legal_capacity: 'full' },
  '2500014000787': { blood_group: null, legal_capacity: null },
};

/** Main personal data of the invented people, by IDNP. */
export const personal: Readonly<Record<string, readonly PersonalItem[]>> = Object.fromEntries(
  sandboxPeople.map((person) => [
    person.idnp,
    [
      {
        idnp: person.idnp,
        family_name: person.familyName,
        given_name: person.givenName,
        patronymic: person.patronymic,
        sex: person.sex,
        birth_date: person.birthDate,
        birth_place: person.birthPlace,
        citizenship: person.citizenship,
        ...(particulars[person.idnp] ?? { blood_group: null, legal_capacity: null }),
      },
    ],
  ]),
);
