import { randomBytes } from 'node:crypto';
import type { CardState, CommandHandler } from '../kernel/card.ts';
import type { CommandApdu } from '../kernel/command-apdu.ts';
import { answer, refuse, Sw } from '../kernel/status-word.ts';

/** GET DATA (ISO 7816-4 clause 11.4.3); `find` gives the data object or undefined (6A88). */
export function getDataCommand(
  find: (command: CommandApdu, card: CardState) => Uint8Array | undefined,
): CommandHandler {
  return (command, card) => answer(find(command, card) ?? refuse(Sw.referenceNotFound));
}

/** GET CHALLENGE (clause 11.5.3): as many random bytes as asked for, at most 256. */
export const getChallengeCommand: CommandHandler = (command) => {
  if (command.p1 !== 0x00 || command.p2 !== 0x00) refuse(Sw.wrongParameters);
  if (command.data.length > 0 || command.ne === 0) refuse(Sw.wrongLength);
  return answer(Uint8Array.from(randomBytes(Math.min(command.ne, 256))));
};
