import { createHash, createPrivateKey, sign, webcrypto } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * One signer in a process of its own: signs each of the files with an RSA key in memory and prints how long that
 * took and how far the resident memory grew, from the moment when the program was loaded.
 * `pades-client.ts SIGNER FOLDER OUTPUT FILE…`; the folder holds key.pem, certificate.der and issuing.der.
 */

const [signer = '', folder = '', output = '', ...files] = process.argv.slice(2);
const keyPem = readFileSync(path.join(folder, 'key.pem'), 'utf8');
const privateKey = createPrivateKey(keyPem);
const certificate = new Uint8Array(readFileSync(path.join(folder, 'certificate.der')));
const issuing = new Uint8Array(readFileSync(path.join(folder, 'issuing.der')));

/** Loads the signer's program; what comes back signs one file. */
async function load(): Promise<(file: string, index: number) => Promise<void>> {
  const target = (index: number): string => `${output}-${index}.pdf`;
  if (signer === 'buletin') return buletin(target);
  if (signer === 'libpdf') return libpdf(target);
  if (signer === 'cantoo') return cantoo(target);
  throw new Error(`no signer ${signer}`);
}

type Target = (index: number) => string;

/** Time spent in the key, which is none of ours. */
let keyMs = 0;

async function buletin(target: Target) {
  const { signPdfFile } = await import('../../electron/engine/signing/sign-pdf-file.ts');
  const { digestInfo } = await import('../../electron/engine/token/digest-info.ts');
  const { constants, privateEncrypt } = await import('node:crypto');
  const key = {
    certificate,
    chain: [issuing],
    algorithm: { kind: 'rsa-pkcs1', hash: 'SHA-256' },
    sign: async (digest: Uint8Array) => {
      const started = performance.now();
      const block = digestInfo('SHA-256', digest);
      const signature = privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, block);
      keyMs += performance.now() - started;
      return signature;
    },
  } as const;
  return async (file: string, index: number) => {
    await signPdfFile(file, target(index), key, { overwrite: true });
  };
}

async function libpdf(target: Target) {
  const { CryptoKeySigner, PDF } = await import('@libpdf/core');
  const name = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const cryptoKey = await webcrypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), name, false, ['sign']);
  const one = new CryptoKeySigner(cryptoKey, certificate, 'RSA', 'RSASSA-PKCS1-v1_5', [issuing]);
  return async (file: string, index: number) => {
    const pdf = await PDF.load(new Uint8Array(readFileSync(file)));
    const { bytes } = await pdf.sign({ signer: one, level: 'B-B' });
    writeFileSync(target(index), bytes);
  };
}

/** The library writes the field and the place for the CMS; the CMS itself is not its business, and is not made. */
async function cantoo(target: Target) {
  const { PDFDocument, PDFHexString, PDFName, PDFNumber, PDFString } = await import('@cantoo/pdf-lib');
  return async (file: string, index: number) => {
    const bytes = new Uint8Array(readFileSync(file));
    const pdf = await PDFDocument.load(bytes, { forIncrementalUpdate: true });
    const page = pdf.getPage(0);
    const { context } = pdf;
    const signature = context.register(
      context.obj({
        Type: 'Sig',
        Filter: 'Adobe.PPKLite',
        SubFilter: 'ETSI.CAdES.detached',
        ByteRange: [0, 9_999_999_999, 9_999_999_999, 9_999_999_999],
        Contents: PDFHexString.of('0'.repeat(32_768)),
        M: PDFString.fromDate(new Date()),
      }),
    );
    const field = context.register(
      context.obj({
        Type: 'Annot',
        Subtype: 'Widget',
        FT: 'Sig',
        Rect: [0, 0, 0, 0],
        V: signature,
        T: PDFString.of('Signature1'),
        F: PDFNumber.of(132),
        P: page.ref,
      }),
    );
    page.node.addAnnot(field);
    pdf.catalog.set(PDFName.of('AcroForm'), context.obj({ SigFlags: 3, Fields: [field] }));
    const saved = await pdf.save({ useObjectStreams: false });
    const digest = createHash('sha256').update(saved).digest();
    sign('sha256', digest, privateKey);
    writeFileSync(target(index), saved);
  };
}

const signOne = await load();
const before = process.resourceUsage().maxRSS;
const started = performance.now();
for (const [index, file] of files.entries()) await signOne(file, index);
const ms = performance.now() - started;
const growthMb = (process.resourceUsage().maxRSS - before) / 1024;
for (const index of files.keys()) rmSync(`${output}-${index}.pdf`, { force: true });
console.log(JSON.stringify({ ms, keyMs, growthMb }));
