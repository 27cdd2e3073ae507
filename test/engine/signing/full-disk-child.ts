import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { signPdfFile } from '../../../electron/engine/signing/sign-pdf-file.ts';
import { tablePdf } from './pdf-writing.ts';
import { sharedAuthority, softwareKey } from './software-key.ts';

/** Run where the folder of the first argument has 64 KB: signs there and prints what came of it. */
const [folder = ''] = process.argv.slice(2);
const key = await softwareKey('P-256', await sharedAuthority());
const input = path.join(folder, 'a.pdf');
writeFileSync(input, tablePdf());
writeFileSync(path.join(folder, 'other'), Buffer.alloc(Number(process.argv[3] ?? 0)));
let code = 'signed';
try {
  await signPdfFile(input, undefined, key);
} catch (error) {
  code = (error as { code: string }).code;
}
console.log(JSON.stringify({ code, files: readdirSync(folder).sort(), signatures: key.signatures }));
