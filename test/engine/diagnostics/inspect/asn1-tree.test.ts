import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { asn1Tree } from '../../../../electron/engine/diagnostics/inspect/asn1-tree.ts';
import { asn1Text } from '../../../rig/judges/openssl-pki.ts';
import { needs } from '../../../run/needs.ts';
import { bytes } from '../../card/scripted-channel.ts';
import { freshCard } from '../../token/desk.ts';

vi.setConfig({ testTimeout: 60_000 });

/** `offset depth header length cons|prim tag`, as `openssl asn1parse` prints it: strings are not looked into. */
async function judged(der: Uint8Array): Promise<string[]> {
  return (await asn1Text(der))
    .split('\n')
    .map((line) =>
      /^\s*(\d+):d=(\d+)\s+hl=\s*(\d+)\s+l=\s*(\d+)\s+(cons|prim):\s+(.*?)\s*(?:\[HEX DUMP\])?(?::.*)?$/.exec(
        line,
      ),
    )
    .filter((match) => match !== null)
    .map(
      ([, offset, depth, header, length, form, tag]) =>
        `${offset} ${depth} ${header} ${length} ${form} ${tag}`,
    );
}

/** Names of types as openssl prints them. */
const theirs: Readonly<Record<string, string>> = {
  OBJECT: 'OBJECT IDENTIFIER',
  UTF8STRING: 'UTF8String',
  PRINTABLESTRING: 'PrintableString',
  IA5STRING: 'IA5String',
  T61STRING: 'TeletexString',
  BMPSTRING: 'BMPString',
  UTCTIME: 'UTCTime',
  GENERALIZEDTIME: 'GeneralizedTime',
};

function ours(der: Uint8Array): string[] {
  return asn1Tree(der)
    .nodes.filter(({ wrapped }) => !wrapped)
    .map(({ offset, depth, headerLength, length, constructed, type, tag }) => {
      const word = type ?? `cont [ ${tag} ]`;
      const name = Object.entries(theirs).find(([, mine]) => mine === word)?.[0] ?? word;
      return `${offset} ${depth} ${headerLength} ${length} ${constructed ? 'cons' : 'prim'} ${name}`;
    });
}

describe.skipIf(!needs('openssl'))('certificates taken apart, with openssl asn1parse as judge', () => {
  it('every public root of Node', async () => {
    // One in six: each is a process of the judge's.
    for (const pem of rootCertificates.filter((_, at) => at % 6 === 0)) {
      const { raw } = new X509Certificate(pem);
      expect(ours(raw)).toEqual(await judged(raw));
    }
  });

  it.each(['eid', '2025', 'esteid2018'] as const)(
    'the certificates of the simulated card %s',
    async (card) => {
      const { certificates } = await freshCard({ card });
      for (const der of Object.values(certificates)) {
        const tree = ours(der);
        expect(tree).toEqual(await judged(der));
        expect(tree.length).toBeGreaterThan(30);
      }
    },
  );

  it('what stands inside a string is where openssl finds it when it is told to look', async () => {
    const { certificates } = await freshCard({ card: 'eid' });
    const der = Object.values(certificates)[0] as Uint8Array;
    const { nodes } = asn1Tree(der);
    const usage = nodes.findIndex(({ name }) => name === 'keyUsage');
    const inside = nodes.slice(usage).find(({ wrapped }) => wrapped);
    expect(inside).toMatchObject({ type: 'BIT STRING', wrapped: true });
    const rest = await judged(der.subarray(inside?.offset ?? 0));
    expect(rest[0]).toBe(`0 0 ${inside?.headerLength} ${inside?.length} prim BIT STRING`);
  });
});

describe('an encoding in words', () => {
  const nodesOf = (hex: string) => asn1Tree(bytes(hex)).nodes;

  it.each([
    // X.690, 8.19: typed by hand
    ['0603550403', { oid: '2.5.4.3', name: 'commonName' }],
    ['06072A837203200101', { oid: '1.2.498.3.32.1.1', name: 'id-md-person' }],
    ['0603883703', { oid: '2.999.3' }],
    ['020101', { text: '1' }],
    ['0201FF', { text: '-1' }],
    ['0203010001', { text: '65537' }],
    ['0101FF', { text: 'TRUE' }],
    ['0C02C89A', { text: 'Ț' }],
    ['1E04021A0041', { text: 'ȚA' }],
    ['1303410042', { text: 'A\u{fffd}B' }],
    ['0C06E280AE616263', { text: '\u{fffd}abc' }],
    ['170D3236303330343035303630375A', { text: '260304050607Z' }],
  ])('%s', (hex, expected) => {
    expect(nodesOf(hex)[0]).toMatchObject(expected);
  });

  it('shows where an encoding is broken', () => {
    expect(asn1Tree(bytes('30050201010204'))).toMatchObject({ cut: true });
    expect(asn1Tree(bytes('3080020101'))).toEqual({ nodes: [], cut: true });
    expect(asn1Tree(bytes('0484FFFFFFFF00'))).toEqual({ nodes: [], cut: true });
  });

  it('has bounds: 32 levels, 4,000 nodes, 512 bytes of a value', () => {
    let deep = Buffer.from('0500', 'hex');
    for (let level = 0; level < 60; level++) deep = Buffer.concat([Buffer.of(0x30, deep.length), deep]);
    expect(asn1Tree(deep)).toMatchObject({ cut: true });
    expect(asn1Tree(deep).nodes).toHaveLength(33);
    const wide = Buffer.alloc(10_000, Buffer.from('0500', 'hex'));
    expect(asn1Tree(wide).nodes).toHaveLength(4_000);
    const long = Buffer.concat([Buffer.from('04820400', 'hex'), Buffer.alloc(1024, 0xff)]);
    expect(asn1Tree(long).nodes[0]).toMatchObject({ length: 1024, hex: 'FF'.repeat(512) });
  });
});
