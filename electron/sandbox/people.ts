/**
 * The invented people of the sandbox. None of them exists: their IDNPs carry the impossible year digits "500"
 * (see the comment at `sandboxIdnps`), so that no number here can ever be a real person's.
 *
 * Romanian names use the letters of the Romanian alphabet, ș and ț with comma below (U+0219, U+021B), never the
 * Turkish cedilla forms.
 */

/** An invented holder of a simulated card. */
export interface SandboxPerson {
  /** IDNP: 13 digits with a valid check digit. */
  readonly idnp: string;
  /** Short name for command lines and tests: lower-case ASCII letters. */
  readonly key: string;
  readonly familyName: string;
  readonly givenName: string;
  readonly patronymic: string;
  readonly sex: 'M' | 'F';
  /** `YYYY-MM-DD` (ISO 8601). */
  readonly birthDate: string;
  /** Town or village and district, as written on the document. */
  readonly birthPlace: string;
  /** Citizenship, ISO 3166-1 alpha-3. */
  readonly citizenship: 'MDA';
  /** Language the person would choose, BCP 47. */
  readonly language: 'ro' | 'ru';
  /** Invented series and number of the identity document; `ZZ` is not a series in use. */
  readonly documentNumber: string;
  /** Date of issue, `YYYY-MM-DD`. */
  readonly documentIssued: string;
  /** Last day of validity, `YYYY-MM-DD`. */
  readonly documentExpires: string;
}

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
};

/** A man with every Romanian letter in his data. */
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
};

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
};

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
};

/**
 * A very long double name: given and family name together exceed the 64 characters that X.520 allows for a
 * common name, so that the certificate has to shorten it.
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
};

/** All invented people; the first is the default holder. */
export const sandboxPeople: readonly SandboxPerson[] = [ana, ion, natalia, serghei, ecaterina];

/**
 * The IDNPs of `sandboxPeople`. The check digits are right; the year digits "500" say an assignment in a year
 * that ends in 500, which no registry has seen.
 */
export const sandboxIdnps: readonly string[] = sandboxPeople.map((person) => person.idnp);

/** The invented person with this IDNP or key. */
export function findSandboxPerson(idnpOrKey: string): SandboxPerson | undefined {
  return sandboxPeople.find((person) => person.idnp === idnpOrKey || person.key === idnpOrKey);
}
