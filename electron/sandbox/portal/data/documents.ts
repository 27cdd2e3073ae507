import type { DocumentItem } from '../../../contract/portal/items.ts';

/**
 * Documents issued to the invented people, by IDNP. Each person's present identity document is the one that
 * `people.ts` gives them. Series ZZ, ZA and AA with such low numbers, and the offices, are invented.
 */
export const documents: Readonly<Record<string, readonly DocumentItem[]>> = {
  // Ana: two valid documents, one expired, one given back long ago.
  '2500000000010': [
    {
      series: 'ZZ',
      number: '000000011',
      issue_date: '2025-04-14',
      issue_place: 'CM Închipuiți',
      status: 'valabil',
      expiry_date: '2035-04-14',
      doc_type: 'eCA',
    },
    {
      series: 'AA',
      number: '0000011',
      issue_date: '2024-07-09',
      issue_place: 'CM Închipuiți',
      status: 'valabil',
      expiry_date: '2034-07-09',
      doc_type: 'PA',
    },
    {
      series: 'ZA',
      number: '00000101',
      issue_date: '2015-03-02',
      issue_place: 'SEDP Exemplu',
      status: 'expirat',
      expiry_date: '2025-03-02',
      doc_type: 'CA',
    },
    {
      series: 'ZA',
      number: '00000042',
      issue_date: '2006-02-20',
      issue_place: 'SEDP Exemplu',
      status: 'restituit titularului',
      expiry_date: '2015-01-31',
      doc_type: 'CA',
    },
  ],
  // Ion: a lost passport and its successor.
  '2500000000021': [
    {
      series: 'ZZ',
      number: '000000022',
      issue_date: '2021-09-02',
      issue_place: 'Secția Fântâna Născocită',
      status: 'valabil',
      expiry_date: '2031-09-02',
      doc_type: 'CA',
    },
    {
      series: 'AA',
      number: '0000022',
      issue_date: '2023-01-17',
      issue_place: 'Secția Fântâna Născocită',
      status: 'valabil',
      expiry_date: '2033-01-17',
      doc_type: 'PA',
    },
    {
      series: 'A',
      number: '0000007',
      issue_date: '2016-05-30',
      issue_place: 'Ambasada în Țara Visurilor',
      status: 'pierdut',
      expiry_date: '2023-05-30',
      doc_type: 'PA',
    },
  ],
  // Natalia: a stolen card replaced, a provisional one without series in between.
  '2500001000017': [
    {
      series: 'ZZ',
      number: '000000033',
      issue_date: '2020-06-18',
      issue_place: 'CM Obrazțovsk',
      status: 'valabil',
      expiry_date: '2030-06-18',
      doc_type: 'CA',
    },
    {
      series: null,
      number: '0000003',
      issue_date: '2020-06-01',
      issue_place: 'CM Obrazțovsk',
      status: 'anulat',
      expiry_date: '2020-07-01',
      doc_type: 'BP',
    },
    {
      series: 'ZA',
      number: '00000303',
      issue_date: '2011-12-05',
      issue_place: 'SEDP Obrazțovsk',
      status: 'furat',
      expiry_date: '2021-11-05',
      doc_type: 'CA',
    },
  ],
  // Serghei: the successor of an expired card, and a passport that waits to be collected.
  '2500001000028': [
    {
      series: 'ZZ',
      number: '000000044',
      issue_date: '2024-03-10',
      issue_place: 'CM Obrazțovsk',
      status: 'valabil',
      expiry_date: '2034-03-10',
      doc_type: 'CA',
    },
    {
      series: 'AA',
      number: '0000444',
      issue_date: '2026-02-27',
      issue_place: 'CM Obrazțovsk',
      status: 'neridicat',
      expiry_date: '2036-02-27',
      doc_type: 'PA',
    },
    {
      series: 'ZA',
      number: '00000404',
      issue_date: '2014-02-24',
      issue_place: 'г. Образцовск',
      status: 'expirat',
      expiry_date: '2024-02-24',
      doc_type: 'CA',
    },
  ],
  // Ecaterina: a status and a type that no list knows, and a document without limit.
  '2500014000776': [
    {
      series: 'ZZ',
      number: '000000055',
      issue_date: '2025-12-01',
      issue_place: 'Secția Închipuirea-de-Sus și de Jos, oficiul mobil de documentare',
      status: 'valabil',
      expiry_date: '2032-12-01',
      doc_type: 'eCA',
    },
    {
      series: 'ZA',
      number: '00000505',
      issue_date: '2018-12-20',
      issue_place: 'Secția Închipuirea-de-Sus',
      status: 'deteriorat',
      expiry_date: '2025-12-20',
      doc_type: 'CA',
    },
    {
      series: 'EX',
      number: '55',
      issue_date: '2022-10-03',
      issue_place: 'Secția Închipuirea-de-Sus',
      status: 'în verificare',
      expiry_date: null,
      doc_type: 'adeverință',
    },
  ],
};
