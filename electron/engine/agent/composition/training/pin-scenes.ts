/** Failures of PINs and PUK. */
import type { DemonstrationAction } from '../../../../contract/diagnostics/training.ts';
import { changePin, unblockPin, verifyPin } from '../../pin-operations.ts';
import type { Scene, Scenes } from './scenes.ts';
import type { Answer, Stage } from './stage.ts';

interface Entry {
  readonly card?: string;
  readonly pin?: 'PIN1' | 'PIN2';
  readonly answers?: readonly Answer[];
  readonly action: DemonstrationAction;
}

const doing =
  (work: typeof verifyPin) =>
  ({ card = 'esteid2018', pin = 'PIN1', answers = [], action }: Entry): Scene =>
  async (stage) => {
    await stage.insert(card);
    stage.answers.push(...answers);
    stage.did(action);
    return work(stage.services, stage.context, { pin });
  };
const verify = doing(verifyPin);
const change = doing(changePin);
const unblock = doing(unblockPin);

const right = '4271';

export const pinScenes: Scenes = {
  'pin-wrong': verify({ answers: ['9053'], action: 'pin-wrong' }),
  'pin-blocked': verify({ card: 'esteid2018:pin1-blocked', action: 'pin-right' }),
  'puk-wrong': unblock({ answers: ['11223344', '9053'], action: 'puk-wrong' }),
  'puk-blocked': unblock({ card: 'esteid2018:puk-blocked', action: 'puk-wrong' }),
  'pin-length': verify({ answers: ['42'], action: 'pin-unfit' }),
  'pin-not-digits': verify({ answers: ['42x1'], action: 'pin-unfit' }),
  'pin-trivial': change({ answers: [right, '1111'], action: 'new-pin-unfit' }),
  'pin-same': change({ answers: [right, right], action: 'new-pin-unfit' }),
  'pin-cancelled': verify({ answers: ['cancel'], action: 'pin-cancelled' }),
  'pin-envelope-invalid': verify({ answers: ['broken'], action: 'pin-right' }),
  'pin-change-first': verify({ card: 'eid:change-first', action: 'pin-right' }),
  'pin-unknown-name': verify({ card: '2025', action: 'pin-right' }),
  'pin-last-try': (stage) => {
    stage.takesLastTry = false;
    return verify({ card: 'esteid2018:last-try', action: 'pin-right' })(stage);
  },
  'pin-new-refused': async (stage) => {
    await stage.insertChanged('esteid2018', (command, answer) =>
      command[1] === 0x24 ? Uint8Array.of(0x6a, 0x80) : answer,
    );
    stage.answers.push(right, '9053');
    stage.did('new-pin-unfit');
    return changePin(stage.services, stage.context, { pin: 'PIN1' });
  },
  'pin-outcome-unknown': async (stage) => {
    await pulledDuringVerify(stage);
    stage.did('pin-right', 'card-pulled');
    return verifyPin(stage.services, stage.context, { pin: 'PIN1' });
  },
};

/** A card that is pulled when it has the PIN, before its answer is there. */
async function pulledDuringVerify(stage: Stage): Promise<void> {
  await stage.insertChanged('esteid2018', (command, answer) => {
    if (command[1] === 0x20 && command.length > 5) stage.reader.remove();
    return answer;
  });
}
