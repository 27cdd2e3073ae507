/**
 * The main job in the real window with nothing of ours left out: a real pcscd, a simulated card on a virtual reader,
 * the native add-on, the agent, a portal over TLS by a settings file, the Chromium host, and a person who clicks.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demoDocument } from '../../electron/cli/demo-document.ts';
import { createSandboxCard, type SandboxCard, trainingPins } from '../../electron/sandbox/cards/index.ts';
import { sandboxPeople } from '../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../electron/sandbox/portal/sandbox-portal.ts';
import { pdfsigTrusting } from '../rig/judges/pdfsig.ts';
import { PrivatePcscd } from '../rig/pcscd.ts';
import { makeScratchFolder, removeScratchFolder } from '../rig/scratch-folder.ts';
import { VirtualReader } from '../rig/virtual-reader.ts';
import { ChromiumRig } from '../rig/window/chromium-rig.ts';
import { answerPin } from '../rig/window/pin-pad.ts';
import { needs } from '../run/needs.ts';

vi.setConfig({ testTimeout: 180_000 });

const { PIN1, PIN2 } = trainingPins;

describe.skipIf(!needs('window') || !needs('pcscd') || !needs('pdfsig'))('the main job in the window', () => {
  let authority: SandboxAuthority;
  let portal: SandboxPortal;
  let reader: VirtualReader;
  let pcscd: PrivatePcscd;
  let rig: ChromiumRig;
  let card: SandboxCard;
  let folder: string;

  beforeAll(async () => {
    authority = await SandboxAuthority.create();
    portal = await SandboxPortal.start({ authority, people: sandboxPeople });
    reader = await VirtualReader.open('Buletin Virtual Reader');
    pcscd = await PrivatePcscd.start(reader);
    folder = makeScratchFolder();
    const settings = join(folder, 'settings.json');
    writeFileSync(settings, JSON.stringify({ portal: portal.settings }));
    for (const [name, value] of Object.entries(pcscd.environment)) vi.stubEnv(name, value);
    rig = await ChromiumRig.start({ agent: { settings } });
  });
  afterAll(async () => {
    await rig?.[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
    await pcscd?.dispose();
    await reader?.close();
    await portal?.stop();
    if (folder) removeScratchFolder(folder);
  });

  it('asks for the card, and shows its holder', async () => {
    expect(await rig.main.shows('Waiting for the card')).not.toContain('Ana-Măriuța');
    card = await createSandboxCard({ card: 'eid' }, authority);
    reader.insert(card);
    expect(await rig.main.shows('Ana-Măriuța Specimen-Țurcanu')).toMatch(/2500\s?000\s?000\s?010/);
  });

  it('signs in with PIN1', async () => {
    await rig.main.click('button', 'Sign in with PIN1');
    const pin = await rig.pin();
    expect(await pin.shows('asks you to sign in')).toContain('Enter PIN1');
    await answerPin(rig, PIN1, 'Sign in');
    await rig.main.shows('You are signed in');
    expect(card.commandLog.verifications).toBe(1);
  });

  it.each([
    ['personal', 'Specimen-Țurcanu'],
    ['documents', '000000011'],
    ['domicile', 'str. Închipuirii 12'],
    ['vehicles', 'NĂSCOCIT'],
    ['access-log', 'Portalul e-services (SIMULAT)'],
  ])('shows %s', async (page, text) => {
    await rig.main.visit(`/data/${page}`);
    expect(await rig.main.shows(text)).toContain('(SIMULAT)');
  });

  it('explains a portal that is down, and reads when it is well again', async () => {
    portal.faults.next('documents', { kind: 'hang-up' });
    await rig.main.visit('/data/documents');
    await rig.main.click('button', 'Read again');
    await rig.main.shows('broke off');
    await rig.main.click('button', 'Try again');
    expect(await rig.main.shows('000000011')).not.toContain('broke off');
  });

  it('signs a document with PIN2, beside the original, and pdfsig says it is valid', async () => {
    const file = join(folder, 'Cerere către ASP.pdf');
    writeFileSync(file, demoDocument());
    await rig.main.visit('/sign');
    await rig.main.cdp.send('Page.setInterceptFileChooserDialog', { enabled: true });
    const opened = once(rig.main.cdp, 'Page.fileChooserOpened');
    await rig.main.click('button', 'Choose PDF documents');
    const [{ backendNodeId }] = await opened;
    await rig.main.cdp.send('DOM.setFileInputFiles', { files: [file], backendNodeId });
    await rig.main.shows('Cerere către ASP.pdf');
    await rig.main.click('button', /^Sign the document/);
    const pin = await rig.pin();
    expect(await pin.shows('Enter PIN2')).toContain('Cerere către ASP.pdf');
    await answerPin(rig, PIN2, 'Sign');
    await rig.main.shows('The document is signed');
    const signed = readFileSync(join(folder, 'Cerere către ASP.signed.pdf'));
    const judge = await pdfsigTrusting(authority.root.pem);
    try {
      expect(await judge.ask(signed)).toMatchObject([{ signature: 'Signature is Valid.', total: true }]);
    } finally {
      judge.close();
    }
    expect(readFileSync(file)).toEqual(Buffer.from(demoDocument()));
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(JSON.stringify(await rig.main.text())).not.toContain(folder);
  });

  it('leaves nothing personal on the screen when the card is pulled', async () => {
    await rig.main.visit('/data/personal');
    await rig.main.shows('Specimen-Țurcanu');
    await rig.main.evaluate(`void (globalThis.gone = new Promise((resolve) => {
      const look = () => document.body.innerText.includes('Specimen-Țurcanu') ? setTimeout(look, 5) : resolve(true);
      look();
    }))`);
    reader.remove();
    expect(await rig.main.evaluate('gone')).toBe(true);
    const html = await rig.main.evaluate<string>('document.documentElement.outerHTML');
    for (const personal of [/Specimen-Țurcanu/, /Ana-Măriuța/, /2500\s?000\s?000\s?010/])
      expect(html).not.toMatch(personal);
    expect([card.tries('PIN1'), card.tries('PIN2')]).toEqual([3, 3]);
  });
});
