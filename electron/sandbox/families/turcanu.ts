import type { SandboxPerson } from '../person.ts';

/** Holder of the cards when nobody else is named. */
export const ana: SandboxPerson = {
  idnp: '2500000000010',
  key: 'ana',
  familyName: 'Specimen-Țurcanu',
  givenName: 'Ana-Măriuța',
  patronymic: 'Ștefan',
  sex: 'F',
  birthDate: '1990-01-31',
  birthPlace: 'or. Închipuiți, r-nul Exemplu',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000011',
  documentIssued: '2025-04-14',
  documentExpires: '2035-04-14',
  hasKeys: true,
  registered: true,
  isResident: true,
  email: 'ana-mariuta@specimen.example',
  mobilePhone: '+37300000011',
  homePhone: '+37320000011',
  relatives: [
    { idnp: '2500000000032', relation: 'spouse' },
    { idnp: '2500000000043', relation: 'child' },
    { idnp: '2500000000054', relation: 'child' },
  ],
};

/** Works abroad: not a resident. */
export const radu: SandboxPerson = {
  idnp: '2500000000032',
  key: 'radu',
  familyName: 'Specimen-Țurcanu',
  givenName: 'Radu-Iulian',
  patronymic: 'Gheorghe',
  sex: 'M',
  birthDate: '1987-08-27',
  birthPlace: 'mun. Modelești',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000066',
  documentIssued: '2022-11-30',
  documentExpires: '2032-11-30',
  hasKeys: true,
  registered: true,
  isResident: false,
  email: 'radu.iulian@specimen.example',
  mobilePhone: '+37300000032',
  relatives: [
    { idnp: '2500000000010', relation: 'spouse' },
    { idnp: '2500000000043', relation: 'child' },
    { idnp: '2500000000054', relation: 'child' },
    { idnp: '2500000000065', relation: 'parent' },
  ],
};

/** A schoolboy. */
export const mihaita: SandboxPerson = {
  idnp: '2500000000043',
  key: 'mihaita',
  familyName: 'Specimen-Țurcanu',
  givenName: 'Mihăiță',
  patronymic: 'Radu-Iulian',
  sex: 'M',
  birthDate: '2015-06-01',
  birthPlace: 'mun. Modelești',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000077',
  documentIssued: '2025-06-16',
  documentExpires: '2031-06-01',
  hasKeys: false,
  registered: false,
  isResident: true,
  relatives: [
    { idnp: '2500000000010', relation: 'parent' },
    { idnp: '2500000000032', relation: 'parent' },
    { idnp: '2500000000065', relation: 'grandparent' },
  ],
};

/** Not yet at school. */
export const ilinca: SandboxPerson = {
  idnp: '2500000000054',
  key: 'ilinca',
  familyName: 'Specimen-Țurcanu',
  givenName: 'Ilinca-Ștefana',
  patronymic: 'Radu-Iulian',
  sex: 'F',
  birthDate: '2021-12-24',
  birthPlace: 'mun. Modelești',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000088',
  documentIssued: '2022-01-10',
  documentExpires: '2026-01-10',
  hasKeys: false,
  registered: false,
  isResident: true,
  relatives: [
    { idnp: '2500000000010', relation: 'parent' },
    { idnp: '2500000000032', relation: 'parent' },
    { idnp: '2500000000065', relation: 'grandparent' },
  ],
};

/** The grandmother, with a document for life. */
export const paraschiva: SandboxPerson = {
  idnp: '2500000000065',
  key: 'paraschiva',
  familyName: 'Specimen',
  givenName: 'Paraschiva',
  patronymic: 'Țurcan',
  sex: 'F',
  birthDate: '1949-10-14',
  birthPlace: 's. Fântâna Născocită, r-nul Exemplu',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000099',
  documentIssued: '2013-11-05',
  documentExpires: '2099-12-31',
  hasKeys: false,
  registered: false,
  isResident: true,
  homePhone: '+37320000065',
  relatives: [
    { idnp: '2500000000032', relation: 'child' },
    { idnp: '2500000000043', relation: 'grandchild' },
    { idnp: '2500000000054', relation: 'grandchild' },
  ],
};
