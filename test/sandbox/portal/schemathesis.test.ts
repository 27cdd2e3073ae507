import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, ecaterina, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';
import { askPythonProgram } from '../../rig/judges/python.ts';
import { needs } from '../../run/needs.ts';
import { siteSession } from './site-session.ts';

const openapi = readFileSync(
  new URL('../../../electron/sandbox/portal/openapi.json', import.meta.url),
  'utf8',
);

/** The cookie comes by the environment; a warning, as that nobody got past signing in, is a failure. */
const configuration = [
  '[auth.openapi.sessionCookie]',
  'api_key = "$' + '{SESSION}"',
  '[warnings]',
  'fail-on = true',
].join('\n');

let authority: SandboxAuthority;
let portal: SandboxPortal;

/** What schemathesis says of the site with somebody's session: exit code and report. */
async function schemathesis(
  session: string,
  document = openapi,
  ...more: readonly string[]
): Promise<{ readonly exitCode: number | null; readonly report: string }> {
  const { exitCode, text, errorText } = await askPythonProgram(
    'schemathesis',
    [
      ...['run', 'openapi.json', '--url', portal.servicesUrl, '--tls-verify', 'root.pem', '--checks', 'all'],
      ...['--seed', '20260301', '--max-examples', '20', '--request-timeout', '10', '--continue-on-failure'],
      ...['--generation-database', 'none', '--no-color', ...more],
    ],
    {
      files: {
        'openapi.json': document,
        'root.pem': authority.root.pem,
        'schemathesis.toml': configuration,
      },
      secrets: { SESSION: session },
      timeoutMs: 240_000,
    },
  );
  return { exitCode, report: `${text}${errorText}` };
}

/** The part of a report that a reader of a red test wants to see. */
const failuresIn = (report: string): string =>
  /=+ (?:FAILURES|ERRORS|WARNINGS) =+[\s\S]*/.exec(report)?.[0] ?? '';

beforeAll(async () => {
  authority = await SandboxAuthority.create();
  portal = await SandboxPortal.start({ authority, people: sandboxPeople });
});
afterAll(async () => {
  await portal.stop();
});

describe.skipIf(!needs('python-judges'))(
  'the OpenAPI document of the data services, judged by schemathesis',
  () => {
    it('is kept by the site', { timeout: 300_000 }, async () => {
      const { exitCode, report } = await schemathesis(await siteSession(portal, authority, ana));
      expect(report).toMatch(/Operations: +7 selected \/ 7 total/);
      expect(report).toMatch(/Tested: 7/);
      expect(failuresIn(report)).toBe('');
      expect(exitCode).toBe(0);
    });

    it('is kept for somebody who registers on the way', { timeout: 300_000 }, async () => {
      const session = await siteSession(portal, authority, ecaterina);
      const { exitCode, report } = await schemathesis(
        session,
        openapi,
        '--phases',
        'examples,fuzzing',
        '--max-examples',
        '10',
      );
      expect(failuresIn(report)).toBe('');
      expect(exitCode).toBe(0);
    });

    it.each([
      ['a year that is a text', '/data/vehicles', '"type": "integer"', '"type": "string"'],
      ['a field that is not there', '/data/personal', '"blood_group"', '"blood_type"'],
      ['a status that was not announced', '/session', '"200"', '"299"'],
      ['another cookie', '/session', '"buletin_session"', '"another_session"'],
    ])('would not be kept if it said %s', async (_lie, path, truth, lie) => {
      const document = openapi.replaceAll(truth, lie);
      expect(document).not.toBe(openapi);
      const session = await siteSession(portal, authority, ana);
      const few = ['--include-path', path, '--phases', 'fuzzing', '--max-examples', '3'];
      expect((await schemathesis(session, document, ...few)).exitCode).toBe(1);
    });
  },
);
