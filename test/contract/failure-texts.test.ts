import { describe, expect, it } from 'vitest';
import { type FailureCode, failureCodes } from '../../electron/contract/failures/catalogue.ts';
import { Failure, type FailureParameters } from '../../electron/contract/failures/failure.ts';
import { languages } from '../../electron/contract/text/languages.ts';
import { createText } from '../../electron/contract/text/text.ts';

/**
 * What goes with each code wherever it is raised: the sentences may name these values and no others. A code that
 * is not here is told without values.
 */
const passed: { readonly [Code in FailureCode]?: FailureParameters } = {
  'native-missing': { file: 'addon.node' },
  'module-missing': { file: 'module.so' },
  'module-invalid': { file: 'module.so' },
  'module-changed': { file: 'module.so' },
  'module-refused': { file: 'module.so' },
  'module-crashed': { file: 'module.so' },
  'module-timeout': { file: 'module.so' },
  'module-answer-invalid': { file: 'module.so' },
  'module-host-missing': { file: 'buletin-module-host' },
  'reader-unknown-name': { reader: 'Reader 1' },
  'pin-wrong': { pin: 'PIN1' },
  'pin-blocked': { pin: 'PIN1' },
  'puk-wrong': { pin: 'PUK' },
  'puk-blocked': { pin: 'PUK' },
  'pin-length': { pin: 'PIN2', min: 6, max: 6 },
  'pin-not-digits': { pin: 'PIN1' },
  'pin-trivial': { pin: 'PIN1' },
  'pin-same': { pin: 'PIN1' },
  'pin-new-refused': { pin: 'PIN1' },
  'pin-mismatch': { pin: 'PIN1' },
  'pin-change-first': { pin: 'PIN2' },
  'pin-last-try': { pin: 'PIN2' },
  'pin-unknown-name': { pin: 'PIN1' },
  'pin-no-terminal': { pin: 'PIN1' },
  'pin-not-changeable': { pin: 'PIN1' },
  'digest-length': { length: 20 },
  'provider-not-trusted': { host: 'a.example', expected: 'b.example' },
  'portal-unreachable': { host: 'a.example' },
  'portal-timeout': { host: 'a.example' },
  'portal-disconnected': { host: 'a.example' },
  'portal-answer-invalid': { host: 'a.example', field: 'items.0.number' },
  'portal-answer-too-large': { host: 'a.example' },
  'portal-redirect-refused': { host: 'a.example' },
  'portal-refused': { host: 'a.example', status: 403 },
  'portal-fault': { host: 'a.example', status: 503 },
  'login-refused': { reason: 'SignatureInvalid' },
  'portal-unknown': { portal: 'https://portal.example' },
  'saml-refused': { host: 'portal.example', reason: 'expired' },
  'certificate-revoked': { host: 'portal.example' },
  'certificate-suspended': { host: 'portal.example' },
  'registration-needed': { host: 'portal.example' },
  'login-expired': { host: 'a.example' },
  usage: { argument: '--jsno' },
  'sandbox-unknown-card': { card: 'eid:none' },
  'settings-invalid': { path: 'settings.json', field: 'portal' },
  'doctor-code-invalid': { reason: 'check' },
  'doctor-fix-failed': { reason: 'EACCES' },
  'trace-invalid': { file: 'trace.json', field: 'cards' },
  'trace-mismatch': { command: '00A40400' },
  'agent-foreign': { path: 'agent.sock' },
  'input-unreadable': { path: 'a.pdf' },
  'input-changed': { path: 'a.pdf' },
  'output-exists': { path: 'a.signed.pdf' },
  'output-not-writable': { path: 'a.signed.pdf' },
  'disk-full': { path: 'a.signed.pdf' },
  'save-failed': { name: 'a.csv' },
  'pdf-broken': { reason: 'xref' },
  'pdf-field-unusable': { field: 'Signature1' },
};

const say = (language: (typeof languages)[number], code: FailureCode, triesLeft?: number) =>
  createText(language).failure(
    new Failure(code, {
      parameters: passed[code] ?? {},
      ...(triesLeft === undefined ? {} : { triesLeft }),
    }),
  );

describe('the sentences of failures', () => {
  it.each(languages)('need no value that is not passed (%s)', (language) => {
    const unsaid = failureCodes.filter((code) => {
      const { message, cause, fix } = say(language, code);
      // A sentence that lacks a value is replaced by the bare code.
      return [message, cause, ...fix].some((sentence) => sentence === code || /[{}]/.test(sentence));
    });
    expect(unsaid).toEqual([]);
  });

  it.each(languages)('end as sentences do, without exclamation (%s)', (language) => {
    const odd = failureCodes.flatMap((code) => {
      const { message, cause, fix } = say(language, code);
      const steps = fix.filter((step) => !/: (?:sudo|npm|gpgconf|chmod|buletin) /.test(step));
      return [message, cause, ...steps].filter(
        (sentence) => !/[^\s][.)]$/.test(sentence) || /!/.test(sentence),
      );
    });
    expect(odd).toEqual([]);
  });

  it('count the tries left as each language counts', () => {
    const message = (language: (typeof languages)[number], triesLeft?: number) =>
      say(language, 'pin-wrong', triesLeft).message;
    expect([undefined, 0, 1, 2, 19, 20].map((tries) => message('ro', tries))).toEqual([
      'PIN1 nu este corect.',
      'PIN1 nu este corect și s-a blocat.',
      'PIN1 nu este corect: mai aveți o singură încercare.',
      'PIN1 nu este corect: mai aveți 2 încercări.',
      'PIN1 nu este corect: mai aveți 19 încercări.',
      'PIN1 nu este corect: mai aveți 20 de încercări.',
    ]);
    expect([undefined, 0, 1, 2, 5, 21, 22].map((tries) => message('ru', tries))).toEqual([
      'PIN1 неверен.',
      'PIN1 неверен и теперь заблокирован.',
      'PIN1 неверен: осталась одна попытка.',
      'PIN1 неверен: осталось 2 попытки.',
      'PIN1 неверен: осталось 5 попыток.',
      'PIN1 неверен: осталась 21 попытка.',
      'PIN1 неверен: осталось 22 попытки.',
    ]);
    expect([undefined, 0, 1, 2].map((tries) => message('en', tries))).toEqual([
      'PIN1 is not correct.',
      'PIN1 is not correct and is now blocked.',
      'PIN1 is not correct: one try is left.',
      'PIN1 is not correct: 2 tries are left.',
    ]);
  });

  it('do not say how many tries are left when the card did not', () => {
    expect(say('ro', 'pin-wrong').cause).toContain('Cardul nu spune câte încercări au rămas.');
    expect(say('ru', 'puk-wrong').cause).toContain('Сколько попыток осталось, карта не сообщает.');
    expect(say('en', 'puk-wrong').cause).toContain('The card does not say how many tries are left.');
  });

  it('promise that no try was spent only where the card cannot have seen the code', () => {
    const promising = failureCodes.filter((code) =>
      /no try was spent|the try was not spent/.test(say('en', code).cause),
    );
    expect(promising.sort()).toEqual([
      'challenge-refused',
      'pin-cancelled',
      'pin-envelope-invalid',
      'pin-last-try',
      'pin-mismatch',
      'pin-not-digits',
      'pin-trivial',
    ]);
  });
});
