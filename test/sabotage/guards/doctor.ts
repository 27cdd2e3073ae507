import type { Guard } from '../guard.ts';

/** What keeps the doctor from doing harm and from telling lies. */
export const doctorGuards: readonly Guard[] = [
  {
    id: 'doctor-fix-shown',
    protects: 'Nothing is changed but what the person was shown.',
    file: 'electron/engine/diagnostics/doctor/doctor.ts',
    find: "fix.lines.join('\\n') !== lines.join('\\n')",
    replace: 'lines.length === 0',
    tests: ['test/engine/diagnostics/doctor/runner.test.ts'],
  },
  {
    id: 'doctor-parameters-declared',
    protects: 'A finding names nothing that its cause does not declare.',
    file: 'electron/engine/diagnostics/doctor/runner.ts',
    find: 'for (const name of declared) {',
    replace: 'for (const name of Object.keys(parameters) as (keyof CauseParameters)[]) {',
    tests: ['test/engine/diagnostics/doctor/runner.test.ts'],
  },
  {
    id: 'doctor-terminal',
    protects: 'Names of readers and programs do not act on a terminal.',
    file: 'electron/engine/diagnostics/doctor/runner.ts',
    find: "value.replace(/[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069]/gu, '\\u{fffd}')",
    replace: 'value',
    tests: ['test/engine/diagnostics/doctor/runner.test.ts'],
  },
  {
    id: 'short-code-check',
    protects: 'A short code that was misheard is not explained as another one.',
    file: 'electron/contract/diagnostics/short-code.ts',
    find: 'if (weighted(symbols) !== power(symbols.length)) ',
    replace: 'if (symbols.length === 0) ',
    tests: ['test/contract/diagnostics/short-code.test.ts'],
  },
  {
    id: 'doctor-ocsp-signature',
    protects: 'What a responder says of a certificate is signed by its authority.',
    file: 'electron/engine/diagnostics/network/revocation.ts',
    find: 'const responder = signerOf(basic, responseBytes.response.buffer, issuer);',
    replace: 'const responder = signerOf(basic, responseBytes.response.buffer, issuer) ?? issuer;',
    tests: ['test/faults/doctor.test.ts'],
  },
];
