import type { SandboxPerson } from '../person.ts';

/** A man with every Romanian letter in his data; he runs a firm. */
export const ion: SandboxPerson = {
  idnp: '2500000000021',
  key: 'ion',
  familyName: 'Model-Brânză',
  givenName: 'Ion-Grățian',
  patronymic: 'Răzvan',
  sex: 'M',
  birthDate: '1984-02-29',
  birthPlace: 's. Fântâna Născocită, r-nul Exemplu',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000022',
  documentIssued: '2021-09-02',
  documentExpires: '2031-09-02',
  hasKeys: true,
  registered: true,
  isResident: true,
  email: 'ion.gratian@model.example',
  mobilePhone: '+37300000021',
  homePhone: '+37320000021',
  // Year digits "500", as in the IDNPs; the check digits are right.
  administeredLegalEntities: [
    'SRL „Brânză & Fiii Specimen” 1500600000011',
    'GȚ „Fântâna Născocită” 1500600000022',
  ],
  relatives: [
    { idnp: '2500000000076', relation: 'spouse' },
    { idnp: '2500000000087', relation: 'child' },
  ],
};

export const liudmila: SandboxPerson = {
  idnp: '2500000000076',
  key: 'liudmila',
  familyName: 'Model-Brânză',
  givenName: 'Liudmila-Ioana',
  patronymic: 'Vasile',
  sex: 'F',
  birthDate: '1986-07-07',
  birthPlace: 'or. Închipuiți, r-nul Exemplu',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000100',
  documentIssued: '2021-09-02',
  documentExpires: '2031-09-02',
  hasKeys: false,
  registered: false,
  isResident: true,
  email: 'liudmila.ioana@model.example',
  mobilePhone: '+37300000076',
  homePhone: '+37320000021',
  relatives: [
    { idnp: '2500000000021', relation: 'spouse' },
    { idnp: '2500000000087', relation: 'child' },
  ],
};

export const razvan: SandboxPerson = {
  idnp: '2500000000087',
  key: 'razvan',
  familyName: 'Model-Brânză',
  givenName: 'Răzvan-Ștefăniță',
  patronymic: 'Ion-Grățian',
  sex: 'M',
  birthDate: '2012-03-18',
  birthPlace: 'or. Închipuiți, r-nul Exemplu',
  citizenship: 'MDA',
  language: 'ro',
  documentNumber: 'ZZ000000111',
  documentIssued: '2022-04-04',
  documentExpires: '2028-03-18',
  hasKeys: false,
  registered: false,
  isResident: true,
  relatives: [
    { idnp: '2500000000021', relation: 'parent' },
    { idnp: '2500000000076', relation: 'parent' },
  ],
};
