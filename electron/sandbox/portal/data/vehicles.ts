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
};
