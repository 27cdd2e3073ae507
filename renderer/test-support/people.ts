import type { CertificateJson, PinJson, ReaderJson, TokenJson } from '../../electron/contract/model/card.ts';
import type { AccessLogItem } from '../../electron/contract/portal/items.ts';
import type { ServiceAnswers } from '../../electron/contract/portal/services.ts';

/** Invented cards, people and data for looking at the window. Dates count from the moment of looking. */

const day = 86_400_000;
export const fromNow = (days: number): string => new Date(Date.now() + days * day).toISOString();
export const dayFromNow = (days: number): string => fromNow(days).slice(0, 10);

export const reader = (state: ReaderJson['state'], name = 'Cititor de probă 00 00'): ReaderJson => ({
  name,
  simulated: false,
  state,
  atr: state === 'present' ? '3B8F8001804F0CA000000306030001000000006A' : null,
});

const holder = {
  commonName: 'EXEMPLU ANA',
  givenName: 'ANA',
  surname: 'EXEMPLU',
  serialNumber: 'PNOMD-2500000000021',
  idnp: '2500000000021',
};

const certificate = (
  role: 'authentication' | 'signature',
  more: Partial<CertificateJson> = {},
): CertificateJson => ({
  id: role === 'authentication' ? '45' : '46',
  role,
  subject: holder,
  issuer: 'CN=CA de probă,O=Emitent inventat,C=MD',
  serialNumber: role === 'authentication' ? '01A2B3C4' : '05D6E7F8',
  notBefore: fromNow(-600),
  notAfter: fromNow(495),
  key: { type: 'RSA', bits: 3072, curve: null },
  status: 'valid',
  pem: '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n',
  ...more,
});

export const pin = (name: PinJson['name'], more: Partial<PinJson> = {}): PinJson => ({
  name,
  role: name === 'PIN1' ? 'authentication' : name === 'PIN2' ? 'signature' : 'unblock',
  length: name === 'PUK' ? { min: 8, max: 8 } : name === 'PIN1' ? { min: 4, max: 4 } : { min: 6, max: 6 },
  tries: 3,
  changeFirst: false,
  ...more,
});

export const twoCertificateCard = (more: Partial<TokenJson> = {}): TokenJson => ({
  source: 'pkcs15',
  label: 'Buletin electronic',
  serial: 'B50000021',
  simulated: false,
  certificates: [certificate('authentication'), certificate('signature')],
  pins: [pin('PIN1'), pin('PIN2'), pin('PUK')],
  ...more,
});

export const oneCertificateCard = (more: Partial<TokenJson> = {}): TokenJson => ({
  source: 'pkcs15',
  label: 'Carte de identitate',
  serial: 'C70000021',
  simulated: false,
  certificates: [certificate('signature', { key: { type: 'EC', bits: 384, curve: 'P-384' } })],
  pins: [pin('PIN2', { length: { min: 6, max: 12 } }), pin('PUK')],
  ...more,
});

/** A card whose certificates and PINs are in every other state. */
export const agedCard = (): TokenJson =>
  twoCertificateCard({
    certificates: [
      certificate('authentication', { notAfter: fromNow(20) }),
      certificate('signature', { notAfter: fromNow(-12), status: 'expired' }),
    ],
    pins: [pin('PIN1', { tries: 1 }), pin('PIN2', { tries: 'blocked' }), pin('PUK', { tries: 'unknown' })],
  });

const longName = 'Popescu'.repeat(1500);

/** What a card may carry that should have been a name: markup, turned text, controls, ten thousand letters. */
export const hostileCard = (): TokenJson =>
  twoCertificateCard({
    label: '<img src=x onerror=alert(1)>\u202eetrac\u0000',
    certificates: [
      certificate('authentication', {
        subject: {
          ...holder,
          givenName: longName,
          surname: '\u202e<b>Ana</b>\ud800',
          commonName: longName,
          idnp: null,
          serialNumber: 'PASMD-\u0007',
        },
      }),
      certificate('signature'),
    ],
  });

const readAt = () => new Date(Date.now() - 90_000).toISOString();

const operators = [
  'Agenția Servicii Publice',
  'Casa Națională de Asigurări Sociale',
  'Inspectoratul General al Poliției',
  'Serviciul Fiscal de Stat',
  'Primăria municipiului Chișinău',
] as const;
const reasons = [
  'Eliberarea unui extras',
  'Programare la ghișeu',
  'Verificarea buletinului',
  'Calcularea indemnizației',
  null,
] as const;
const actions = ['Access', 'Search', 'Validate', 'Export', 'Transfer'] as const;

/** An access log of so many entries, newest first. */
export const accessLog = (count: number): AccessLogItem[] =>
  Array.from({ length: count }, (_, index) => ({
    operator: operators[(index * 7 + (index >> 2)) % operators.length] as string,
    time: fromNow(-(index * 360) / Math.max(count, 12) - 0.6),
    action: actions[(index * 3) % actions.length] as string,
    legal_basis: index % 3 === 2 ? null : 'Legea nr. 133/2011, art. 5',
    reason: reasons[index % reasons.length] ?? null,
    user: index % 4 === 3 ? null : '2500*******21',
    object: index % 2 === 0 ? 'date personale, domiciliu' : null,
  }));

export const answers = (): ServiceAnswers => ({
  personal: {
    service: 'personal',
    readAt: readAt(),
    source: 'Registrul de stat al populației',
    items: [
      {
        idnp: '2500000000021',
        family_name: 'Exemplu',
        given_name: 'Ana',
        patronymic: 'Ion',
        sex: 'F',
        birth_date: '1985-05-14',
        birth_place: 'Orhei',
        citizenship: 'MDA',
        blood_group: 'A+',
        legal_capacity: 'full',
      },
    ],
  },
  documents: {
    service: 'documents',
    readAt: readAt(),
    source: 'Registrul de stat al populației',
    items: [
      document('eCA', 'B', '50000021', -600, 2200, 'valabil', 'ASP, CM Chișinău 2'),
      document('PA', 'AB', '5000021', -3600, 47, 'valabil', 'ASP, CM Chișinău 1'),
      document('CA', 'A', '05000021', -5900, -1200, 'restituit titularului', 'Secția Orhei'),
      document('PA', 'A', '4000021', -6100, -3600, 'expirat', 'Secția Orhei'),
      document('ID', null, '04000021', -9000, null, 'stare necunoscută', 'Secția Orhei'),
    ],
  },
  domicile: {
    service: 'domicile',
    readAt: readAt(),
    source: 'Registrul de stat al populației',
    items: [
      {
        visa_type: 'domiciliu',
        reg_date: '2019-06-18',
        reg_expiry: null,
        country: 'MDA',
        district: 'municipiul Chișinău',
        street: 'Alexei Mateevici',
        house: '10',
        block: '2',
        flat: '15',
      },
      {
        visa_type: 'reședință temporară',
        reg_date: dayFromNow(-120),
        reg_expiry: dayFromNow(245),
        country: 'MDA',
        district: 'raionul Soroca',
        street: 'Independenței',
        house: '7',
        block: null,
        flat: null,
      },
    ],
  },
  vehicles: {
    service: 'vehicles',
    readAt: readAt(),
    source: 'Registrul de stat al transporturilor',
    items: [
      {
        idnv: '2500000000010',
        plate: 'BLT 010',
        make: 'Dacia',
        model: 'Logan',
        year: 2019,
        vin: 'UU1BULETXN0000010',
      },
      { idnv: '25000021', plate: 'SPECIAL 1', make: 'Škoda', model: 'Fabia', year: 2008, vin: null },
    ],
  },
  'access-log': {
    service: 'access-log',
    readAt: readAt(),
    source: 'Jurnalul accesărilor',
    items: accessLog(15),
  },
});

function document(
  type: string,
  series: string | null,
  number: string,
  issued: number,
  expires: number | null,
  status: string,
  place: string,
): ServiceAnswers['documents']['items'][number] {
  return {
    series,
    number,
    issue_date: dayFromNow(issued),
    issue_place: place,
    status,
    expiry_date: expires === null ? null : dayFromNow(expires),
    doc_type: type,
  };
}
