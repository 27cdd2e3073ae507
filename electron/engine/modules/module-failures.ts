/** What the answers of a PKCS#11 module (`CK_RV`, PKCS #11 2.40, 5.1) mean for the user. */
import { Failure, type FailureDetails } from '../../contract/failures/failure.ts';
import type { PinName } from '../token/identity-token.ts';
import { HostLost, HostTrouble, ModuleUnusable } from './host-process.ts';

/** What was being done, and with which PIN. */
export interface Act {
  readonly kind: 'read' | 'verify' | 'change' | 'unblock' | 'sign';
  /** The PIN whose try was at stake. */
  readonly pin?: PinName;
  readonly length?: { readonly min: number; readonly max: number };
}

/** `CKR_…` that mean something of their own. */
const code = {
  cancel: 0x01,
  slotIdInvalid: 0x03,
  deviceRemoved: 0x32,
  functionCanceled: 0x50,
  functionNotSupported: 0x54,
  keyHandleInvalid: 0x60,
  keyFunctionNotPermitted: 0x68,
  mechanismInvalid: 0x70,
  mechanismParamInvalid: 0x71,
  pinIncorrect: 0xa0,
  pinInvalid: 0xa1,
  pinLenRange: 0xa2,
  pinExpired: 0xa3,
  pinLocked: 0xa4,
  sessionHandleInvalid: 0xb3,
  sessionReadOnly: 0xb5,
  tokenNotPresent: 0xe0,
  tokenNotRecognized: 0xe1,
  tokenWriteProtected: 0xe2,
  functionRejected: 0x200,
} as const;

/** Calls that carry a PIN: when one ends with an unclear code, so does the try. */
const pinFunctions = ['C_Login', 'C_SetPIN', 'C_InitPIN'];
/** The module or the reader broke off (host memory, general error, function failed, device error, memory, removed). */
const unclear = [0x02, 0x05, 0x06, 0x30, 0x31, code.deviceRemoved, code.tokenNotPresent] as readonly number[];

/**
 * What a call that failed tells the user.
 * @param file name of the module's file, for the sentences
 */
export function callFailure(error: unknown, act: Act, file: string): unknown {
  if (error instanceof HostLost) return lossFailure(error, act, file);
  if (error instanceof ModuleUnusable) {
    const details = { parameters: { file }, detail: error.message };
    return new Failure(error.reason === 'initialize' ? 'module-refused' : 'module-invalid', details);
  }
  if (!(error instanceof HostTrouble)) return error;
  const { trouble } = error;
  switch (trouble.kind) {
    case 'code':
      return codeFailure(error, trouble, act);
    case 'answer':
      return new Failure('module-answer-invalid', {
        parameters: { file },
        detail: `${trouble.function}: ${trouble.what}`,
      });
    case 'changed':
      return new Failure('card-changed', { detail: 'another token lies in the slot' });
    case 'key':
      return new Failure('card-no-such-key');
    default:
      return new Failure('internal', { detail: `module host: ${error.message}` });
  }
}

function lossFailure(lost: HostLost, act: Act, file: string): Failure {
  const codes = {
    crashed: 'module-crashed',
    timeout: 'module-timeout',
    garbage: 'module-answer-invalid',
  } as const;
  const loss = new Failure(codes[lost.loss], { parameters: { file }, detail: lost.message });
  if (!lost.presenting) return loss;
  return new Failure('pin-outcome-unknown', { parameters: { pin: act.pin ?? 'PIN1' }, cause: loss });
}

function codeFailure(
  { token }: HostTrouble,
  trouble: { readonly function: string; readonly code: number },
  act: Act,
): Failure {
  const { pin = 'PIN1', length } = act;
  const isPuk = pin === 'PUK';
  const detail = `${trouble.function}: CKR 0x${trouble.code.toString(16).toUpperCase()}`;
  const details: FailureDetails = { parameters: { pin }, detail };
  const newPin = trouble.function === 'C_SetPIN' || trouble.function === 'C_InitPIN';
  switch (trouble.code) {
    case code.pinIncorrect: {
      const flags = isPuk ? token?.securityOfficer : token?.pin;
      if (flags?.locked) break;
      return new Failure(isPuk ? 'puk-wrong' : 'pin-wrong', {
        ...details,
        ...(flags?.finalTry ? { triesLeft: 1 } : {}),
      });
    }
    case code.pinLocked:
      break;
    case code.pinInvalid:
      return new Failure(newPin ? 'pin-new-refused' : 'pin-not-digits', details);
    case code.pinLenRange:
      return newPin
        ? new Failure('pin-new-refused', details)
        : new Failure('pin-length', {
            parameters: { pin, min: length?.min ?? 1, max: length?.max ?? 1 },
            detail,
          });
    case code.pinExpired:
      return new Failure('pin-change-first', details);
    case code.cancel:
    case code.functionCanceled:
    case code.functionRejected:
      return new Failure('pin-cancelled', details);
    case code.functionNotSupported:
    case code.tokenWriteProtected:
    case code.sessionReadOnly:
      if (act.kind === 'change') return new Failure('pin-not-changeable', details);
      if (act.kind === 'unblock') return new Failure('pin-not-unblockable', details);
      return new Failure('card-refused', { detail });
    case code.mechanismInvalid:
    case code.mechanismParamInvalid:
      return new Failure('algorithm-unsupported', { detail });
    case code.keyHandleInvalid:
    case code.keyFunctionNotPermitted:
      return new Failure('card-no-such-key', { detail });
    default:
      if (pinFunctions.includes(trouble.function) && unclear.includes(trouble.code)) {
        return new Failure('pin-outcome-unknown', {
          ...details,
          cause: new Failure('card-removed', { detail }),
        });
      }
      return otherFailure(trouble.code, detail);
  }
  return new Failure(isPuk ? 'puk-blocked' : 'pin-blocked', { ...details, triesLeft: 0 });
}

function otherFailure(returned: number, detail: string): Failure {
  switch (returned) {
    case code.deviceRemoved:
    case code.tokenNotPresent:
    case code.slotIdInvalid:
    case code.sessionHandleInvalid:
      return new Failure('card-removed', { detail });
    case code.tokenNotRecognized:
      return new Failure('card-unknown', { detail });
    default:
      return new Failure('card-refused', { detail });
  }
}
