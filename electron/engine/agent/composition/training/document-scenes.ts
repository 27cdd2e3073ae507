/** Failures of documents, settings and modules. Files lie in a folder that is gone with the demonstration. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../../contract/failures/failure.ts';
import { readSettings } from '../../../../contract/settings.ts';
import { parseSandboxSpec } from '../../../../sandbox/cards/index.ts';
import { signDocuments } from '../../signing-operations.ts';
import { minimalPdf } from './minimal-pdf.ts';
import type { Scene, Scenes } from './scenes.ts';

/** Signs a file; `content` is left out for one that is not there. */
const signing =
  (
    content: string | undefined,
    more: (folder: string) => Promise<{ output?: string }> = async () => ({}),
  ): Scene =>
  async (stage) => {
    await stage.insert('esteid2018');
    const folder = await stage.folder();
    const input = join(folder, 'cerere.pdf');
    if (content !== undefined) await writeFile(input, content, 'latin1');
    const document = { input, ...(await more(folder)) };
    stage.did('document-unfit', 'sign-document');
    const { results } = await signDocuments(stage.services, stage.context, undefined, {
      documents: [document],
    });
    for (const result of results) {
      if ('failure' in result)
        throw new Failure(result.failure.code, { parameters: result.failure.parameters });
    }
    return results;
  };

export const documentScenes: Scenes = {
  'input-unreadable': signing(undefined),
  'pdf-broken': signing('Aceasta nu este un document PDF.'),
  'pdf-encrypted': signing(minimalPdf('/Encrypt << /Filter /Standard /V 4 /R 4 >>')),
  'output-exists': signing(minimalPdf(), async (folder) => {
    const output = join(folder, 'cerere.signed.pdf');
    await writeFile(output, '');
    return { output };
  }),
  'output-not-writable': signing(minimalPdf(), async (folder) => ({
    output: join(folder, 'nu există', 'cerere.signed.pdf'),
  })),
  'settings-invalid': async (stage) => {
    const path = join(await stage.folder(), 'settings.json');
    await writeFile(path, '{ "portal": 7 }');
    stage.did('settings-read');
    return readSettings(path);
  },
  'sandbox-unknown-card': async (stage) => {
    stage.did('other-card-in');
    const card = 'eid:necunoscut';
    if (!parseSandboxSpec(card)) throw new Failure('sandbox-unknown-card', { parameters: { card } });
    return undefined;
  },
};
