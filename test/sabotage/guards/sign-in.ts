import type { Guard } from '../guard.ts';

const login = 'electron/engine/portal/login.ts';
const loginTests = ['test/engine/portal/login.test.ts'];
const faultTests = ['test/engine/portal/portal-faults.test.ts'];

/** A sign-in: where its forms go, what is signed once, and whose session it becomes. */
export const signInGuards: readonly Guard[] = [
  {
    id: 'form-origin',
    protects: 'A sign-in’s forms go to the site and the provider of the settings, and to nobody else.',
    file: 'electron/engine/portal/mpass-forms.ts',
    find: 'if (action.origin !== base.origin ||',
    replace: 'if (false && action.origin !== base.origin ||',
    tests: faultTests,
  },
  {
    id: 'fresh-cookies',
    protects: 'Every sign-in is proved by the card: no session that the provider remembers stands in for it.',
    file: 'electron/engine/portal/mpass-forms.ts',
    find: "if (form === undefined || form.method !== 'POST') throw missing(hostOf(at), `method=",
    replace:
      'if (form === undefined) return readForms(page, new URL(at))[0] as HtmlForm;\n  if (false) throw missing(hostOf(at), `method=',
    tests: faultTests,
  },
  {
    id: 'answered-once',
    protects: 'A challenge that was answered is never answered again.',
    file: login,
    find: "    secret.answered = true;\n    const reply = { status: 'Success'",
    replace: "    const reply = { status: 'Success'",
    tests: loginTests,
  },
  {
    id: 'own-session',
    protects: 'A session of somebody else is closed, not shown.',
    file: login,
    find: 'if (session.holder.idnp !== maskIdnp(idnp)) {',
    replace: 'if (false) {',
    tests: faultTests,
  },
  {
    id: 'certificate-in-time',
    protects: 'Nobody is asked for a PIN for a certificate that has expired.',
    file: 'electron/engine/portal/login-certificate.ts',
    find: '  checkValidity(certificate.x509, now);\n',
    replace: '',
    tests: ['test/engine/portal/login-certificate.test.ts'],
  },
  {
    id: 'login-cookie',
    protects: 'A Response that somebody else’s sign-in brought puts nobody into their session.',
    file: 'electron/sandbox/portal/site/sign-in.ts',
    find: 'if (login === null || login.relayState !== RelayState)',
    replace: 'if (login === null)',
    tests: ['test/sandbox/portal/identity-provider.test.ts'],
  },
  {
    id: 'certificate-status',
    protects: 'The provider believes no certificate that its authority has revoked.',
    file: 'electron/sandbox/portal/provider/answer-judge.ts',
    find: "if (status !== 'good') return",
    replace: 'if (false as boolean) return',
    tests: ['test/cli/portal.test.ts'],
  },
  {
    id: 'expected-user',
    protects: 'Who gave an IDNP signs in with the card of that person only.',
    file: 'electron/sandbox/portal/provider/answer-judge.ts',
    find: 'if (issued.userId !== undefined && issued.userId !== idnp)',
    replace: 'if (false)',
    tests: ['test/sandbox/portal/identity-provider.test.ts'],
  },
  {
    id: 'single-logout',
    protects: 'Signing out at the provider ends the session at the site.',
    file: 'electron/sandbox/portal/site/sign-in.ts',
    find: '    store.endSessionsOf(request.nameId, request.sessionIndexes);\n',
    replace: '',
    tests: ['test/engine/agent/wiping.test.ts'],
  },
  {
    id: 'portal-by-settings',
    protects: 'An address on the command line is no portal: provider and trust come from the settings.',
    file: 'electron/engine/portal/settings.ts',
    find: '    return wanted?.origin === url.origin &&',
    replace: '    return true ||',
    tests: ['test/engine/portal/settings.test.ts'],
  },
];
