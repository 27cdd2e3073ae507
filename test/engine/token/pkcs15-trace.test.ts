import { describe, expect, it } from 'vitest';
import type { CardChannel } from '../../../electron/engine/card/channel.ts';
import { openToken } from '../../../electron/engine/token/open-token.ts';
import { hexOf } from '../card/scripted-channel.ts';
import { code, deskWith, digestOf, freshCard, pins } from './desk.ts';

/** What goes to a PKCS#15 card, typed from its layout: PINs 01, 02 and PUK 03 in 5015, keys 4B01 and 4B02. */
async function cardAndCommands(card: 'eid' | '2025') {
  const desk = deskWith(await freshCard({ card }));
  const channel: CardChannel = await desk.service.connect('Reader');
  const transmit = channel.transmit.bind(channel);
  const commands: string[] = [];
  channel.transmit = (command) => {
    commands.push(hexOf(command));
    return transmit(command);
  };
  const token = await openToken(channel);
  commands.length = 0;
  return { token, commands };
}

const plain = (commands: readonly string[]): string[] => commands.map((text) => text.replaceAll(' ', ''));

const application = '00A4080C 02 5015';
const digest = digestOf('SHA-256');
const digestInfo = `3031300D060960864801650304020105000420${hexOf(digest)}`;

describe('a PKCS#15 card', () => {
  it('signs with the authentication key: PIN, key file, environment, signature, log-out', async () => {
    const { token, commands } = await cardAndCommands('eid');
    await token.sign('01', { kind: 'rsa-pkcs1', hash: 'SHA-256' }, digest, code(pins.PIN1));
    expect(commands).toEqual(
      plain([
        application,
        '00200001',
        '00200001 08 34323731FFFFFFFF',
        '00A4080C 04 50154B01',
        '002241B6 06 800102 840101',
        `002A9E9A 33 ${digestInfo} 00`,
        '002E0000',
      ]),
    );
  });

  it('signs with the signature key under PIN2', async () => {
    const { token, commands } = await cardAndCommands('eid');
    await token.sign('02', { kind: 'rsa-pkcs1', hash: 'SHA-256' }, digest, code(pins.PIN2));
    expect(commands.slice(1, 5)).toEqual(
      plain([
        '00200002',
        '00200002 08 383336313435FFFF',
        '00A4080C 04 50154B02',
        '002241B6 06 800102 840102',
      ]),
    );
  });

  it('does not read the counter when the user knows about the last try', async () => {
    const { token, commands } = await cardAndCommands('eid');
    await token.verify('PIN1', code(pins.PIN1), { acknowledgeLastTry: true });
    expect(commands).toEqual(plain([application, '00200001 08 34323731FFFFFFFF', '002E0000']));
  });

  it('changes a PIN', async () => {
    const { token, commands } = await cardAndCommands('eid');
    await token.change('PIN2', code(pins.PIN2), code('905317'));
    expect(commands).toEqual(
      plain([application, '00200002', '00240002 10 383336313435FFFF 393035333137FFFF', '002E0000']),
    );
  });

  it('unblocks a PIN with the PUK, whose own counter is looked at', async () => {
    const { token, commands } = await cardAndCommands('eid');
    await token.unblock('PIN1', code(pins.PUK), code('9053'));
    expect(commands).toEqual(
      plain([application, '00200003', '002C0001 10 3730333138323634 39303533FFFFFFFF', '002E0000']),
    );
  });

  it('of 2025 signs with its one key, a digest of 64 bytes cut to 48', async () => {
    const { token, commands } = await cardAndCommands('2025');
    const long = digestOf('SHA-512');
    await token.sign('01', { kind: 'ecdsa', hash: 'SHA-512' }, long, code(pins.PIN2));
    expect(commands).toEqual(
      plain([
        application,
        '00200081',
        '00200081 08 383336313435FFFF',
        '00A4080C 04 50154B01',
        '002241B6 06 800104 840191',
        `002A9E9A 30 ${hexOf(long.subarray(0, 48))} 00`,
        '002E0000',
      ]),
    );
  });
});
