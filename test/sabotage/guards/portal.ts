import type { Guard } from '../guard.ts';

/** What is signed at a sign-in, and whom we talk to. */
export const portalGuards: readonly Guard[] = [
  {
    id: 'challenge-length',
    protects: 'At a sign-in the card signs 32 bytes and nothing longer.',
    file: 'electron/engine/portal/challenge-guard.ts',
    find: "if (bytes.length !== challengeLength) return 'length';",
    replace: '',
    tests: ['test/engine/portal/challenge-guard.test.ts'],
  },
  {
    id: 'challenge-asn1',
    protects: 'A challenge that means something elsewhere is not signed.',
    file: 'electron/engine/portal/challenge-guard.ts',
    find: "if (readsAsAsn1(bytes)) return 'asn1';",
    replace: '',
    tests: ['test/engine/portal/challenge-guard.test.ts'],
  },
  {
    id: 'challenge-text',
    protects: 'A text in place of a challenge is not signed.',
    file: 'electron/engine/portal/challenge-guard.ts',
    find: "if (readsAsText(bytes)) return 'text';",
    replace: '',
    tests: ['test/engine/portal/challenge-guard.test.ts'],
  },
  {
    id: 'portal-answer-size',
    protects: 'A portal cannot fill our memory.',
    file: 'electron/engine/portal/https-client.ts',
    find: 'if (length > maxAnswerBytes) throw tooLarge(host);',
    replace: '',
    tests: ['test/engine/portal/portal-faults.test.ts'],
  },
  {
    id: 'portal-redirect',
    protects: 'What is meant for the portal follows nobody elsewhere.',
    file: 'electron/engine/portal/https-client.ts',
    find: 'if (status >= 300 && status < 400) {',
    replace: 'if (false) {',
    tests: ['test/engine/portal/portal-faults.test.ts'],
  },
  {
    id: 'portal-trust',
    protects: 'A server is believed only by the certificates of the settings.',
    file: 'electron/engine/portal/https-client.ts',
    find: 'connect: { ca: [...settings.trust], ',
    replace: 'connect: { rejectUnauthorized: false, ',
    tests: ['test/engine/portal/portal-faults.test.ts'],
  },
  {
    id: 'portal-tls-only',
    protects: 'Nothing is sent to a portal in the clear.',
    file: 'electron/contract/portal/settings.ts',
    find: '.url({ protocol: /^https$/ })',
    replace: '.url({ protocol: /^https?$/ })',
    tests: ['test/engine/portal/settings.test.ts'],
  },
  {
    id: 'portal-text-controls',
    protects: 'A text of the portal acts on no terminal and reads as nothing else than it is.',
    file: 'electron/contract/portal/items.ts',
    find: ".refine((text) => !forbiddenCharacters.test(text), { error: 'control character' })",
    replace: '',
    tests: ['test/sandbox/portal/openapi.test.ts'],
  },
  {
    id: 'sandbox-session-needed',
    protects: 'The sandbox shows nobody’s data without a session.',
    file: 'electron/sandbox/portal/site/e-services.ts',
    find: "if (session === null) throw new RequestRefused(401, 'session-unknown');",
    replace:
      "if (session === null) return { idnp: '2500000000010', name: 'x', expiresAt: 4e12 } as SiteSession;",
    tests: ['test/sandbox/portal/schemathesis.test.ts'],
  },
];
