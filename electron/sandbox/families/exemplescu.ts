import type { SandboxPerson } from '../person.ts';

/**
 * A very long double name: given and family name together exceed the 64 characters that X.520 allows for a
 * common name, so that the certificate has to shorten it. She has not been at the e-services site before.
 */
export const ecaterina: SandboxPerson = {
  idnp: '2500014000776',
  key: 'ecaterina',
  familyName: 'Exemplescu-Nemaiîntâlnită-Ciobănițeanu',
  givenName: 'Ecaterina-Alexandrina-Smărăndița Maria-Magdalena',
  patronymic: 'Constantin-Împărat',
  sex: 'F',
  birthDate: '2004-12-31',
  birthPlace: 's. Închipuirea-de-Sus și de Jos, com. Nicăieri, r-nul Exemplu',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000055',
  documentIssued: '2025-12-01',
  documentExpires: '2032-12-01',
  hasKeys: true,
  registered: false,
  isResident: true,
  email: 'ecaterina@inchipuirea.example',
  mobilePhone: '+37300014776',
  relatives: [{ idnp: '2500014000787', relation: 'grandparent' }],
};

/** The registers hold nothing of him but his name; MPass has no address of his either. */
export const vasile: SandboxPerson = {
  idnp: '2500014000787',
  key: 'vasile',
  familyName: 'Exemplescu',
  givenName: 'Vasile',
  patronymic: null,
  sex: 'M',
  birthDate: '1941-01-14',
  birthPlace: 's. Închipuirea-de-Jos, com. Nicăieri, r-nul Exemplu',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000155',
  documentIssued: '2024-01-15',
  documentExpires: '2099-12-31',
  hasKeys: true,
  registered: true,
  isResident: true,
  relatives: [{ idnp: '2500014000776', relation: 'grandchild' }],
};
