/** What pages can get from the shell: documents by ids, files where the person says, settings, PIN windows. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundleText, type SupportBundle } from '../../../electron/contract/diagnostics/bundle.ts';
import type {
  HostMessage,
  PageMethodName,
  PageResult,
} from '../../../electron/contract/pages/page-messages.ts';
import { fileName, freePath } from '../../../electron/shell/pages/file-name.ts';
import { Shell } from '../../../electron/shell/pages/shell.ts';
import {
  defaultSettings,
  UserSettings,
  userSettingsPath,
} from '../../../electron/shell/pages/user-settings.ts';
import { WindowFiles } from '../../../electron/shell/pages/window-files.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';
import { needs } from '../../run/needs.ts';
import { PagePipe, ScriptedAgent, ScriptedHost, somePrompt } from './page-pipe.ts';

let folder: string;
let agent: ScriptedAgent;
let host: ScriptedHost;
let shell: Shell;
let page: PagePipe;

beforeEach(() => {
  folder = makeScratchFolder();
  agent = new ScriptedAgent();
  host = new ScriptedHost();
  const settings = new UserSettings(join(folder, 'config', 'window.json'), defaultSettings({ LANG: 'en' }));
  shell = new Shell({ agent, host, settings, log: () => undefined });
  agent.rise();
  page = new PagePipe();
  shell.connect({ kind: 'main', port: page.port });
  page.hello();
});
afterEach(() => {
  shell.close();
  removeScratchFolder(folder);
});

async function ask(method: string, params: object = {}): Promise<HostMessage> {
  const id = page.request(method, params);
  return vi.waitUntil(() => page.answer(id), { timeout: 5_000 });
}
const resultOf = async <M extends PageMethodName>(method: M, params: object = {}): Promise<PageResult<M>> => {
  const answer = await ask(method, params);
  if (answer.type !== 'result') throw new Error(JSON.stringify(answer));
  return answer.result as PageResult<M>;
};
const failureOf = async (method: string, params: object = {}) => {
  const answer = await ask(method, params);
  return answer.type === 'failure' ? answer.failure : answer;
};

describe('documents', () => {
  const choose = async (...names: string[]) => {
    host.chosen = names.map((name) => join(folder, name));
    return (await resultOf('host.documents.choose')).documents as {
      id: string;
      name: string;
      size: number;
    }[];
  };

  it('have ids and names, never paths; what is no file is left out', async () => {
    writeFileSync(join(folder, 'a.pdf'), 'abc');
    mkdirSync(join(folder, 'folder.pdf'));
    const documents = await choose('a.pdf', 'folder.pdf', 'missing.pdf');
    expect(documents).toEqual([{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: 'a.pdf', size: 3 }]);
    expect(await choose('a.pdf')).toEqual(documents);
    expect(JSON.stringify(page.told)).not.toContain(folder);
  });

  it('are read in pieces, and only those that were chosen', async () => {
    writeFileSync(join(folder, 'a.pdf'), 'abcdef');
    const [document] = await choose('a.pdf');
    const read = (offset: number, length: number) =>
      resultOf('host.documents.read', { id: document?.id, offset, length });
    expect(await read(1, 3)).toEqual({ data: 'YmNk', size: 6 });
    expect(await read(4, 100)).toEqual({ data: 'ZWY=', size: 6 });
    expect(await read(99, 5)).toEqual({ data: '', size: 6 });
    rmSync(join(folder, 'a.pdf'));
    expect(await failureOf('host.documents.read', { id: document?.id, offset: 0, length: 1 })).toEqual({
      code: 'input-unreadable',
      parameters: { path: 'a.pdf' },
    });
    expect(
      await failureOf('host.documents.read', { id: crypto.randomUUID(), offset: 0, length: 1 }),
    ).toMatchObject({ code: 'contract-violation' });
  });

  it('are signed by their ids; what comes back has names, and its folder can be shown', async () => {
    writeFileSync(join(folder, 'a.pdf'), 'a');
    writeFileSync(join(folder, 'b.pdf'), 'b');
    const [a, b] = await choose('a.pdf', 'b.pdf');
    const signing = ask('host.documents.sign', { ids: [a?.id, b?.id], reason: 'r' });
    const asked = await vi.waitUntil(() => agent.asked[0]);
    expect(asked.method).toBe('sign.documents');
    expect(asked.params).toEqual({
      documents: [{ input: join(folder, 'a.pdf') }, { input: join(folder, 'b.pdf') }],
      reason: 'r',
    });
    const signer = { commonName: 'N', idnp: null, serialNumber: '01' };
    const digest = { algorithm: 'SHA-256', value: 'AB' };
    asked.resolve({
      results: [
        {
          ...{ input: join(folder, 'a.pdf'), output: join(folder, 'a.signed.pdf') },
          ...{ format: 'pades', level: 'B', signer, digest, verified: true },
        },
        {
          input: join(folder, 'b.pdf'),
          failure: { code: 'input-unreadable', parameters: { path: join(folder, 'b.pdf') } },
        },
      ],
    });
    expect(await signing).toMatchObject({
      result: {
        results: [
          { id: a?.id, output: 'a.signed.pdf', signer, digest },
          { id: b?.id, failure: { code: 'input-unreadable', parameters: { path: 'b.pdf' } } },
        ],
      },
    });
    await resultOf('host.documents.show', { id: a?.id });
    expect(host.shown).toEqual([join(folder, 'a.signed.pdf')]);
    expect(await failureOf('host.documents.show', { id: b?.id })).toMatchObject({
      code: 'contract-violation',
    });
  });

  it('that were dropped are told to main pages, PDF files alone', async () => {
    writeFileSync(join(folder, 'a.PDF'), 'a');
    writeFileSync(join(folder, 'a.exe'), 'a');
    await shell.dropped([join(folder, 'a.PDF'), join(folder, 'a.exe')]);
    expect(page.of('documents')).toEqual([
      { type: 'documents', documents: [{ id: expect.any(String), name: 'a.PDF', size: 1 }] },
    ]);
  });
});

describe('saving', () => {
  it('writes the whole file where the person says, for them alone', async () => {
    host.target = join(folder, 'x.csv');
    writeFileSync(host.target, 'old');
    expect(await resultOf('host.save', { name: 'x', kind: 'csv', content: 'a;b\n' })).toEqual({
      saved: true,
      name: 'x.csv',
    });
    expect(readFileSync(host.target, 'utf8')).toBe('a;b\n');
    if (process.platform !== 'win32') expect(statSync(host.target).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['x.csv']);
  });

  it('does nothing when they cancel', async () => {
    expect(await resultOf('host.save', { name: 'x', kind: 'csv', content: '' })).toEqual({ saved: false });
    expect(await resultOf('host.print', { to: 'pdf' })).toEqual({ done: false });
  });

  it('writes a support bundle as it was shown, and nothing that its allow-list does not know', async () => {
    host.target = join(folder, 'raport.json');
    const bundle = {
      format: 'buletin-support-bundle',
      version: 1,
      createdAt: '2026-11-22T08:00:00.000Z',
      versions: {
        buletin: '0.1.0',
        node: '24.21.0',
        platform: 'linux',
        architecture: 'x64',
        system: null,
        packages: {},
      },
      language: 'ro',
      simulated: false,
      service: { state: 'running', failure: null },
      readers: [],
      card: null,
      cardProblem: 'card-absent',
      session: 'none',
      checks: [],
      shortCode: null,
      failures: [],
      traces: [],
    } as const satisfies SupportBundle;
    expect(await resultOf('host.report.save', { bundle })).toEqual({ saved: true, name: 'raport.json' });
    expect(readFileSync(host.target, 'utf8')).toBe(bundleText(bundle));
    rmSync(host.target);
    const loose = { bundle: { ...bundle, holder: 'Ana' } };
    expect(await failureOf('host.report.save', loose)).toMatchObject({ code: 'contract-violation' });
    expect(existsSync(host.target)).toBe(false);
  });

  it('leaves what was there when it fails', async () => {
    host.target = join(folder, 'no', 'x.csv');
    expect(await failureOf('host.save', { name: 'x', kind: 'csv', content: '' })).toEqual({
      code: 'save-failed',
      parameters: { name: 'x.csv' },
    });
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  it('saves the page as PDF', async () => {
    host.target = join(folder, 'x.pdf');
    expect(await resultOf('host.print', { to: 'pdf' })).toEqual({ done: true, name: 'x.pdf' });
    expect(readFileSync(host.target, 'utf8')).toBe('%PDF-1.7');
    expect(await resultOf('host.print', { to: 'printer' })).toEqual({ done: true });
  });

  it.each([
    ['Date personale', 'Date personale.csv'],
    ['x.CSV', 'x.csv'],
    ['../../etc/passwd', 'etc passwd.csv'],
    ['a\u202egpj.exe', 'a gpj.exe.csv'],
    ['con', 'Buletin.csv'],
    ['...', 'Buletin.csv'],
    ['\u0000\ud800', 'Buletin.csv'],
    ['x'.repeat(200), `${'x'.repeat(80)}.csv`],
  ])('proposes a name that every file system takes: %j', (wished, name) => {
    expect(fileName(wished, 'csv')).toBe(name);
  });

  it('proposes a name that is free', async () => {
    expect(await freePath(folder, 'a.csv')).toBe(join(folder, 'a.csv'));
    writeFileSync(join(folder, 'a.csv'), '');
    writeFileSync(join(folder, 'a (2).csv'), '');
    expect(await freePath(folder, 'a.csv')).toBe(join(folder, 'a (3).csv'));
  });
});

describe('settings', () => {
  it('hold at once, in every window, and at the next start', async () => {
    expect(page.of('welcome')[0]?.settings).toEqual({
      language: 'en',
      theme: 'system',
      textSize: 100,
      reader: null,
      shuffledDigits: false,
    });
    const other = new PagePipe();
    shell.connect({ kind: 'pin', port: other.port, prompt: somePrompt() });
    other.hello();
    await resultOf('host.settings.set', { theme: 'dark', textSize: 150 });
    expect(other.of('settings')[0]?.settings).toMatchObject({ theme: 'dark', textSize: 150, language: 'en' });
    const file = join(folder, 'config', 'window.json');
    expect(new UserSettings(file).current).toMatchObject({ theme: 'dark', textSize: 150, language: 'en' });
    if (process.platform !== 'win32') {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, 'config')).mode & 0o777).toBe(0o700);
    }
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"theme":"neon","language":1,"textSize":99,"extra":1}',
    'x'.repeat(100_000),
  ])('that make no sense have their defaults: %.20j', (content) => {
    const file = join(folder, 'w.json');
    writeFileSync(file, content);
    expect(new UserSettings(file, defaultSettings({ LANG: 'ru' })).current).toEqual(
      defaultSettings({ LANG: 'ru_RU.UTF-8' }),
    );
  });

  it.skipIf(!needs('unprivileged'))('that cannot be kept still hold until the window closes', async () => {
    const config = join(folder, 'config');
    mkdirSync(config, { mode: 0o500 });
    expect(await failureOf('host.settings.set', { theme: 'dark' })).toMatchObject({ code: 'save-failed' });
    expect(page.of('settings')[0]?.settings.theme).toBe('dark');
    rmSync(config, { recursive: true });
  });

  it('lie where the platform keeps such things', () => {
    expect(userSettingsPath({ XDG_CONFIG_HOME: '/c' }, 'linux')).toBe(join('/c', 'buletin', 'window.json'));
    expect(userSettingsPath({ APPDATA: '/a' }, 'win32')).toBe(join('/a', 'Buletin', 'window.json'));
    expect(userSettingsPath({}, 'darwin')).toMatch(/Library.Application Support.Buletin.window\.json$/);
  });
});

describe('PIN windows', () => {
  const { promptId } = somePrompt();

  it('open with a question, with its key, and close with it', () => {
    agent.happen({ kind: 'prompt-open', prompt: somePrompt() });
    agent.happen({ kind: 'prompt-open', prompt: somePrompt() });
    expect(host.pinWindows).toHaveLength(1);
    expect(host.pinWindows[0]).toMatchObject({ prompt: somePrompt(), open: true });
    agent.happen({ kind: 'prompt-close', promptId, outcome: 'submitted' });
    expect(host.pinWindows[0]?.open).toBe(false);
    // The window's own end comes after: nothing is left to cancel.
    host.pinWindows[0]?.close();
    expect(agent.asked).toEqual([]);
  });

  it('that the person closes are a no', () => {
    agent.happen({ kind: 'prompt-open', prompt: somePrompt() });
    host.pinWindows[0]?.close();
    host.pinWindows[0]?.close();
    expect(agent.asked.map(({ method, params }) => [method, params])).toEqual([['pin.cancel', { promptId }]]);
  });

  it('close when the agent dies, and nobody answers for them', () => {
    agent.happen({ kind: 'prompt-open', prompt: somePrompt() });
    agent.die();
    expect(host.pinWindows[0]?.open).toBe(false);
    agent.rise({}, 1);
    expect(host.pinWindows).toHaveLength(1);
    expect(agent.asked).toEqual([]);
  });

  it('open again for a question that outlived a connection', () => {
    agent.die();
    agent.rise({ prompts: [somePrompt()] }, 0);
    expect(host.pinWindows).toHaveLength(1);
  });
});

describe("the window's files", () => {
  it('are what was built: no other file, no other kind of page, no link', () => {
    const built = join(folder, 'window');
    mkdirSync(join(built, 'assets'), { recursive: true });
    for (const name of ['index.html', 'pin.html', 'assets/a.js', 'assets/a.js.map', '.env'])
      writeFileSync(join(built, name), name);
    writeFileSync(join(folder, 'secret.json'), '{}');
    symlinkSync(join(folder, 'secret.json'), join(built, 'link.json'));
    const files = new WindowFiles(built);
    expect(files.get('/', 'main')?.body.toString()).toBe('index.html');
    expect(files.get('/', 'pin')?.body.toString()).toBe('pin.html');
    expect(files.get('/assets/a.js', 'pin')?.type).toBe('text/javascript; charset=utf-8');
    const refused = [
      '/pin.html',
      '/assets/a.js.map',
      '/.env',
      '/../secret.json',
      '/link.json',
      '/assets',
      '//',
    ];
    for (const path of refused) expect(files.get(path, 'main'), path).toBeUndefined();
    expect(files.get('/index.html', 'pin')).toBeUndefined();
  });
});

describe('a repair of the doctor', () => {
  const fix = { id: 'D08', cause: 'gnupg-holds-reader', lines: ['<b>disable-ccid</b>', 'pcsc-shared'] };

  it('is made after the person has seen its very lines and agreed', async () => {
    const asking = ask('host.doctor.fix', fix);
    const asked = await vi.waitUntil(() => agent.asked[0]);
    expect(host.questions).toEqual([
      {
        title: 'Buletin: repair',
        message: 'Buletin will make exactly this change on this computer:',
        lines: ['<b>disable-ccid</b>', 'pcsc-shared'],
        yes: 'Make the change',
        no: 'Cancel',
      },
    ]);
    expect([asked.method, asked.params]).toEqual(['doctor.fix', fix]);
    asked.resolve({ solved: true, findings: [] });
    expect(await asking).toMatchObject({ result: { solved: true } });
  });

  it.each([
    [false, 'cancelled'],
    [null, 'doctor-fix-none'],
  ])('is not made when they say %s', async (agrees, code) => {
    host.agrees = agrees;
    expect(await failureOf('host.doctor.fix', fix)).toMatchObject({ code });
    expect(agent.asked).toEqual([]);
  });
});

it('shows where the log lies to the person, not to the page', async () => {
  const asking = ask('host.log.show');
  const asked = await vi.waitUntil(() => agent.asked[0]);
  expect(asked.method).toBe('log.place');
  asked.resolve({ folder: '/secret/log', file: '/secret/log/buletin.log', level: 'acts', writing: true });
  expect(await asking).toMatchObject({ type: 'result', result: {} });
  expect(host.shown).toEqual(['/secret/log/buletin.log']);
  expect(JSON.stringify(page.told)).not.toContain('secret');
});
