import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  maximumCertificateLength,
  readCertificate,
} from '../../../electron/engine/token/certificate-facts.ts';
import { certificateRole, roleOfLabel } from '../../../electron/engine/token/certificate-role.ts';
import { bytes, failureFrom } from '../card/scripted-channel.ts';

const { KeyUsageFlags } = x509;

/** QCStatements, typed by hand (ETSI EN 319 412-5). */
const qc = {
  /** id-etsi-qcs-QcCompliance */
  compliance: '300A 3008 0606 04008E460101',
  /** QcType { QcType-esign } */
  esign: '3015 3013 0606 04008E460106 3009 0607 04008E46010601',
  /** QcType { QcType-web } */
  web: '3015 3013 0606 04008E460106 3009 0607 04008E46010603',
  /** QcPDS with one location */
  pds: '301C 301A 0606 04008E460105 3010 300E 1608 687474703A2F2F61 1302656E',
} as const;

async function certificate(
  subject: x509.JsonNameParams,
  ...extensions: x509.Extension[]
): Promise<Uint8Array> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned(
    { name: new x509.Name(subject).toJSON(), keys, signingAlgorithm: algorithm, extensions },
    webcrypto,
  );
  return new Uint8Array(made.rawData);
}

const usage = (flags: number): x509.Extension => new x509.KeyUsagesExtension(flags, true);
const statements = (hex: string): x509.Extension =>
  new x509.Extension('1.3.6.1.5.5.7.1.3', false, Uint8Array.from(bytes(hex)));
const clientAuth = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]);

describe('the role of a certificate', () => {
  it.each([
    ['nonRepudiation', [usage(KeyUsageFlags.nonRepudiation)], 'signature'],
    ['digitalSignature', [usage(KeyUsageFlags.digitalSignature)], 'authentication'],
    [
      'digitalSignature and clientAuth',
      [usage(KeyUsageFlags.digitalSignature), clientAuth],
      'authentication',
    ],
    [
      'both bits: never shown as a mere login',
      [usage(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation), clientAuth],
      'signature',
    ],
    [
      'digitalSignature with QcCompliance',
      [usage(KeyUsageFlags.digitalSignature), statements(qc.compliance)],
      'signature',
    ],
    [
      'digitalSignature with QcType e-sign',
      [usage(KeyUsageFlags.digitalSignature), statements(qc.esign)],
      'signature',
    ],
    ['QcType web', [usage(KeyUsageFlags.digitalSignature), statements(qc.web)], 'authentication'],
    ['QcPDS alone', [usage(KeyUsageFlags.digitalSignature), statements(qc.pds)], 'authentication'],
    ['keyEncipherment', [usage(KeyUsageFlags.keyEncipherment)], 'other'],
    [
      'an authority',
      [new x509.BasicConstraintsExtension(true), usage(KeyUsageFlags.digitalSignature)],
      'other',
    ],
  ] as const)('%s', async (_, extensions, expected) => {
    const facts = readCertificate(await certificate([{ CN: ['X'] }], ...extensions));
    // The label must not matter where the certificate speaks for itself.
    expect(certificateRole(facts, 'Authentication')).toBe(expected);
    expect(certificateRole(facts, 'Signature')).toBe(expected);
  });

  it('is the label’s where the certificate says nothing', async () => {
    const facts = readCertificate(await certificate([{ CN: ['X'] }]));
    expect(facts.keyUsage).toBeUndefined();
    expect(certificateRole(facts, 'Authentication key')).toBe('authentication');
    expect(certificateRole(facts, 'Semnătură')).toBe('signature');
    expect(certificateRole(facts, 'Certificate 1')).toBe('other');
  });

  it.each([
    ['Autentificare', 'authentication'],
    ['Isikutuvastus', 'authentication'],
    ['Allkirjastamine', 'signature'],
    ['Digital Signature', 'signature'],
    ['Authentication and signature', 'other'],
    ['', 'other'],
  ])('label %j means %s', (label, role) => {
    expect(roleOfLabel(label)).toBe(role);
  });
});

describe('the subject of a certificate', () => {
  it('gives names and IDNP, with and without prefix', async () => {
    const named = (serial: string): x509.JsonNameParams => [
      { CN: ['SPECIMEN ANA'] },
      { '2.5.4.4': ['SPECIMEN'] },
      { '2.5.4.42': ['ANA'] },
      { '2.5.4.5': [serial] },
    ];
    const prefixed = readCertificate(await certificate(named('PNOMD-2500000000010')));
    expect(prefixed.subject).toEqual({
      commonName: 'SPECIMEN ANA',
      surname: 'SPECIMEN',
      givenName: 'ANA',
      serialNumber: 'PNOMD-2500000000010',
      idnp: { digits: '2500000000010', warnings: [] },
    });
    const bare = readCertificate(await certificate(named('2500000000010')));
    expect(bare.subject.idnp?.digits).toBe('2500000000010');
    const passport = readCertificate(await certificate(named('PASMD-AA0000001')));
    expect(passport.subject).toMatchObject({ serialNumber: 'PASMD-AA0000001', idnp: null });
  });

  it('counts an attribute given twice as absent', async () => {
    const facts = readCertificate(
      await certificate([{ '2.5.4.5': ['PNOMD-2500000000010'] }, { '2.5.4.5': ['PNOMD-2500000000021'] }]),
    );
    expect(facts.subject).toMatchObject({ serialNumber: null, idnp: null });
  });
});

describe('what is no certificate', () => {
  it.each([
    ['nothing', ''],
    ['an empty SEQUENCE', '3000'],
    ['a certificate’s beginning', '3082020030820100'],
    ['text', '48656C6C6F'],
  ])('is card-malformed: %s', (_, text) => {
    expect(failureFrom(() => readCertificate(bytes(text))).code).toBe('card-malformed');
  });

  it('is card-malformed when it is longer than 16 KiB', () => {
    const long = new Uint8Array(maximumCertificateLength + 1).fill(0x30);
    expect(failureFrom(() => readCertificate(long)).code).toBe('card-malformed');
  });

  it('is card-malformed when an extension is broken', async () => {
    const broken = [
      new x509.Extension('2.5.29.15', true, Uint8Array.of(0x30, 0x00)),
      new x509.Extension('2.5.29.37', false, Uint8Array.of(0x05, 0x00)),
      new x509.Extension('1.3.6.1.5.5.7.1.3', false, Uint8Array.of(0x30, 0x82, 0xff, 0xff)),
      new x509.Extension('1.3.6.1.5.5.7.1.3', false, new Uint8Array(5000)),
    ];
    for (const extension of broken) {
      const der = await certificate([{ CN: ['X'] }], extension);
      expect(failureFrom(() => readCertificate(der)).code).toBe('card-malformed');
    }
  });

  it('is card-malformed with more than 64 extensions', async () => {
    const many = Array.from(
      { length: 65 },
      (_, at) => new x509.Extension(`1.3.6.1.4.1.32473.${at}`, false, Uint8Array.of(0x05, 0x00)),
    );
    const der = await certificate([{ CN: ['X'] }], ...many);
    expect(failureFrom(() => readCertificate(der)).code).toBe('card-malformed');
  });

  it('is card-malformed or read, whatever bytes are wrong', async () => {
    const der = await certificate([{ '2.5.4.5': ['PNOMD-2500000000010'] }], usage(1), statements(qc.esign));
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), fc.nat(der.length), (at, value, end) => {
        const changed = Uint8Array.from(der);
        changed[at] = value;
        for (const input of [changed, changed.subarray(0, end)]) {
          try {
            expect(readCertificate(input).subject).toBeDefined();
          } catch (error) {
            expect(
              failureFrom(() => {
                throw error;
              }).code,
            ).toBe('card-malformed');
          }
        }
      }),
      { numRuns: 600 },
    );
  });
});
