import type { AccessLogItem } from '../../../contract/portal/items.ts';

/**
 * Who looked at the invented people's data before the sandbox was started, by IDNP, the latest first. The site adds
 * what is read during its run. Institutions, rules and officials are invented.
 */
export const accessLog: Readonly<Record<string, readonly AccessLogItem[]>> = {
  // Ana: two on one day; one by a machine, which has no user.
  '2500000000010': [
    {
      operator: 'Casa Națională de Asigurări Închipuite',
      time: '2026-02-11T07:42:05Z',
      action: 'Validate',
      legal_basis: 'Regulamentul-specimen privind asigurările, pct. 14',
      reason: 'Verificarea calității de asigurat',
      user: null,
      object: 'IDNP',
    },
    {
      operator: 'IMSP Policlinica din Închipuiți',
      time: '2026-02-11T06:15:40Z',
      action: 'Access',
      legal_basis: 'Regulamentul-specimen privind asistența medicală, pct. 3 lit. b)',
      reason: 'Înscrierea la medicul de familie',
      user: '2500*******93',
      object: 'Date personale principale; domiciliu',
    },
    {
      operator: 'Inspectoratul Specimen al Transporturilor',
      time: '2025-11-03T13:20:11Z',
      action: 'Search',
      legal_basis: 'Codul-specimen al circulației, art. 21',
      reason: 'Control în trafic',
      user: '2500*******04',
      object: 'QQQ 011',
    },
    {
      operator: 'Banca Născocită SA',
      time: '2025-04-18T09:05:59Z',
      action: 'Access',
      legal_basis: 'Consimțământul persoanei din 18.04.2025',
      reason: 'Deschiderea unui cont',
      user: '2500*******37',
      object: 'Documente eliberate',
    },
  ],
  // Ion: an export for statistics and a transfer to another register.
  '2500000000021': [
    {
      operator: 'Biroul Imaginar de Statistică',
      time: '2026-01-15T22:00:00Z',
      action: 'Export',
      legal_basis: 'Programul-specimen de lucrări statistice, tema 5',
      reason: 'Cercetarea parcului de vehicule agricole',
      user: null,
      object: '9500000000022',
    },
    {
      operator: 'Serviciul Fiscal al Țării Visurilor',
      time: '2025-12-30T16:48:30Z',
      action: 'Transfer',
      legal_basis: 'Acordul-specimen privind schimbul de informații, art. 8 alin. (2)',
      reason:
        'Impozitul pe bunuri imobiliare pentru perioada fiscală precedentă, recalculat la cererea contribuabilului',
      user: '2500*******66',
      object: 'Domiciliu',
    },
  ],
  // Radu: by an embassy.
  '2500000000032': [
    {
      operator: 'Ambasada în Țara Visurilor',
      time: '2025-07-08T08:31:00Z',
      action: 'Access',
      legal_basis: 'Regulamentul-specimen al serviciului consular, pct. 40',
      reason: 'Înregistrarea la evidența consulară',
      user: '2500*******18',
      object: 'Documente eliberate',
    },
  ],
  // Natalia: an action that no list knows, without legal basis.
  '2500001000017': [
    {
      operator: 'Primăria or. Obrazțovsk',
      time: '2026-02-27T11:59:59Z',
      action: 'Rectificare',
      legal_basis: null,
      reason: 'Îndreptarea numelui străzii',
      user: '2500*******52',
      object: 'str. Serghei Vymyshlenny 44',
    },
    {
      operator: 'Direcția Născocită Asistență Socială',
      time: '2026-02-27T08:03:17Z',
      action: 'Access',
      legal_basis: 'Regulamentul-specimen privind ajutorul social, pct. 7',
      reason: null,
      user: '2500*******52',
      object: null,
    },
  ],
  // Serghei: written in Russian.
  '2500001000028': [
    {
      operator: 'Примэрия г. Образцовска',
      time: '2025-09-19T05:30:00Z',
      action: 'Search',
      legal_basis: 'Примерное положение об учёте населения, п. 12',
      reason: 'Составление списков избирателей',
      user: '2500*******70',
      object: 'Место жительства',
    },
  ],
  // Ecaterina: a long name of an institution.
  '2500014000776': [
    {
      operator:
        'Comisia Națională Închipuită pentru Evidența, Păstrarea și Înfrumusețarea Numelor Neobișnuit de Lungi de pe lângă Academia Imaginară',
      time: '2025-12-02T10:10:10Z',
      action: 'Access',
      legal_basis: 'Statutul-specimen al comisiei, art. 1',
      reason: 'Admirație',
      user: '2500*******01',
      object: 'Numele',
    },
  ],
};
