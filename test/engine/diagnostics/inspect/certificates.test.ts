import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type CertificateInspection,
  certificateInspectionSchema,
} from '../../../../electron/contract/diagnostics/inspect.ts';
import {
  certificateOfPem,
  type InspectionOptions,
  inspectCertificate,
} from '../../../../electron/engine/diagnostics/inspect/inspect-certificate.ts';
import { NodeSystem } from '../../../../electron/engine/diagnostics/system/node-system.ts';
import { createSandboxCard, type SandboxVariant } from '../../../../electron/sandbox/cards/index.ts';
import { SandboxAuthority } from '../../../../electron/sandbox/pki/authority.ts';
import { SandboxPki } from '../../../../electron/sandbox/pki/sandbox-pki.ts';
import { chainFault } from '../../../rig/judges/openssl.ts';
import { ocspVerdict, revocationListText } from '../../../rig/judges/openssl-pki.ts';
import { needs } from '../../../run/needs.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.skipIf(!needs('openssl'))('a certificate inspected, with openssl as judge', () => {
  let pki: SandboxPki;
  let issuing: X509Certificate;
  let root: X509Certificate;

  beforeAll(async () => {
    pki = await SandboxPki.start();
    issuing = new X509Certificate(pki.authority.issuing.der);
    root = new X509Certificate(pki.authority.root.der);
  });
  afterAll(() => pki?.stop());

  async function holder(variant: SandboxVariant = 'normal'): Promise<X509Certificate> {
    const card = await createSandboxCard({ card: '2025', variant }, pki.authority);
    return new X509Certificate(card.certificates.signature as Uint8Array);
  }
  async function inspect(
    certificate: X509Certificate,
    options: Partial<InspectionOptions> = {},
  ): Promise<CertificateInspection> {
    const inspection = await inspectCertificate(certificate, {
      system: new NodeSystem(),
      onCard: [],
      authorities: [issuing, root],
      online: false,
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      ...options,
    });
    return certificateInspectionSchema.parse(JSON.parse(JSON.stringify(inspection)));
  }

  it('leads to a known authority, as openssl verify finds', async () => {
    const leaf = await holder();
    const { chain, ocsp, crl, structure } = await inspect(leaf);
    expect(chain.verdict).toBe('known');
    expect(chain.links.map(({ from, known, reasons }) => ({ from, known, reasons }))).toEqual([
      { from: 'asked', known: undefined, reasons: [] },
      { from: 'known', known: 'Buletin SIMULATED Issuing CA', reasons: [] },
      { from: 'known', known: 'Buletin SIMULATED Root CA', reasons: [] },
    ]);
    expect(chain.links[0]?.fingerprint).toBe(leaf.fingerprint256.replaceAll(':', ''));
    const roots = [root.toString()];
    expect(
      await chainFault({ leaf: leaf.toString(), roots, intermediates: [issuing.toString()] }),
    ).toBeUndefined();
    expect(structure).toMatchObject({ cut: false });
    // Nothing was asked that goes over the network.
    expect([ocsp, crl]).toEqual([undefined, undefined]);
  });

  it.each([
    ['expired', 'expired', /expired/],
    ['not-yet-valid', 'not-yet-valid', /not yet valid/],
  ] as const)('%s: said of the certificate itself, and by openssl', async (variant, reason, words) => {
    const leaf = await holder(variant);
    const { chain } = await inspect(leaf);
    expect(chain.verdict).toBe('broken');
    expect(chain.links.map(({ reasons }) => reasons)).toEqual([[reason], [], []]);
    const claim = { leaf: leaf.toString(), roots: [root.toString()], intermediates: [issuing.toString()] };
    expect(await chainFault(claim)).toMatch(words);
  });

  it('an authority of the same name with another key is another authority', async () => {
    const other = await SandboxAuthority.create();
    const impostors = [other.issuing.der, other.root.der].map((der) => new X509Certificate(der));
    const leaf = await holder();
    const { chain } = await inspect(leaf, { authorities: impostors });
    expect(chain).toMatchObject({ verdict: 'unknown', links: [{ reasons: ['issuer-missing'] }] });
    const claim = { roots: impostors.slice(1).map(String), intermediates: impostors.slice(0, 1).map(String) };
    expect(await chainFault({ leaf: leaf.toString(), ...claim })).toMatch(/unable to get/);
  });

  it('a changed certificate: the signature does not fit', async () => {
    const changed = Buffer.from((await holder()).raw);
    // A bit of the signature's last number.
    changed[changed.length - 1] = (changed[changed.length - 1] as number) ^ 1;
    const leaf = new X509Certificate(changed);
    const { chain } = await inspect(leaf);
    expect(chain.verdict).toBe('broken');
    expect(chain.links.map(({ reasons }) => reasons)).toEqual([['signature-wrong'], [], []]);
    const claim = { roots: [root.toString()], intermediates: [issuing.toString()] };
    expect(await chainFault({ leaf: leaf.toString(), ...claim })).toMatch(/signature failure/);
  });

  it('nobody knows its authority: offline it ends there, online the issuers are fetched and are strangers', async () => {
    const leaf = await holder();
    const offline = await inspect(leaf, { authorities: [] });
    expect(offline.chain).toMatchObject({ verdict: 'unknown', links: [{ reasons: ['issuer-missing'] }] });
    const online = await inspect(leaf, { authorities: [], online: true });
    expect(online.chain.verdict).toBe('unknown');
    expect(online.chain.links.map(({ from, reasons }) => [from, reasons])).toEqual([
      ['asked', []],
      ['fetched', []],
      ['fetched', ['root-unknown']],
    ]);
  });

  it('a person who issues certificates is no authority', async () => {
    const leaf = await holder();
    const { chain } = await inspect(leaf, { authorities: [], onCard: [issuing] });
    expect(chain.links.map(({ from }) => from)).toEqual(['asked', 'card']);
    expect(chain.links[1]?.reasons).toEqual(['issuer-missing']);
  });

  it.each([
    ['normal', 'good', undefined, undefined],
    ['revoked', 'revoked', 'certificate-revoked', undefined],
    ['suspended', 'suspended', 'certificate-suspended', 'certificateHold'],
  ] as const)('%s: OCSP and the list say %s now', async (variant, status, failure, reason) => {
    const leaf = await holder(variant);
    const { ocsp, crl } = await inspect(leaf, { online: true });
    for (const answer of [ocsp, crl]) {
      expect(answer).toMatchObject({ status, host: new URL(pki.url).host });
      expect(answer?.failure?.code).toBe(failure);
      if (reason !== undefined) expect(answer?.reason).toBe(reason);
      expect(Date.parse(answer?.nextUpdate ?? '')).toBeGreaterThan(Date.now());
      expect(Date.parse(answer?.thisUpdate ?? '')).toBeLessThan(Date.now() + 1_000);
      expect(answer?.revokedAt === undefined).toBe(status === 'good');
    }
    expect(ocsp?.responder).toContain('Buletin SIMULATED');
    // The judges ask the same responder and read the same list.
    const verdict = await ocspVerdict({
      issuer: issuing.toString(),
      certificates: [leaf.toString()],
      roots: [root.toString()],
      intermediates: [issuing.toString()],
      url: `${pki.url}${new URL(/OCSP - URI:(\S+)/.exec(leaf.infoAccess ?? '')?.[1] ?? '').pathname}`,
    });
    expect(verdict.accepted).toBe(true);
    expect(verdict.statuses[0]).toMatch(status === 'good' ? /^good$/ : /^revoked/);
    const list = await pki.authority.revocationList('issuing');
    const { text } = await revocationListText(list, issuing.toString());
    expect(text.includes(leaf.serialNumber)).toBe(status !== 'good');
    expect(crl?.entries).toBe([...text.matchAll(/Serial Number:/g)].length);
  });

  it('an authority that cannot be reached is no verdict on the certificate', async () => {
    const gone = await SandboxPki.start();
    const card = await createSandboxCard({ card: '2025' }, gone.authority);
    const leaf = new X509Certificate(card.certificates.signature as Uint8Array);
    await gone.stop();
    const authorities = [gone.authority.issuing.der, gone.authority.root.der].map(
      (der) => new X509Certificate(der),
    );
    const { ocsp, crl, chain } = await inspect(leaf, { online: true, authorities });
    expect(chain.verdict).toBe('known');
    for (const answer of [ocsp, crl]) {
      expect(answer).toMatchObject({
        status: 'unavailable',
        problem: 'unreachable',
        failure: { code: 'portal-unreachable' },
      });
    }
  });

  it('takes any certificate in PEM, and nothing else', () => {
    expect(certificateOfPem(root.toString()).fingerprint256).toBe(root.fingerprint256);
    expect(() => certificateOfPem('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toThrow(
      'contract-violation',
    );
  });
});
