/** The Chromium host with pages of the test's own: what keeps a page in, and what mends it. */
import { once } from 'node:events';
import { readlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CdpSession } from '../../../electron/shell/chromium/cdp-pipe.ts';
import { findConfinement } from '../../../electron/shell/chromium/confinement.ts';
import { bindingName } from '../../../electron/shell/chromium/page-script.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';
import { ChromiumRig, eventually } from '../../rig/window/chromium-rig.ts';
import { needs } from '../../run/needs.ts';
import { writeTestPages } from './test-pages.ts';

vi.setConfig({ testTimeout: 60_000 });

const helloText = JSON.stringify(JSON.stringify({ type: 'hello' }));

describe.skipIf(!needs('chromium'))('the Chromium host', () => {
  let folder: string;
  let rig: ChromiumRig;
  let server: Server;
  let port: number;
  let connections = 0;

  beforeAll(async () => {
    folder = makeScratchFolder();
    // Where files are saved when there is no desktop to ask.
    vi.stubEnv('HOME', folder);
    rig = await ChromiumRig.start({ agent: { sandbox: 'eid' }, pages: writeTestPages(folder) });
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    server?.close();
    await rig?.[Symbol.asyncDispose]();
    if (folder) removeScratchFolder(folder);
  });

  const welcomes = () =>
    rig.main.evaluate<number>("told.filter(({ type }) => type === 'welcome').length").catch(() => 0);
  /** The page as it is after a fresh load. */
  const fresh = async () => {
    await rig.main.cdp.send('Page.navigate', { url: 'https://buletin.invalid/' });
    await eventually(async () => (await welcomes()) === 1, 'the page');
  };

  it('welcomes its page', async () => {
    await eventually(async () => (await welcomes()) === 1, 'a welcome');
    const [welcome] = await rig.main.evaluate<object[]>('told');
    expect(welcome).toMatchObject({
      type: 'welcome',
      page: 'main',
      host: { kind: 'chromium', hostVersion: expect.stringMatching(/^Chrome\/\d+/), platform: 'linux' },
    });
  });

  it('keeps its renderers and its network service in the sandbox, and is not root', async () => {
    const processes = rig.processes();
    const of = (type: string) => processes.filter((one) => one.type === type);
    expect(of('renderer').length).toBeGreaterThan(0);
    for (const { seccomp } of of('renderer')) expect(seccomp).toBe('2');
    expect(of('utility').length).toBeGreaterThan(0);
    for (const { seccomp } of of('utility')) expect(seccomp).toBe('2');
    for (const { uid } of processes) expect(uid).not.toBe('0');
    if (findConfinement().ownNetwork) {
      expect(of('browser')[0]?.network).not.toBe(readlinkSync('/proc/self/ns/net'));
    }
  });

  it('has no page open but ours: the browser loads none of its own behind the window', async () => {
    const { targetInfos } = await (rig.host.browser as NonNullable<typeof rig.host.browser>).session.send(
      'Target.getTargets',
    );
    const addresses = (targetInfos as { type: string; url: string }[]).map(
      ({ type, url }) => `${type} ${url}`,
    );
    expect(addresses).toEqual([expect.stringMatching(/^page https:\/\/buletin\.invalid\//)]);
  });

  it('hides its own means from the page', async () => {
    await fresh();
    expect(await rig.main.evaluate(`typeof globalThis.${bindingName}`)).toBe('undefined');
    expect(await rig.main.evaluate('Object.isFrozen(buletin)')).toBe(true);
  });

  it('hears nobody but the main frame of its own origin', async () => {
    await fresh();
    const { cdp } = rig.main;
    const before = await welcomes();
    // An isolated world of the same page.
    const { frameTree } = await cdp.send('Page.getFrameTree');
    const frameId = frameTree.frame.id;
    const { executionContextId } = await cdp.send('Page.createIsolatedWorld', { frameId, worldName: 'x' });
    const { result } = await cdp.send('Runtime.evaluate', {
      expression: `${bindingName}(${helloText}); 'said'`,
      contextId: executionContextId,
    });
    expect(result.value).toBe('said');
    // A frame of the same origin: the policy forbids frames, so it has to be switched off for this.
    await cdp.send('Page.setBypassCSP', { enabled: true });
    await fresh();
    await rig.main.evaluate(
      `new Promise((resolve) => { const frame = document.createElement('iframe'); frame.onload = resolve;
        document.body.append(frame); })`,
    );
    const frame = (await cdp.send('Page.getFrameTree')).frameTree.childFrames[0].frame;
    expect(await rig.main.evaluate('frames[0].origin')).toBe('https://buletin.invalid');
    expect(await rig.main.evaluate('typeof frames[0].buletin + typeof frames[0].__buletinPort')).toBe(
      'undefinedundefined',
    );
    const world = await cdp.send('Page.createIsolatedWorld', { frameId: frame.id, worldName: 'y' });
    await cdp.send('Runtime.evaluate', {
      expression: `${bindingName}(${helloText})`,
      contextId: world.executionContextId,
    });
    await cdp.send('Page.setBypassCSP', { enabled: false });
    expect(await welcomes()).toBe(before);
    expect(rig.log).toContain("main window: refused a message that is not its page's");
    // Another page in the window: it has no port, and its binding leads nowhere.
    const told = rig.traffic.length;
    await cdp.send('Page.navigate', { url: 'data:text/html,<h1>other</h1>' });
    await eventually(() => rig.main.evaluate("document.body?.innerText === 'other'"), 'the other page');
    expect(await rig.main.evaluate('typeof buletin')).toBe('undefined');
    const other = (await cdp.send('Page.getFrameTree')).frameTree.frame.id;
    const aside = await cdp.send('Page.createIsolatedWorld', { frameId: other, worldName: 'z' });
    await cdp.send('Runtime.evaluate', {
      expression: `${bindingName}(${helloText})`,
      contextId: aside.executionContextId,
    });
    await cdp.send('Runtime.evaluate', { expression: '1' });
    expect(rig.traffic.slice(told).filter((text) => text.includes('welcome'))).toEqual([]);
    await fresh();
  });

  it.each(['http', 'https', 'ws'])('lets no page reach the network by %s', async (scheme) => {
    await fresh();
    connections = 0;
    const address = `${scheme}://127.0.0.1:${port}/`;
    const attempt =
      scheme === 'ws'
        ? `new Promise((resolve) => { try { const socket = new WebSocket('${address}'); socket.onerror = () => resolve('failed'); socket.onopen = () => resolve('open'); } catch { resolve('failed'); } })`
        : `fetch('${address}', { mode: 'no-cors' }).then(() => 'open', () => 'failed')`;
    expect(await rig.main.evaluate(attempt)).toBe('failed');
    // Not the policy alone: without it, and without the interception, there is still no way out.
    await rig.main.cdp.send('Page.setBypassCSP', { enabled: true });
    await fresh();
    expect(await rig.main.evaluate(attempt)).toBe('failed');
    await rig.host.browser?.session.send('Fetch.disable');
    expect(await rig.main.evaluate(attempt)).toBe('failed');
    await rig.host.browser?.session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    await rig.main.cdp.send('Page.setBypassCSP', { enabled: false });
    expect(connections).toBe(0);
  });

  it('serves what was built, with its policy, and nothing beside it', async () => {
    await fresh();
    const status = (path: string) =>
      rig.main.evaluate<string>(`fetch('${path}').then((r) => String(r.status), () => 'failed')`);
    expect(await status('/page.js')).toBe('200');
    for (const path of [
      '/pin.html',
      '/../package.json',
      '/%2e%2e/package.json',
      '/.git/config',
      '/nothing.js',
    ])
      expect(await status(path)).toBe('failed');
    const policy = await rig.main.evaluate<string>(
      "fetch('/').then((r) => r.headers.get('content-security-policy'))",
    );
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const ran = await rig.main.evaluate(
      `(() => { const script = document.createElement('script'); script.textContent = 'globalThis.ran = 1';
         document.body.append(script); return typeof ran; })()`,
    );
    expect(ran).toBe('undefined');
  });

  it('opens no window for a page, and closes any that is not ours', async () => {
    await fresh();
    expect(await rig.main.evaluate("window.open('https://buletin.invalid/') === null")).toBe(true);
    const session = rig.host.browser?.session as CdpSession;
    const { targetId } = await session.send('Target.createTarget', { url: 'about:blank' });
    await eventually(async () => {
      const { targetInfos } = await session.send('Target.getTargets');
      return !targetInfos.some((target: { targetId: string }) => target.targetId === targetId);
    }, 'the end of the foreign window');
    expect(rig.log).toContain('closed a page that is not ours');
    expect(rig.host.windows).toHaveLength(1);
  });

  it('refuses garbage and floods, and goes on', async () => {
    await fresh();
    await rig.main.evaluate("for (let i = 0; i < 2000; i++) buletin.send('{' + i)");
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const answer = await rig.main.evaluate("ask('status')");
    expect(answer).toMatchObject({ type: 'result', result: { version: 1 } });
    expect(rig.log.filter((line) => line.startsWith('main page: refused')).length).toBeGreaterThan(0);
  });

  it('carries long messages and odd characters both ways', async () => {
    await fresh();
    const answer = await rig.main.evaluate<{ result: { saved: boolean; name: string } }>(
      "ask('host.save', { name: 'a\\u202e\\ud800/..b', kind: 'json', content: '\\u0000\\ud800 ț '.repeat(300000) })",
    );
    expect(answer.result.saved).toBe(true);
    expect(answer.result.name).toMatch(/^a b?.*\.json$/);
  });

  it('learns the paths of chosen and dropped documents, the page only their names', async () => {
    await fresh();
    const { cdp } = rig.main;
    const file = join(rig.folder, 'Cerere ș.pdf');
    writeFileSync(file, '%PDF-1.7 test');
    await cdp.send('Page.setInterceptFileChooserDialog', { enabled: true });
    const opened = once(cdp, 'Page.fileChooserOpened');
    const chosen = rig.main.evaluate<{ result: { documents: { id: string; name: string; size: number }[] } }>(
      "ask('host.documents.choose')",
    );
    const [{ backendNodeId }] = await opened;
    await cdp.send('DOM.setFileInputFiles', { files: [file], backendNodeId });
    const { documents } = (await chosen).result;
    expect(documents).toEqual([{ id: expect.any(String), name: 'Cerere ș.pdf', size: 13 }]);
    expect(rig.shell.documents.path(documents[0]?.id ?? '')).toBe(file);
    const read = await rig.main.evaluate<{ result: { data: string } }>(
      `ask('host.documents.read', { id: '${documents[0]?.id}', offset: 1, length: 3 })`,
    );
    expect(Buffer.from(read.result.data, 'base64').toString()).toBe('PDF');

    const drop = { x: 20, y: 20, data: { items: [], files: [file], dragOperationsMask: 1 } };
    for (const type of ['dragEnter', 'dragOver', 'drop']) {
      await cdp.send('Input.dispatchDragEvent', { type, ...drop });
    }
    const dropped = await eventually(
      () => rig.main.evaluate("told.find(({ type }) => type === 'documents')"),
      'the dropped documents',
    );
    expect(dropped).toEqual({ type: 'documents', documents });
    expect(JSON.stringify(await rig.main.evaluate('told'))).not.toContain(rig.folder);
  });

  it('makes a PDF of the page', async () => {
    const window = rig.host.main;
    const pdf = Buffer.from(await rig.host.pdfOf(window));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('asks for a PIN in a window of another process, and closing it is a no', async () => {
    await fresh();
    await rig.main.evaluate("void (globalThis.answer = ask('pin.verify', { pin: 'PIN1' }))");
    const pin = await rig.pin();
    await eventually(() => pin.evaluate('globalThis.told?.length > 0'), 'its welcome');
    const [welcome] =
      await pin.evaluate<{ page: string; snapshot: null; prompt: { publicKey: string } }[]>('told');
    expect(welcome).toMatchObject({ page: 'pin', snapshot: null, prompt: { pin: 'PIN1', tries: 3 } });
    expect(welcome?.prompt.publicKey).toHaveLength(88);
    expect(await pin.evaluate('[innerWidth, innerHeight]')).toEqual([420, 560]);
    expect(rig.processes().filter(({ type }) => type === 'renderer').length).toBeGreaterThanOrEqual(2);
    expect(await rig.main.evaluate('JSON.stringify(told)')).not.toContain(welcome?.prompt.publicKey);
    pin.window.close();
    expect(await rig.main.evaluate('answer')).toMatchObject({ failure: { code: 'pin-cancelled' } });
    expect(rig.pinWindows()).toEqual([]);
  });

  it('closes the PIN window when the question has gone', async () => {
    await fresh();
    await rig.main.evaluate("void (globalThis.answer = ask('pin.verify', { pin: 'PIN1' }))");
    await rig.pin();
    await rig.main.evaluate("void ask('sandbox.remove')");
    expect(await rig.main.evaluate('answer')).toMatchObject({ failure: { code: 'card-removed' } });
    await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    await rig.main.evaluate("ask('sandbox.insert', { card: 'eid' })");
  });

  it('tells the page of the death of the agent, and closes its question', async () => {
    await fresh();
    await rig.main.evaluate("void (globalThis.answer = ask('pin.verify', { pin: 'PIN1' }))");
    await rig.pin();
    process.kill(rig.agent.pid ?? 0, 'SIGKILL');
    expect(await rig.main.evaluate('answer')).toMatchObject({ failure: { code: 'agent-lost' } });
    await eventually(() => rig.main.evaluate("told.some(({ type }) => type === 'agent-up')"), 'the agent');
    await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    const status = await rig.main.evaluate("ask('pin.status')");
    expect(status).toMatchObject({ result: { pins: [{ name: 'PIN1', tries: 3 }, {}, {}] } });
  });

  it('loads the page again when its renderer crashes; what it had asked for is cancelled', async () => {
    await fresh();
    await rig.main.evaluate("void ask('pin.verify', { pin: 'PIN1' })");
    await rig.pin();
    await rig.main.cdp.send('Page.crash').catch(() => undefined);
    await eventually(async () => (await welcomes()) === 1, 'the page');
    await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    expect(rig.log).toContain('main window: the renderer crashed');
  });

  it('starts the browser again when it dies', async () => {
    const before = rig.host.browser?.pid ?? 0;
    process.kill(-before, 'SIGKILL');
    await eventually(() => rig.host.browser?.pid !== before && rig.host.main, 'a new window');
    await eventually(async () => (await welcomes()) === 1, 'the page');
    expect(rig.log).toContain('the browser died');
  });

  it('ends when the person closes the window', async () => {
    await rig.main.cdp.send('Page.close');
    expect(await rig.host.ended).toBe('closed');
  });
});
