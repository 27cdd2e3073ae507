import { bytes } from '../scripted-channel.ts';

/**
 * The files of a PKCS#15 card with two PINs, a PUK, an RSA and an EC key, typed by hand from ISO 7816-15.
 */

/** `61 { 4F aid, 50 "Buletin", 51 path }` */
export const efDir = bytes('611D 4F0CA000000063504B43532D3135 500742756C6574696E 51043F005015');

/** AODF 4401, PrKDF 4402, PuKDF 4403, CDF 4404, each by its absolute path. */
export const efOdf = bytes(`
  A80A 3008 0406 3F0050154401
  A00A 3008 0406 3F0050154402
  A10A 3008 0406 3F0050154403
  A40A 3008 0406 3F0050154404`);

/** version 0, serial 0102030405, manufacturer "Sandbox", label "SIMULATED", flags 1 and 2. */
export const efTokenInfo = bytes(
  '3022 020100 04050102030405 0C0753616E64626F78 800953494D554C41544544 03020560',
);

const pin1 = `3033
  300A 0C0450494E31 030206C0
  3003 040101
  A120 301E 030202CC 0A0101 020104 020108 020108 800101 0401FF 300604043F005015`;

/** Common authId 03: the PUK guards it. */
const pin2 = `3036
  300D 0C0450494E32 030206C0 040103
  3003 040102
  A120 301E 030202CC 0A0101 020106 020108 020108 800102 0401FF 300604043F005015`;

/** Flag 6 in addition; maxLength left out. */
const puk = `302F
  3009 0C0350554B 030206C0
  3003 040103
  A11D 301B 030201CE 0A0101 020108 020108 800103 0401FF 300604043F005015`;

export const aodf = { pin1: bytes(pin1), pin2: bytes(pin2), puk: bytes(puk), file: bytes(pin1 + pin2 + puk) };

/** RSA-2048, iD 45, usage sign, PIN 01, reference 0, file 4B01. */
const authenticationKey = `3031
  300D 0C0441757468 03020780 040101
  300E 040145 03020520 030203B8 020100
  A110 300E 3008 0406 3F0050154B01 02020800`;

/** EC P-384, iD 46, usage nonRepudiation, PIN 02, userConsent 1, reference 81, file 4B02. */
const signatureKey = `A036
  3010 0C045369676E 03020780 040102 020101
  3010 040146 0303060040 030203B8 02020081
  A110 300E 3008 0406 3F0050154B02 02020180`;

export const prkdf = {
  authentication: bytes(authenticationKey),
  signature: bytes(signatureKey),
  file: bytes(authenticationKey + signatureKey),
};

/** iD 45, absolute path. */
const authenticationCertificate = `301F
  300A 0C0441757468 03020640
  3003 040145
  A10C 300A 3008 0406 3F0050154301`;

/** iD 46, path from the application's DF, index 4, length 10. */
const signatureCertificate = `3022
  300A 0C045369676E 03020640
  3003 040146
  A10F 300D 300B 0402 4302 02020004 80010A`;

export const cdf = {
  authentication: bytes(authenticationCertificate),
  signature: bytes(signatureCertificate),
  file: bytes(authenticationCertificate + signatureCertificate),
};

/** Looks like a certificate from outside: a SEQUENCE of 8 bytes. */
export const certificate = bytes('3006 3004 02020123');
