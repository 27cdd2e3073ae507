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
  // Radu: at home, and registered abroad as a register writes it that knows one kind more.
  '2500000000032': [
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
      visa_type: 'loc de ședere peste hotare',
      reg_date: '2022-10-01',
      reg_expiry: '2027-09-30',
      country: 'Țara Visurilor',
      district: 'Dunăreni-Visători',
      street: 'Allée des Rêves',
      house: '118 bis',
      block: null,
      flat: '4',
    },
  ],
  // Mihăiță: with his mother.
  '2500000000043': [
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
  ],
  // Ilinca: with her mother.
  '2500000000054': [
    {
      visa_type: 'domiciliu',
      reg_date: '2022-01-10',
      reg_expiry: null,
      country: 'Republica Moldova',
      district: 'Exemplu',
      street: 'str. Închipuirii',
      house: '12',
      block: 'A',
      flat: '34',
    },
  ],
  // Paraschiva: a village, where houses have names.
  '2500000000065': [
    {
      visa_type: 'domiciliu',
      reg_date: '1971-05-03',
      reg_expiry: null,
      country: 'Republica Moldova',
      district: 'Exemplu, s. Fântâna Născocită',
      street: null,
      house: 'Casa de lângă moară',
      block: null,
      flat: null,
    },
  ],
  // Liudmila: with Ion since their wedding.
  '2500000000076': [
    {
      visa_type: 'domiciliu',
      reg_date: '2009-08-24',
      reg_expiry: null,
      country: 'Republica Moldova',
      district: 'Exemplu',
      street: 'str. Fântânii cu Cumpănă',
      house: '7',
      block: null,
      flat: null,
    },
  ],
  // Răzvan: with his parents.
  '2500000000087': [
    {
      visa_type: 'domiciliu',
      reg_date: '2012-04-02',
      reg_expiry: null,
      country: 'Republica Moldova',
      district: 'Exemplu',
      street: 'str. Fântânii cu Cumpănă',
      house: '7',
      block: null,
      flat: null,
    },
  ],
  // Piotr: with Natalia.
  '2500001000039': [
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
  ],
  // Daria: with her parents, and in a student hostel.
  '2500001000040': [
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
      reg_date: '2025-09-01',
      reg_expiry: '2028-06-30',
      country: 'Republica Moldova',
      district: 'mun. Modelești',
      street: 'str. Academiei Imaginare',
      house: '2/1',
      block: 'Căminul 5',
      flat: '512-B',
    },
  ],
  // Olga: with Serghei.
  '2500001000051': [
    {
      visa_type: 'domiciliu',
      reg_date: '1993-10-11',
      reg_expiry: null,
      country: 'Республика Молдова',
      district: 'г. Образцовск',
      street: 'ул. Вымышленная',
      house: '17',
      block: 'Б',
      flat: '60',
    },
  ],
  // Vasile: nothing.
  '2500014000787': [],
};
