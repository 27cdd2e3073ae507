import type { SandboxPerson } from '../person.ts';

/** Names written in Cyrillic: certificates and screens must carry them unharmed. */
export const serghei: SandboxPerson = {
  idnp: '2500001000028',
  key: 'serghei',
  familyName: 'Примеров',
  givenName: 'Сергей',
  patronymic: 'Владимирович',
  sex: 'M',
  birthDate: '1969-07-23',
  birthPlace: 'г. Образцовск',
  citizenship: 'MDA',
  language: 'ru',
  documentNumber: 'ZZ000000044',
  documentIssued: '2024-03-10',
  documentExpires: '2034-03-10',
  hasKeys: true,
  registered: true,
  isResident: true,
  email: 'primerov@obraztsovsk.example',
  mobilePhone: '+37300001028',
  relatives: [{ idnp: '2500001000051', relation: 'spouse' }],
};

/** Letters that Russian does not use every day; her card has run out. */
export const olga: SandboxPerson = {
  idnp: '2500001000051',
  key: 'olga',
  familyName: 'Примерова-Щёголева',
  givenName: 'Ольга',
  patronymic: 'Фёдоровна',
  sex: 'F',
  birthDate: '1971-03-08',
  birthPlace: 'с. Подъёмное, Образцовский р-н',
  citizenship: 'MDA',
  language: 'ru',
  documentNumber: 'ZZ000000144',
  documentIssued: '2016-03-22',
  documentExpires: '2026-03-22',
  hasKeys: true,
  registered: true,
  isResident: true,
  mobilePhone: '+37300001051',
  homePhone: '+37320001051',
  relatives: [{ idnp: '2500001000028', relation: 'spouse' }],
};
