import { Failure } from '../../contract/failures/failure.ts';
import type { PinNotAccepted } from '../card/profiles/step-runner.ts';
import { refusedByCard } from '../card/status-word.ts';
import type { ModelPin } from './token-model.ts';

const commands = {
  verify: 'VERIFY',
  change: 'CHANGE REFERENCE DATA',
  unblock: 'RESET RETRY COUNTER',
} as const;

/**
 * What it means for the user that the card did not accept a PIN.
 *
 * @param presented The PIN whose try was at stake: the PUK while unblocking, else the PIN itself.
 * @param accepted Whether the card had accepted it, and refused the new PIN that followed.
 */
export function refusal({ verb, result }: PinNotAccepted, presented: ModelPin, accepted: boolean): Failure {
  const isPuk = presented.name === 'PUK';
  const parameters = { pin: presented.name ?? presented.label };
  const triesLeft = result.triesLeft === undefined ? {} : { triesLeft: result.triesLeft };
  if (accepted && result.verdict !== 'length') return refusedByCard(result.sw, commands[verb]);
  switch (result.verdict) {
    case 'wrong':
      return new Failure(isPuk ? 'puk-wrong' : 'pin-wrong', { parameters, ...triesLeft });
    case 'blocked':
      return new Failure(isPuk ? 'puk-blocked' : 'pin-blocked', { parameters, triesLeft: 0 });
    case 'length':
      // The lengths were checked before; a card that still minds the data has rules of its own for new PINs.
      return verb === 'verify'
        ? new Failure('pin-length', { parameters: { ...parameters, ...presented.length } })
        : new Failure('pin-new-refused', { parameters });
    case 'not-usable':
      // A PIN in its transport state may be changed, not verified.
      return verb === 'verify' && !isPuk
        ? new Failure('pin-change-first', { parameters })
        : refusedByCard(result.sw, commands[verb]);
    default:
      return refusedByCard(result.sw, commands[verb]);
  }
}
