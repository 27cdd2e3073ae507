import { generateKeyPairSync, sign } from 'node:crypto';
import type { SandboxPerson } from '../../../electron/sandbox/people.ts';
import type { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import type { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';
import { TestBrowser } from './test-browser.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Signs a person in by the tests' own browser; the value of the site's session cookie. */
export async function siteSession(
  portal: SandboxPortal,
  authority: SandboxAuthority,
  person: SandboxPerson,
): Promise<string> {
  const browser = new TestBrowser(authority.root.pem);
  try {
    const certificate = await authority.issueHolder({ person, publicKey, role: 'authentication' });
    const choice = await browser.submit(await browser.get(`${portal.servicesUrl}/login`));
    const offer = await browser.post(
      `${portal.providerUrl}/login/method`,
      { ...TestBrowser.forms(choice)[0]?.fields, method: 'nationalid' },
      'application/json',
    );
    const { requestId, challenge } = JSON.parse(offer.text);
    const answer = await browser.postJson(`${portal.providerUrl}/authenticate/${requestId}`, {
      status: 'Success',
      signerCertificate: Buffer.from(certificate).toString('base64'),
      signatureAlgorithm: 'rsa-sha256',
      challengeSignature: sign('sha256', Buffer.from(challenge, 'base64'), privateKey).toString('base64'),
    });
    const { continuation } = JSON.parse(answer.text);
    const page = await browser.post(`${portal.providerUrl}/login/continue`, { continuation });
    const { headers } = await browser.submit(page);
    const cookie = [headers['set-cookie'] ?? []].flat().find((line) => line.startsWith('buletin_session='));
    return /^buletin_session=([^;]+)/.exec(cookie ?? '')?.[1] ?? '';
  } finally {
    await browser.close();
  }
}
