import type { CardState, CommandHandler } from '../kernel/card.ts';
import type { CommandApdu } from '../kernel/command-apdu.ts';
import { type CardFile, type DedicatedFile, fileTemplate } from '../kernel/files.ts';
import { answer, refuse, Sw } from '../kernel/status-word.ts';

/**
 * SELECT (ISO 7816-4 clause 11.2.2): by file identifier, child, parent, DF name (whole or its beginning, first or
 * next occurrence) and path; answers FCI, FCP or nothing.
 * @param onApplication called when a DF was selected by its name.
 */
export function selectCommand(
  onApplication?: (application: DedicatedFile, card: CardState) => void,
): CommandHandler {
  return (command, card) => {
    const template = { 0: 0x6f, 4: 0x62, 12: undefined }[command.p2 & ~0x03] as 0x6f | 0x62 | undefined;
    const wanted = [0x00, 0x04, 0x0c].includes(command.p2 & ~0x03);
    const occurrence = command.p2 & 0x03;
    if (!wanted || (occurrence !== 0 && !(occurrence === 2 && command.p1 === 0x04))) {
      refuse(Sw.wrongParameters);
    }
    const file = find(command, card, occurrence === 2 ? 'next' : 'first') ?? refuse(Sw.fileNotFound);
    card.enter(file);
    if (command.p1 === 0x04 && file.kind === 'dedicated') onApplication?.(file, card);
    return answer(template === undefined ? undefined : fileTemplate(file, template));
  };
}

function find(command: CommandApdu, card: CardState, occurrence: 'first' | 'next'): CardFile | undefined {
  const { selection } = card;
  const { data } = command;
  switch (command.p1) {
    case 0x00:
      return data.length === 0 ? selection.byIdentifier(0x3f00) : selection.byIdentifier(identifier(data));
    case 0x01:
      return selection.child(identifier(data), 'dedicated');
    case 0x02:
      return selection.child(identifier(data), 'elementary');
    case 0x03:
      if (data.length > 0) refuse(Sw.wrongLength);
      return selection.parent();
    case 0x04:
      if (data.length === 0 || data.length > 16) refuse(Sw.wrongLength);
      return selection.byName(data, occurrence);
    case 0x08:
      return selection.byPath(data, 'mf');
    case 0x09:
      return selection.byPath(data, 'current');
    default:
      return refuse(Sw.wrongParameters);
  }
}

function identifier(data: Uint8Array): number {
  const [high, low] = data;
  if (data.length !== 2 || high === undefined || low === undefined) return refuse(Sw.wrongLength);
  return (high << 8) | low;
}
