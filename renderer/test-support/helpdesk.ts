import type { ConnectionReport, ConnectionTarget } from '../../electron/contract/diagnostics/connection.ts';
import type {
  Asn1Node,
  CertificateInspection,
  InspectedModule,
} from '../../electron/contract/diagnostics/inspect.ts';
import type { CommandLine, MonitorLine } from '../../electron/contract/diagnostics/monitor.ts';
import type { Trace } from '../../electron/contract/diagnostics/trace.ts';
import { fromNow, reader } from './people.ts';

/** Invented talks, certificates, modules and servers for looking at the helpdesk's page. */

const name = reader('present').name;
const started = Date.now() - 20_000;

type Draft =
  | Omit<Extract<MonitorLine, { kind: 'channel' }>, 'number' | 'at' | 'reader'>
  | Omit<Extract<MonitorLine, { kind: 'module' }>, 'number' | 'at' | 'reader'>
  | Omit<CommandLine, 'number' | 'at' | 'reader'>;

const command = (
  command: CommandLine['name'],
  bytes: string,
  answer: CommandLine['answer'],
  more: Partial<CommandLine> = {},
): Draft => {
  const [cla = '00', ins = '00', p1 = '00', p2 = '00'] = bytes.split(' ');
  const common = { chained: false, sent: 0, expected: null, ms: 9 + (p2.charCodeAt(1) % 40) };
  return {
    kind: 'command',
    name: command,
    cla,
    ins,
    p1,
    p2,
    ...common,
    ...(answer ? { answer } : {}),
    ...more,
  };
};
const ok = (received = 0) => ({ received, status: '9000', meaning: 'success' as const });

const drafts: readonly Draft[] = [
  { kind: 'channel', act: 'opened', ms: 18 },
  command('SELECT', '00 A4 04 00', ok(42), {
    detail: { kind: 'select-name', aid: 'A000000063504B43532D3135' },
    sent: 12,
  }),
  command('SELECT', '00 A4 02 00', ok(21), {
    detail: { kind: 'select-path', from: 'child-ef', path: '5031' },
    sent: 2,
  }),
  command('READ BINARY', '00 B0 00 00', ok(61), { detail: { kind: 'read-binary', offset: 0 } }),
  command(
    'SELECT',
    '00 A4 08 00',
    { received: 0, status: '6A82', meaning: 'file-not-found' },
    {
      detail: { kind: 'select-path', from: 'master-file', path: '50154408' },
      sent: 4,
    },
  ),
  command(
    'READ BINARY',
    '00 B0 00 E0',
    { received: 118, status: '6282', meaning: 'end-of-file' },
    {
      detail: { kind: 'read-binary', offset: 224 },
    },
  ),
  command(
    'VERIFY',
    '00 20 00 01',
    { received: 0, status: '63C2', meaning: 'tries-left', count: 2 },
    {
      detail: { kind: 'pin', act: 'ask', reference: 1, scope: 'card' },
    },
  ),
  command('VERIFY', '00 20 00 01', ok(), {
    detail: { kind: 'pin', act: 'verify', reference: 1, scope: 'card' },
    sent: null,
    ms: 64,
  }),
  command('MANAGE SECURITY ENVIRONMENT', '00 22 41 A4', ok(), {
    detail: { kind: 'security-environment', act: 'set', template: 'authentication', key: '81' },
    sent: 6,
  }),
  command('INTERNAL AUTHENTICATE', '00 88 00 00', ok(96), { sent: 32, ms: 412 }),
  { kind: 'module', module: 'opensc-pkcs11.so', function: 'C_Login', result: 'CKR_PIN_LOCKED', ms: 4 },
  command(
    'GET DATA',
    '00 CA 01 81',
    { received: 0, status: '6D00', meaning: 'instruction-not-supported' },
    {
      detail: { kind: 'get-data', object: '0181' },
    },
  ),
  { kind: 'channel', act: 'gone', ms: 0, failure: 'card-removed' },
];

/** A talk of so many lines, from line `from`. */
export const monitorLines = (count: number = drafts.length, from = 1): readonly MonitorLine[] =>
  Array.from({ length: count }, (_, index) => ({
    ...(drafts[index % drafts.length] as Draft),
    number: from + index,
    at: new Date(started + index * 37).toISOString(),
    reader: name,
  }));

export const trace = (): Trace => ({
  format: 'buletin-trace',
  version: 1,
  program: '0.1.0',
  recordedOn: '2026-11-22',
  platform: 'linux',
  cut: false,
  cards: [{ atr: '3B8F8001804F0CA000000306030001000000006A', groups: [] }],
});

let offset = 0;
const node = (depth: number, tag: number, more: Partial<Asn1Node> = {}): Asn1Node => {
  const headerLength = 2;
  const length = more.length ?? 8;
  const made: Asn1Node = {
    depth,
    offset,
    headerLength,
    length,
    class: 'universal',
    constructed: false,
    tag,
    wrapped: false,
    ...more,
  };
  offset += made.constructed ? headerLength : headerLength + length;
  return made;
};
const list = (depth: number, type: 'SEQUENCE' | 'SET', more: Partial<Asn1Node> = {}) =>
  node(depth, type === 'SET' ? 17 : 16, { type, constructed: true, length: 64, ...more });
const oid = (depth: number, dots: string, called?: string) =>
  node(depth, 6, { type: 'OBJECT IDENTIFIER', oid: dots, ...(called === undefined ? {} : { name: called }) });
const words = (depth: number, text: string) => node(depth, 12, { type: 'UTF8String', text });
const nameOf = (common: string): Asn1Node[] => [
  list(2, 'SEQUENCE'),
  ...[
    ['2.5.4.6', 'countryName', 'MD'],
    ['2.5.4.3', 'commonName', common],
  ].flatMap(([dots = '', called, text = '']) => [
    list(3, 'SET'),
    list(4, 'SEQUENCE'),
    oid(5, dots, called),
    words(5, text),
  ]),
];

const nodes = (common: string): readonly Asn1Node[] => {
  offset = 0;
  return [
    list(0, 'SEQUENCE', { length: 1_210, headerLength: 4 }),
    list(1, 'SEQUENCE', { length: 930, headerLength: 4 }),
    node(2, 0, { class: 'context', constructed: true, length: 3 }),
    node(3, 2, { type: 'INTEGER', text: '2', hex: '02', length: 1 }),
    node(2, 2, { type: 'INTEGER', hex: '05D6E7F8', length: 4 }),
    list(2, 'SEQUENCE'),
    oid(3, '1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'),
    node(3, 5, { type: 'NULL', length: 0 }),
    ...nameOf('CA de probă'),
    list(2, 'SEQUENCE'),
    node(3, 23, { type: 'UTCTime', text: '2025-03-12T08:00:00Z' }),
    node(3, 23, { type: 'UTCTime', text: '2028-03-12T08:00:00Z' }),
    ...nameOf(common),
    node(2, 3, { class: 'context', constructed: true, length: 300 }),
    list(3, 'SEQUENCE'),
    list(4, 'SEQUENCE'),
    oid(5, '2.5.29.15', 'keyUsage'),
    node(5, 4, { type: 'OCTET STRING', hex: '030206C0', length: 4 }),
    node(6, 3, { type: 'BIT STRING', hex: '06C0', length: 2, wrapped: true }),
    list(4, 'SEQUENCE'),
    oid(5, '1.3.6.1.5.5.7.1.3', 'qcStatements'),
    node(5, 4, { type: 'OCTET STRING', hex: '30083006', length: 16 }),
    list(6, 'SEQUENCE', { wrapped: true }),
    oid(7, '0.4.0.1862.1.1'),
    list(1, 'SEQUENCE'),
    oid(2, '1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'),
    node(1, 3, { type: 'BIT STRING', hex: 'A1B2C3D4'.repeat(64), length: 256 }),
  ];
};

const link = (subject: string, issuer: string, fill: string) => ({
  subject,
  issuer,
  serialNumber: '05D6E7F8',
  notBefore: fromNow(-600),
  notAfter: fromNow(495),
  fingerprint: fill.repeat(32),
});

/** An inspection; with what the authority says when that was asked for. */
export const inspection = (
  online: boolean,
  state: 'good' | 'revoked' = 'good',
  common = 'EXEMPLU ANA',
): CertificateInspection => ({
  structure: { nodes: [...nodes(common)], cut: false },
  chain: {
    links: [
      {
        ...link(`CN=${common},C=MD`, 'CN=CA de probă,O=Emitent inventat,C=MD', 'A1'),
        from: 'asked',
        reasons: [],
      },
      {
        ...link('CN=CA de probă,O=Emitent inventat,C=MD', 'CN=Rădăcină de probă,C=MD', 'B2'),
        from: 'card',
        reasons: [],
      },
      {
        ...link('CN=Rădăcină de probă,C=MD', 'CN=Rădăcină de probă,C=MD', 'C3'),
        from: 'fetched',
        reasons: ['root-unknown'],
      },
    ],
    verdict: 'unknown',
  },
  ...(online
    ? {
        ocsp: {
          status: state,
          host: 'ocsp.exemplu.md',
          thisUpdate: fromNow(-0.1),
          nextUpdate: fromNow(0.4),
          producedAt: fromNow(-0.1),
          ...(state === 'revoked' ? { revokedAt: fromNow(-30), reason: 'keyCompromise' } : {}),
          responder: 'CN=OCSP de probă,C=MD',
          ms: 184,
        },
        crl: { status: 'unavailable', problem: 'timeout', host: 'crl.exemplu.md', ms: 4_000 },
      }
    : {}),
});

export const modules = (): readonly InspectedModule[] => [
  {
    name: 'OpenSC',
    path: '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so',
    from: ['known', 'p11-kit'],
    format: 'elf',
    architectures: ['x64'],
    library: {
      manufacturer: 'OpenSC Project',
      description: 'OpenSC smartcard framework',
      version: '0.23',
      cryptoki: '3.0',
    },
    slots: [
      {
        description: name,
        token: { label: 'Buletin electronic', manufacturer: 'Inventat', model: 'PKCS#15' },
      },
      { description: 'Alt cititor 01 00', token: null },
    ],
    ms: 311,
  },
  {
    name: 'exemplu',
    path: '/usr/lib/libexemplu-pkcs11.so',
    from: ['settings'],
    format: 'elf',
    architectures: ['ia32'],
    ms: 12,
    failure: {
      code: 'module-invalid',
      parameters: {
        path: 'libexemplu-pkcs11.so',
        reason: 'architecture',
        module: 'libexemplu-pkcs11.so',
        file: 'libexemplu-pkcs11.so',
      },
    },
  },
];

/** What is found on the way to a server. */
export function connection(which: ConnectionTarget, reachable = true): ConnectionReport {
  if (which === 'tsa') return { which, address: null, proxy: null };
  const secure = which === 'portal' || which === 'mpass';
  const host = `${which}.exemplu.md`;
  const address = {
    scheme: secure ? ('https' as const) : ('http' as const),
    host,
    port: secure ? 443 : 80,
    from: secure ? ('settings' as const) : ('certificate' as const),
  };
  if (!reachable)
    return {
      which,
      address,
      proxy: 'proxy.exemplu.md:3128',
      failure: { code: 'portal-unreachable', parameters: { host } },
    };
  const bad = which === 'mpass';
  return {
    which,
    address,
    proxy: null,
    dns: { addresses: ['192.0.2.17', '2001:db8::17'], ms: 12 },
    tcp: { address: '192.0.2.17', ms: 19 },
    ...(secure
      ? {
          tls: {
            version: 'TLSv1.3',
            cipher: 'TLS_AES_256_GCM_SHA384',
            trusted: !bad,
            ...(bad ? { reason: 'SELF_SIGNED_CERT_IN_CHAIN' } : {}),
            chain: [
              link(`CN=${host}`, 'CN=TLS de probă', 'D4'),
              link('CN=TLS de probă', 'CN=TLS de probă', 'E5'),
            ],
            ms: 41,
          },
        }
      : {}),
    ...(bad ? {} : { http: { status: 200, ms: 88, ...(which === 'portal' ? { clockSkew: 674 } : {}) } }),
  };
}
