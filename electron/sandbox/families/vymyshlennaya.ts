import type { SandboxPerson } from '../person.ts';

/** A Russian-speaking holder: the Latin spelling is the document's, as in life. */
export const natalia: SandboxPerson = {
  idnp: '2500001000017',
  key: 'natalia',
  familyName: 'Vymyshlennaya',
  givenName: 'Natalia',
  patronymic: 'Serghei',
  sex: 'F',
  birthDate: '1976-11-05',
  birthPlace: 'or. Obrazțovsk, r-nul Exemplu',
  citizenship: 'MDA',
  language: 'ru',
  documentNumber: 'ZZ000000033',
  documentIssued: '2020-06-18',
  documentExpires: '2030-06-18',
  hasKeys: true,
  registered: true,
  isResident: true,
  email: 'natalia@obraztsovsk.example',
  mobilePhone: '+37300001017',
  relatives: [
    { idnp: '2500001000039', relation: 'spouse' },
    { idnp: '2500001000040', relation: 'child' },
  ],
};

/** His blood group is written in a way of its own. */
export const piotr: SandboxPerson = {
  idnp: '2500001000039',
  key: 'piotr',
  familyName: 'Vymyshlennyi',
  givenName: 'Piotr',
  patronymic: 'Nicolai',
  sex: 'M',
  birthDate: '1974-05-09',
  birthPlace: 'or. Obrazțovsk, r-nul Exemplu',
  citizenship: 'MDA',
  language: 'ru',
  documentNumber: 'ZZ000000122',
  documentIssued: '2019-05-21',
  documentExpires: '2029-05-21',
  hasKeys: true,
  registered: true,
  isResident: true,
  email: 'piotr@obraztsovsk.example',
  mobilePhone: '+37300001039',
  relatives: [
    { idnp: '2500001000017', relation: 'spouse' },
    { idnp: '2500001000040', relation: 'child' },
  ],
};

/** A student, just of age. */
export const daria: SandboxPerson = {
  idnp: '2500001000040',
  key: 'daria',
  familyName: 'Vymyshlennaya',
  givenName: 'Daria',
  patronymic: 'Piotr',
  sex: 'F',
  birthDate: '2007-09-30',
  birthPlace: 'mun. Modelești',
  citizenship: 'MDA',
  language: 'ru',
  documentNumber: 'ZZ000000133',
  documentIssued: '2025-10-06',
  documentExpires: '2032-10-06',
  hasKeys: true,
  registered: false,
  isResident: true,
  email: 'daria@obraztsovsk.example',
  mobilePhone: '+37300001040',
  relatives: [
    { idnp: '2500001000017', relation: 'parent' },
    { idnp: '2500001000039', relation: 'parent' },
  ],
};
