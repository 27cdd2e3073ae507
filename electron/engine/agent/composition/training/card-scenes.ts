/** Failures of service, reader and card. */

import { InProcessReaderService } from '../../../readers/in-process.ts';
import type { IdentityToken } from '../../../token/identity-token.ts';
import { openToken } from '../../../token/open-token.ts';
import { signDigest } from '../../pin-operations.ts';
import { bankCard, muteCard } from './other-cards.ts';
import type { Scenes } from './scenes.ts';
import type { Stage } from './stage.ts';

const service =
  (state: 'absent' | 'stopped' | 'refused') =>
  async (stage: Stage): Promise<unknown> => {
    stage.did('service-away');
    stage.service.setServiceState(state);
    return stage.card();
  };

/** A card that has been read over a channel of its own. */
async function opened(stage: Stage, spec: string): Promise<IdentityToken> {
  await stage.insert(spec);
  const token = await openToken(await stage.service.connect(stage.reader.name));
  stage.onEnd(() => token.close());
  return token;
}

const sha256 = '11'.repeat(32);

export const cardScenes: Scenes = {
  'service-absent': service('absent'),
  'service-stopped': service('stopped'),
  'service-refused': service('refused'),
  'reader-none': (stage) => {
    stage.did('no-reader');
    stage.service.unplug(stage.reader.name);
    return stage.card();
  },
  'reader-unknown-name': (stage) => {
    stage.did('reader-unplugged');
    return stage.card('Buletin Simulated Reader 2');
  },
  'reader-removed': async (stage) => {
    const token = await opened(stage, '2025');
    stage.did('reader-unplugged');
    stage.service.unplug(stage.reader.name);
    return token.pins();
  },
  'reader-busy': async (stage) => {
    await stage.insert('2025');
    const other = new InProcessReaderService([stage.reader]);
    stage.did('reader-held-by-other-program');
    await other.connect(stage.reader.name, { share: 'exclusive' });
    stage.onEnd(() => other.close());
    return stage.card();
  },
  'reader-held': async (stage) => {
    await stage.insert('2025');
    const other = new InProcessReaderService([stage.reader]);
    const channel = await other.connect(stage.reader.name);
    stage.did('reader-held-by-other-program');
    let letGo = (): void => undefined;
    const held = channel.transaction(
      () =>
        new Promise<void>((resolve) => {
          letGo = resolve;
        }),
    );
    stage.onEnd(async () => {
      letGo();
      await held;
      await other.close();
    });
    return stage.service.connect(stage.reader.name);
  },
  'card-absent': (stage) => {
    stage.did('reader-without-card');
    return stage.card();
  },
  'card-removed': async (stage) => {
    const token = await opened(stage, '2025');
    stage.did('card-pulled');
    stage.reader.remove();
    return token.pins();
  },
  'card-changed': async (stage) => {
    const token = await opened(stage, '2025');
    stage.did('card-reset-by-other-program');
    const other = await stage.service.connect(stage.reader.name);
    await other.close('reset');
    return token.pins();
  },
  'card-mute': (stage) => {
    stage.did('card-upside-down');
    stage.reader.insert(muteCard());
    return stage.card();
  },
  'card-unknown': (stage) => {
    stage.did('other-card-in');
    stage.reader.insert(bankCard());
    return stage.card();
  },
  'card-malformed': async (stage) => {
    // Every file reads as a list whose end is missing.
    await stage.insertChanged('eid', (command, answer) =>
      command[1] === 0xb0 ? Uint8Array.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x90, 0x00) : answer,
    );
    return stage.card();
  },
  'card-refused': async (stage) => {
    await stage.insertChanged('2025', (command, answer) =>
      command[1] === 0x2a ? Uint8Array.of(0x69, 0x81) : answer,
    );
    stage.did('pin-right');
    return signDigest(stage.services, stage.context, { pin: 'PIN2', digest: sha256 });
  },
  'card-no-certificate': async (stage) => {
    await stage.insert('2025:no-certificate');
    stage.did('sign-document');
    return signDigest(stage.services, stage.context, { pin: 'PIN2', digest: sha256 });
  },
  'card-no-such-key': async (stage) => {
    await stage.insert('2025');
    stage.did('sign-document');
    return signDigest(stage.services, stage.context, { pin: 'PIN1', digest: sha256 });
  },
  'digest-length': async (stage) => {
    await stage.insert('2025');
    stage.did('document-unfit');
    return signDigest(stage.services, stage.context, { pin: 'PIN2', digest: '11'.repeat(20) });
  },
  'signature-invalid': async (stage) => {
    // The signature's last byte is another one.
    await stage.insertChanged('2025', (command, answer) => {
      if (command[1] !== 0x2a || answer.length < 20) return answer;
      const changed = Uint8Array.from(answer);
      const at = answer.length - 3;
      changed[at] = (changed[at] as number) ^ 0x01;
      return changed;
    });
    stage.did('pin-right');
    return signDigest(stage.services, stage.context, { pin: 'PIN2', digest: sha256 });
  },
  cancelled: async (stage) => {
    await stage.insert('2025');
    stage.giveUp();
    stage.did('pin-cancelled');
    return stage.service.connect(stage.reader.name, { signal: stage.context.signal });
  },
};
