import { describe, expect, it } from 'vitest';
import { checkDigitHolds, idnpOfSerialNumber } from '../../electron/contract/idnp.ts';

describe('the check digit of IDNP and IDNO', () => {
  it.each(['1008600038413', '1010600034203', '1003600096694', '1006601000439', '1014620001313'])(
    'holds for the public IDNO %s',
    (idno) => {
      expect(checkDigitHolds(idno)).toBe(true);
    },
  );

  it.each(['2500000000010', '2500000000021', '2500001000017', '2500001000028', '2500014000776'])(
    'holds for the sandbox IDNP %s',
    (idnp) => {
      expect(checkDigitHolds(idnp)).toBe(true);
      expect(idnpOfSerialNumber(idnp)).toEqual({ digits: idnp, warnings: [] });
    },
  );

  it.each(['2222222222222', '2000000000000'])('only warns about the official test number %s', (idnp) => {
    expect(idnpOfSerialNumber(`PNOMD-${idnp}`)).toEqual({ digits: idnp, warnings: ['check-digit'] });
  });

  it('notices any single wrong digit at a weight-1 place', () => {
    expect(checkDigitHolds('1008600038413')).toBe(true);
    expect(checkDigitHolds('1009600038413')).toBe(false);
    expect(checkDigitHolds('1008600038414')).toBe(false);
  });

  it.each(['', '100860003841', '10086000384130', '100860003841a', '١٠٠٨٦٠٠٠٣٨٤١٣'])('refuses %j', (text) => {
    expect(checkDigitHolds(text)).toBe(false);
  });
});

describe('the IDNP in a subject serialNumber', () => {
  it('is read bare and with the ETSI prefix', () => {
    expect(idnpOfSerialNumber('PNOMD-2500000000010')?.digits).toBe('2500000000010');
    expect(idnpOfSerialNumber('2500000000010')?.digits).toBe('2500000000010');
  });

  it('warns when the first digit is that of an organisation', () => {
    expect(idnpOfSerialNumber('1008600038413')).toEqual({ digits: '1008600038413', warnings: ['prefix'] });
  });

  it.each([
    'PNORO-2500000000010',
    'PNOEE-38001085718',
    'IDCMD-2500000000010',
    'PASMD-2500000000010',
    'TINMD-2500000000010',
    'pnomd-2500000000010',
    'PNOMD-250000000001',
    'PNOMD-25000000000100',
    'PNOMD-2500000000010 ',
    'PNOMD-2500000000010\n',
    'PNOMD-PNOMD-2500000000010',
    '٢٥٠٠٠٠٠٠٠٠٠١٠',
    '',
  ])('is not found in %j', (text) => {
    expect(idnpOfSerialNumber(text)).toBeNull();
  });
});
