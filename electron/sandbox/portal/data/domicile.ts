import type { DomicileItem } from '../../../contract/portal/items.ts';

/** Registrations of residence of the invented people, by IDNP. Streets, towns and districts do not exist. */
export const domicile: Readonly<Record<string, readonly DomicileItem[]>> = {
  // Ana: a domicile, and a temporary residence elsewhere.
  '2500000000010': [
    {
      visa_type: 'domiciliu',
      reg_date: '2018-03-12',
      reg_expiry: null,
      country: 'Republica Moldova',
      district: 'Exemplu',
      street: 'str. Închipuirii',
      house: '12',
      block: 'A',
      flat: '34',
    },
    {
      visa_type: 'reședință temporară',
      reg_date: '2026-09-01',
      reg_expiry: '2031-08-31',
      country: 'Republica Moldova',
      district: 'mun. Modelești',
      street: 'bd. Ștefan Născocitul',
      house: '5/2',
      block: null,
      flat: '118',
    },
  ],
  // Ion: a village house.
  '2500000000021': [
    {
      visa_type: 'domiciliu',
      reg_date: '1999-10-21',
      reg_expiry: null,
      country: 'Republica Moldova',
      district: 'Exemplu',
      street: 'str. Fântânii cu Cumpănă',
      house: '7',
      block: null,
      flat: null,
    },
  ],
  // Natalia: a temporary residence that has run out.
  '2500001000017': [
    {
      visa_type: 'domiciliu',
      reg_date: '2009-04-30',
      reg_expiry: null,
      country: 'Republica Moldova',
      district: 'Obrazțovsk',
      street: 'str. Serghei Vymyshlenny',
      house: '44',
      block: '3',
      flat: '9',
    },
    {
      visa_type: 'reședință temporară',
      reg_date: '2021-11-15',
      reg_expiry: '2023-11-14',
      country: 'Republica Moldova',
      district: 'mun. Modelești',
      street: 'str-la Îngustă a Țesătorilor',
      house: '1',
      block: null,
      flat: null,
    },
  ],
  // Serghei: written in Cyrillic, as old registrations are.
  '2500001000028': [
    {
      visa_type: 'domiciliu',
      reg_date: '1988-06-02',
      reg_expiry: null,
      country: 'Республика Молдова',
      district: 'г. Образцовск',
      street: 'ул. Вымышленная',
      house: '17',
      block: 'Б',
      flat: '60',
    },
  ],
  // Ecaterina: a place without street names.
  '2500014000776': [
    {
      visa_type: 'domiciliu',
      reg_date: '2005-01-14',
      reg_expiry: null,
      country: 'Republica Moldova',
      district: 'Exemplu, com. Nicăieri, s. Închipuirea-de-Sus și de Jos',
      street: null,
      house: '3',
      block: null,
      flat: null,
    },
  ],
};
