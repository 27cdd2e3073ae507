import type { Guard } from '../guard.ts';

/** What is looked into for the helpdesk is foreign, and judged by its signatures. */
export const inspectionGuards: readonly Guard[] = [
  {
    id: 'asn1-depth',
    protects: 'A certificate that nests without end is cut off.',
    file: 'electron/engine/diagnostics/inspect/asn1-tree.ts',
    find: 'depth > maxDepth ||',
    replace: 'depth > maxDepth * 4 ||',
    tests: ['test/engine/diagnostics/inspect/asn1-tree.test.ts'],
  },
  {
    id: 'chain-signature',
    protects: 'A certificate that its issuer has not signed is called that.',
    file: 'electron/engine/diagnostics/inspect/certificate-chain.ts',
    find: 'return certificate.verify(issuer.publicKey);',
    replace: 'return issuer.publicKey !== undefined;',
    tests: ['test/engine/diagnostics/inspect/certificates.test.ts'],
  },
  {
    id: 'chain-root',
    protects: 'A root that nobody knows is no known authority.',
    file: 'electron/engine/diagnostics/inspect/certificate-chain.ts',
    find: 'if (isRoot && !isKnown(certificate, options))',
    replace: 'if (isRoot && !isKnown(certificate, options) && at === 0)',
    tests: ['test/engine/diagnostics/inspect/certificates.test.ts'],
  },
  {
    id: 'connection-untrusted',
    protects: 'A server that is not trusted is asked nothing.',
    file: 'electron/engine/diagnostics/inspect/inspect-connection.ts',
    find: "if (!report.tls.trusted) throw fail('portal-tls');",
    replace: '',
    tests: ['test/engine/diagnostics/inspect/connections.test.ts'],
  },
];
