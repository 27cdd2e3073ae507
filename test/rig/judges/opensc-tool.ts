import type { PrivatePcscd } from '../pcscd.ts';
import { askJudgeToAccept, JudgeError } from './judge.ts';

/** The ATR as OpenSC reads it: lower-case hexadecimal. `reader` is a PC/SC reader name. */
export async function openscAtr(pcscd: PrivatePcscd, reader: string): Promise<string> {
  const verdict = await askJudgeToAccept('opensc-tool', ['--reader', reader, '--atr'], { pcscd });
  return verdict.text.trim().replaceAll(':', '').toLowerCase();
}

/** The name of the OpenSC card driver that claims the card. */
export async function openscCardName(pcscd: PrivatePcscd, reader: string): Promise<string> {
  const verdict = await askJudgeToAccept('opensc-tool', ['--reader', reader, '--name'], { pcscd });
  return verdict.text.trim();
}

/** The readers that OpenSC sees, as it prints them. */
export async function openscReaders(pcscd: PrivatePcscd): Promise<string> {
  return (await askJudgeToAccept('opensc-tool', ['--list-readers'], { pcscd })).text;
}

/**
 * Sends command APDUs by `opensc-tool --send-apdu` and returns the responses with their status words.
 * Not for commands that carry a PIN: they would stand on the command line.
 */
export async function openscSend(
  pcscd: PrivatePcscd,
  reader: string,
  commands: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const options = commands.flatMap((command) => ['--send-apdu', Buffer.from(command).toString('hex')]);
  const verdict = await askJudgeToAccept('opensc-tool', ['--reader', reader, ...options], { pcscd });
  const responses = parseResponses(verdict.text);
  if (responses.length !== commands.length) throw new JudgeError(`opensc-tool printed:\n${verdict.text}`);
  return responses;
}

/**
 * `Received (SW1=0x90, SW2=0x00)`, followed by `:` and lines of hexadecimal with an ASCII column when there is
 * data.
 */
function parseResponses(text: string): Uint8Array[] {
  return text
    .split('Received (')
    .slice(1)
    .map((part) => {
      const [first = '', ...lines] = part.split('\n');
      const [, sw1, sw2] = /SW1=0x(..), SW2=0x(..)/.exec(first) ?? [];
      const data = lines
        .map((line) => /^((?:[0-9A-F]{2} ?){1,16})/.exec(line)?.[1] ?? '')
        .join('')
        .replaceAll(' ', '');
      return new Uint8Array(Buffer.from(`${data}${sw1}${sw2}`, 'hex'));
    });
}
