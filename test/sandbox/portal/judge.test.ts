import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ion, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';
import { needs } from '../../run/needs.ts';
import { TestBrowser, type TestPage } from './test-browser.ts';

/** A whole sign-in by curl and openssl: nothing of our own client takes part. */

const judges = needs('curl') && needs('openssl');

let folder: string;
let authority: SandboxAuthority;
let portal: SandboxPortal;

const file = (name: string): string => path.join(folder, name);
const run = async (command: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(command, args, { timeout: 30_000 })).stdout;

/** What curl gets; it trusts the sandbox's root alone. */
async function curl(url: string, ...args: string[]): Promise<{ status: number; body: string }> {
  const marked = ['--write-out', '\n%{http_code}'];
  const out = await run(
    'curl',
    '--silent',
    '--show-error',
    '--cacert',
    file('root.pem'),
    ...marked,
    ...args,
    url,
  );
  const cut = out.lastIndexOf('\n');
  return { status: Number(out.slice(cut + 1)), body: out.slice(0, cut) };
}

/** Cookies as curl keeps them. */
const jar = (): string[] => ['--cookie', file('jar'), '--cookie-jar', file('jar')];

async function page(url: string, fields: Readonly<Record<string, string>> | null): Promise<TestPage> {
  const data = Object.entries(fields ?? {}).flatMap(([name, value]) => [
    '--data-urlencode',
    `${name}=${value}`,
  ]);
  const post = fields === null ? [] : ['--request', 'POST', ...data];
  const { status, body } = await curl(url, ...jar(), '--header', 'Accept: text/html', ...post);
  return { url, status, text: body, headers: {} };
}

/** Sends the page's first form. */
async function submit(from: TestPage): Promise<TestPage> {
  const form = TestBrowser.forms(from)[0];
  return page(form?.action ?? '', form?.fields ?? {});
}

async function json(url: string, ...args: string[]): Promise<Record<string, unknown>> {
  const answer = await curl(url, ...jar(), '--header', 'Accept: application/json', ...args);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body) as Record<string, unknown>;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'portal-judge-'));
  authority = await SandboxAuthority.create();
  portal = await SandboxPortal.start({ authority, people: sandboxPeople });
  await writeFile(file('root.pem'), authority.root.pem);
});
afterAll(async () => {
  await portal.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Keys as openssl makes them, and how it signs with them. */
const ways = [
  {
    name: 'RSA PKCS#1 v1.5',
    genpkey: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
    dgst: ['-sha256'],
    algorithm: 'rsa-sha256',
    role: 'authentication',
  },
  {
    name: 'RSA-PSS',
    genpkey: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'],
    dgst: ['-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'],
    algorithm: 'sha256-rsa-MGF1',
    role: 'authentication',
  },
  {
    name: 'ECDSA on P-384, DER',
    genpkey: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
    dgst: ['-sha384'],
    algorithm: 'ecdsa-sha384',
    role: 'signature',
  },
] as const;

describe.skipIf(!judges)('the sandbox portal, judged by curl and openssl', () => {
  it.each(ways)('signs a person in with $name, shows the data and signs out', async (way) => {
    await run('openssl', 'genpkey', ...way.genpkey, '-out', file('key.pem'));
    await run('openssl', 'pkey', '-in', file('key.pem'), '-pubout', '-out', file('public.pem'));
    const publicKey = createPublicKey(await readFile(file('public.pem'), 'utf8'));
    const certificate = await authority.issueHolder({ person: ion, publicKey, role: way.role });

    await rm(file('jar'), { force: true });
    const start = await page(`${portal.servicesUrl}/login`, null);
    const choice = await submit(start);
    const [form] = TestBrowser.forms(choice);
    expect(form?.action).toBe(`${portal.providerUrl}/login/method`);
    const chosen = ['--data', `signIn=${form?.fields.signIn}`, '--data', 'method=nationalid'];
    const offer = await json(form?.action ?? '', ...chosen);
    expect(Object.keys(offer).sort()).toEqual(['challenge', 'description', 'expiresIn', 'requestId']);

    await writeFile(file('challenge'), Buffer.from(offer.challenge as string, 'base64'));
    expect(await readFile(file('challenge'))).toHaveLength(32);
    await run(
      'openssl',
      'dgst',
      ...way.dgst,
      '-sign',
      file('key.pem'),
      '-out',
      file('sig'),
      file('challenge'),
    );
    const reply = {
      status: 'Success',
      signerCertificate: Buffer.from(certificate).toString('base64'),
      signatureAlgorithm: way.algorithm,
      challengeSignature: (await readFile(file('sig'))).toString('base64'),
    };
    await writeFile(file('body.json'), JSON.stringify(reply));
    const answer = await json(
      `${portal.providerUrl}/authenticate/${offer.requestId}`,
      ...['--header', 'Content-Type: application/json', '--data', `@${file('body.json')}`],
    );
    expect(answer).toEqual({
      requestId: offer.requestId,
      status: 'Success',
      continuation: expect.any(String),
    });
    const response = await page(`${portal.providerUrl}/login/continue`, {
      continuation: answer.continuation as string,
    });
    expect((await submit(response)).status).toBe(303);
    const session = await json(`${portal.servicesUrl}/session`);
    expect(session.holder).toEqual({ name: 'Ion-Grățian Model-Brânză', idnp: '2500*******21' });

    const vehicles = await curl(`${portal.servicesUrl}/data/vehicles`, ...jar());
    expect(vehicles.status).toBe(200);
    expect(JSON.parse(vehicles.body)).toStrictEqual({
      service: 'vehicles',
      readAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      source: 'Registrul de stat al transporturilor (SIMULAT)',
      items: [
        {
          idnv: '9500000000021',
          plate: 'QQQ 021',
          make: 'MODEL',
          model: 'Grâu Combi',
          year: 2008,
          vin: 'SMPMDL9Z900002211',
        },
        {
          idnv: '9500000000022',
          plate: 'EXT 0221',
          make: 'BRÂNZĂ & FIII',
          model: 'Tractor T-40 „Țăranul”',
          year: 1979,
          vin: null,
        },
        {
          idnv: 'R-21/003',
          plate: 'QQ QQ 3',
          make: 'MODEL',
          model: 'Remorcă',
          year: 1996,
          vin: 'SMPRMRCA000000213',
        },
      ],
    });
    const documents = JSON.parse((await curl(`${portal.servicesUrl}/data/documents`, ...jar())).body);
    expect(documents.items.map((item: object) => Object.keys(item))).toEqual(
      Array(3).fill(['series', 'number', 'issue_date', 'issue_place', 'status', 'expiry_date', 'doc_type']),
    );
    const domicile = JSON.parse((await curl(`${portal.servicesUrl}/data/domicile`, ...jar())).body);
    expect(Object.keys(domicile.items[0])).toEqual([
      'visa_type',
      'reg_date',
      'reg_expiry',
      'country',
      'district',
      'street',
      'house',
      'block',
      'flat',
    ]);

    const toProvider = await page(`${portal.servicesUrl}/logout`, {});
    expect((await submit(await submit(toProvider))).status).toBe(303);
    expect((await curl(`${portal.servicesUrl}/data/vehicles`, ...jar())).status).toBe(401);
    expect([portal.openSessions, portal.openProviderSessions]).toEqual([0, 0]);
  });

  it('has certificates that openssl finds right for its names', async () => {
    for (const url of [portal.providerUrl, portal.servicesUrl]) {
      const { host, hostname } = new URL(url);
      const name = hostname === 'localhost' ? ['-verify_hostname', hostname] : ['-verify_ip', hostname];
      const chain = ['-CAfile', file('root.pem'), '-verify_return_error', ...name];
      const out = promisify(execFile)('openssl', [
        's_client',
        '-connect',
        host.replace('localhost', '127.0.0.1'),
        ...chain,
      ]);
      out.child.stdin?.end();
      expect((await out).stdout).toMatch(/Verify return code: 0 \(ok\)/);
    }
  });

  it('is not believed by curl without its root', async () => {
    const attempt = run(
      'curl',
      '--silent',
      '--cacert',
      '/etc/ssl/certs/ca-certificates.crt',
      portal.servicesUrl,
    );
    // 60: the peer's certificate cannot be authenticated · 77: no such CA file here
    await expect(attempt).rejects.toMatchObject({ code: expect.toBeOneOf([60, 77]) });
  });
});
