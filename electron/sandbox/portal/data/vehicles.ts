import type { VehicleItem } from '../../../contract/portal/items.ts';

/**
 * Vehicles in the invented people's names, by IDNP. Plates, register numbers and VINs are invented (SMP is no
 * maker's code; plates use the letter Q); the makes too, but for their years.
 */
export const vehicles: Readonly<Record<string, readonly VehicleItem[]>> = {
  // Ana: a new car, whose VIN has a right check digit, and an old one without VIN.
  '2500000000010': [
    {
      idnv: '9500000000011',
      plate: 'QQQ 011',
      make: 'SPECIMEN',
      model: 'Rândunica 1.6',
      year: 2019,
      vin: 'SMPCMN0030TEST011',
    },
    {
      idnv: '9500000000012',
      plate: 'C QQ 12',
      make: 'NĂSCOCIT',
      model: '1300',
      year: 1987,
      vin: null,
    },
  ],
  // Ion: a car, a tractor with a plate of its own kind, and a trailer whose number is not 13 digits.
  '2500000000021': [
    {
      idnv: '9500000000021',
      plate: 'QQQ 021',
      make: 'MODEL',
      model: 'Grâu Combi',
      year: 2008,
      vin: 'SMPMDL9Z900002211',
    },
    {
      idnv: '9500000000022',
      plate: 'EXT 0221',
      make: 'BRÂNZĂ & FIII',
      model: 'Tractor T-40 „Țăranul”',
      year: 1979,
      vin: null,
    },
    {
      idnv: 'R-21/003',
      plate: 'QQ QQ 3',
      make: 'MODEL',
      model: 'Remorcă',
      year: 1996,
      vin: 'SMPRMRCA000000213',
    },
  ],
  // Natalia: one car.
  '2500001000017': [
    {
      idnv: '9500001000031',
      plate: 'QNV 033',
      make: 'SPECIMEN',
      model: 'Rândunica Electric',
      year: 2024,
      vin: 'SMPCMN00XELEC0033',
    },
  ],
  // Serghei: a veteran with a Cyrillic name.
  '2500001000028': [
    {
      idnv: '9500001000041',
      plate: 'K QQ 44',
      make: 'Образец',
      model: '412 «Жар-птица»',
      year: 1975,
      vin: null,
    },
  ],
  // Ecaterina has none.
  '2500014000776': [],
  // Radu: one bought abroad, with a plate of his own choice.
  '2500000000032': [
    {
      idnv: '9500000000032',
      plate: 'RADU 1',
      make: 'SPECIMEN',
      model: 'Familia Grande „Pădurea de Argint” 2.0 TD Automat, ediție aniversară',
      year: 2021,
      vin: 'SMPFAM00XAMPLE013',
    },
  ],
  // Mihăiță has none.
  '2500000000043': [],
  // Ilinca has none.
  '2500000000054': [],
  // Paraschiva: a moped without plate pattern, older than its register.
  '2500000000065': [
    {
      idnv: 'M-000065',
      plate: '0065 EX',
      make: 'Rândunica',
      model: 'Mopedul „Verișoara”',
      year: 1968,
      vin: null,
    },
  ],
  // Liudmila: a trailer without VIN, and an electric car.
  '2500000000076': [
    {
      idnv: '9500000000076',
      plate: 'QQ QQ 76',
      make: 'MODEL',
      model: 'Remorcă ușoară',
      year: 2003,
      vin: null,
    },
    {
      idnv: '9500000000077',
      plate: 'ELQ 007',
      make: 'SPECIMEN',
      model: 'Licurici EV',
      year: 2026,
      vin: 'SMPELK4050TEST077',
    },
  ],
  // Răzvan has none.
  '2500000000087': [],
  // Piotr: a lorry whose VIN has a letter that no VIN has, and a bus with a special plate.
  '2500001000039': [
    {
      idnv: '9500001000039',
      plate: 'QPT 122',
      make: 'Образец',
      model: 'Самосвал КТ-5',
      year: 2001,
      vin: 'SMPTRUCKO00000122',
    },
    {
      idnv: '9500001000040',
      plate: 'H 1234',
      make: 'MODEL',
      model: 'Autobuz școlar',
      year: 2012,
      vin: 'SMPBUS00000000039',
    },
  ],
  // Daria has none.
  '2500001000040': [],
  // Olga: the share in a veteran.
  '2500001000051': [
    {
      idnv: '9500001000051',
      plate: 'C QQ 51',
      make: 'Образец',
      model: '«Щука» кабриолет',
      year: 1961,
      vin: null,
    },
  ],
  // Vasile: nothing.
  '2500014000787': [],
};
