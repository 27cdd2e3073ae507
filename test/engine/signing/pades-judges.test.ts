import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { askDss, type DssVerdict } from '../../rig/judges/dss.ts';
import { cmsFault } from '../../rig/judges/openssl.ts';
import { type Pdfsig, pdfsigTrusting } from '../../rig/judges/pdfsig.ts';
import { askPyhanko, type PyhankoVerdict } from '../../rig/judges/pyhanko.ts';
import { structureFault } from '../../rig/judges/qpdf.ts';
import { needs } from '../../run/needs.ts';
import { pdfShapes } from './pdf-shapes.ts';
import { tablePdf } from './pdf-writing.ts';
import { lastSignature, signBytes } from './sign-bytes.ts';
import { type KeyKind, keyKinds, type SoftwareKey, sharedAuthority, softwareKey } from './software-key.ts';

/**
 * Foreign programs on signed PDFs: every kind of key on every shape of file, and a second signature, by a key of
 * another kind, on each.
 */

const shapes = pdfShapes({ qpdf: needs('qpdf') });
const kindAfter = (kind: KeyKind): KeyKind =>
  keyKinds[(keyKinds.indexOf(kind) + 1) % keyKinds.length] as KeyKind;

/** What is judged: `signatures` of them in the file, the first in `field`. */
interface Case {
  readonly name: string;
  readonly signatures: 1 | 2;
  readonly shape: (typeof shapes)[number];
  readonly kind: KeyKind;
}

const once = shapes.flatMap((shape) =>
  keyKinds.map((kind): Case => ({ name: `${shape.name}, ${kind}`, signatures: 1, shape, kind })),
);
// A file that is signed already is one more shape.
const twice = shapes.flatMap((shape, index) => {
  const kinds = index === 0 ? keyKinds : [keyKinds[index % keyKinds.length] as KeyKind];
  return kinds.map(
    (kind): Case => ({ name: `${shape.name}, ${kind} and ${kindAfter(kind)}`, signatures: 2, shape, kind }),
  );
});
const cases: readonly Case[] = [...once, ...twice];
const flipped = 'one byte of the page changed';

let authority: SandboxAuthority;
const files: Record<string, Buffer> = {};
const pdf = (name: string): Buffer => files[name] as Buffer;

beforeAll(async () => {
  authority = await sharedAuthority();
  const keys = new Map<KeyKind, SoftwareKey>();
  for (const kind of keyKinds) keys.set(kind, await softwareKey(kind, authority));
  const key = (kind: KeyKind): SoftwareKey => keys.get(kind) as SoftwareKey;
  for (const { name, shape, kind, signatures } of cases) {
    const first = await signBytes(shape.bytes, key(kind), shape.field ? { field: shape.field } : {});
    files[name] = signatures === 1 ? first : await signBytes(first, key(kindAfter(kind)));
  }
  const changed = Buffer.from(await signBytes(tablePdf(), key('P-384')));
  changed.write('E', changed.indexOf('A page that speaks'));
  files[flipped] = changed;
});

describe('the source', () => {
  it.each(cases)('stands unchanged before the update ($name)', ({ name, shape }) => {
    expect(pdf(name).subarray(0, shape.bytes.length).equals(shape.bytes)).toBe(true);
  });
});

describe.skipIf(!needs('qpdf'))('qpdf --check', () => {
  it.each(cases)('finds nothing wrong with $name', async ({ name }) => {
    expect(await structureFault(pdf(name))).toBeUndefined();
  });
});

describe.skipIf(!needs('pdfsig'))('pdfsig', () => {
  let pdfsig: Pdfsig;
  beforeAll(async () => {
    pdfsig = await pdfsigTrusting(authority.root.pem);
  });
  afterAll(() => pdfsig.close());

  it.each(cases)('holds $name for valid and trusted', async ({ name, signatures }) => {
    const verdicts = await pdfsig.ask(pdf(name));
    expect(
      verdicts.map(({ subFilter, signature, certificate }) => [subFilter, signature, certificate]),
    ).toEqual(
      Array(signatures).fill(['ETSI.CAdES.detached', 'Signature is Valid.', 'Certificate is Trusted.']),
    );
    expect(verdicts.map(({ total }) => total)).toEqual(signatures === 1 ? [true] : [false, true]);
  });

  it('sees a changed byte', async () => {
    expect((await pdfsig.ask(pdf(flipped))).map(({ signature }) => signature)).toEqual(['Digest Mismatch.']);
  });
});

describe.skipIf(!needs('openssl'))('openssl cms -verify -cades', () => {
  it.each(cases)('accepts the CMS of $name', async ({ name }) => {
    const { cms, content } = lastSignature(pdf(name));
    expect(await cmsFault(cms, content, [authority.root.pem])).toBeUndefined();
  });

  it('sees a changed byte', async () => {
    const { cms, content } = lastSignature(pdf(flipped));
    expect(await cmsFault(cms, content, [authority.root.pem])).toMatch(
      /digest failure|verification failure/i,
    );
  });
});

describe.skipIf(!needs('python-judges'))('pyHanko', () => {
  let verdicts: ReadonlyMap<string, PyhankoVerdict>;
  beforeAll(async () => {
    verdicts = await askPyhanko({ root: authority.root.pem, issuing: authority.issuing.pem }, files);
  }, 300_000);

  it.each(cases)('accepts $name', ({ name, signatures }) => {
    const sound = { intact: true, valid: true, trusted: true, bottomLine: true, signingTimeAttribute: false };
    const last = { ...sound, coverage: 'ENTIRE_FILE', modification: 'NONE' };
    const first = { ...sound, coverage: 'ENTIRE_REVISION', modification: 'FORM_FILLING' };
    const verdict = verdicts.get(name);
    expect(verdict?.error).toBeUndefined();
    expect(verdict?.signatures.map(({ field: _, ...rest }) => rest)).toEqual(
      signatures === 1 ? [last] : [first, last],
    );
  });

  it('sees a changed byte', () => {
    expect(verdicts.get(flipped)?.signatures).toMatchObject([{ intact: false, bottomLine: false }]);
  });
});

describe.skipIf(!needs('dss'))("the EU's Digital Signature Service", () => {
  let verdicts: ReadonlyMap<string, DssVerdict>;
  beforeAll(async () => {
    verdicts = await askDss(authority.root.pem, files);
  }, 300_000);

  it.each(cases)('finds PAdES-BASELINE-B and nothing wrong in $name', ({ name, signatures }) => {
    const verdict = verdicts.get(name);
    expect(verdict?.error).toBeUndefined();
    expect(verdict?.signatures.map(({ field: _, ...rest }) => rest)).toEqual(
      Array(signatures).fill({
        format: 'PAdES-BASELINE-B',
        intact: true,
        valid: true,
        undefinedChanges: false,
        indication: 'TOTAL_PASSED',
        subIndication: 'null',
        errors: '[]',
      }),
    );
  });

  it('sees a changed byte', () => {
    expect(verdicts.get(flipped)?.signatures).toMatchObject([
      { valid: false, indication: 'TOTAL_FAILED', subIndication: 'HASH_FAILURE' },
    ]);
  });
});
