import type { CommandHandler } from '../kernel/card.ts';
import { answer, refuse, Sw } from '../kernel/status-word.ts';

/**
 * READ BINARY, even instruction (ISO 7816-4 clause 11.3.3): offset up to 32,767 in the current EF, or up to 255
 * in the EF named by a short identifier. Fewer bytes than asked for by an exact Le come with 6282.
 */
export const readBinaryCommand: CommandHandler = (command, card) => {
  if (command.data.length > 0 || command.ne === 0) refuse(Sw.wrongLength);
  const byShortId = (command.p1 & 0x80) !== 0;
  if (byShortId) {
    if ((command.p1 & 0x60) !== 0) refuse(Sw.wrongParameters);
    const shortId = command.p1 & 0x1f;
    card.enter(card.selection.byShortIdentifier(shortId) ?? refuse(Sw.fileNotFound));
  }
  const file = card.selection.ef ?? refuse(Sw.noCurrentFile);
  if (file.kind === 'internal') refuse(Sw.notForThisFile);
  const offset = byShortId ? command.p2 : (command.p1 << 8) | command.p2;
  const content = file.content();
  if (offset >= content.length) refuse(Sw.wrongOffset);
  const data = content.subarray(offset, offset + Math.min(command.ne, card.responseLimit));
  const everything = command.ne === (command.extended ? 65_536 : 256);
  const short = data.length < Math.min(command.ne, card.responseLimit);
  return answer(data, short && !everything ? Sw.endOfFile : Sw.ok);
};
