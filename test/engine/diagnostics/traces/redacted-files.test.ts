import { describe, expect, it } from 'vitest';
import { fillFileControl } from '../../../../electron/engine/diagnostics/trace/file-fillers.ts';
import { Filling } from '../../../../electron/engine/diagnostics/trace/filling.ts';
import { redactWords } from '../../../../electron/engine/diagnostics/trace/known-words.ts';
import { RedactedFiles } from '../../../../electron/engine/diagnostics/trace/redacted-files.ts';
import { bytes } from '../../card/scripted-channel.ts';

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();
/** Spaces and line breaks of what is typed here mean nothing. */
const typed = (text: string): string => text.replace(/\s+/g, '');
const redact = (file: number, content: string, files = new RedactedFiles()): string =>
  hex(files.redact(file, bytes(typed(content))));

/** Files and what may stay of them: both typed by hand after ISO 7816-15. */
describe('files in a trace', () => {
  it('EF.DIR: AID and path; the label word by word; other objects empty', () => {
    // 61 { 4F A000000063504B43532D3135, 50 "Card Turcanu", 51 3F005015, 5F50 "x.md" }
    const file = '6129 4F0CA000000063504B43532D3135 500C436172642054757263616E75 51043F005015 5F5004782E6D64';
    expect(redact(0x2f00, file)).toBe(
      typed('6129 4F0CA000000063504B43532D3135 500C4361726420 78787878787878 51043F005015 5F500400000000'),
    );
  });

  it('EF.TokenInfo: versions, flags and algorithms; no serial number, holder or date', () => {
    // SEQUENCE { 0, serial, UTF8 "Oberthur", [0] "eID Ana", flags, [4] holder, [5] date }
    const file = `303A 020100 0408 1122334455667788 0C08 4F62657274687572 8007 65494420416E61
      03020520 8403 416E61 850F 32303235303130313132303030305A`;
    expect(redact(0x5032, file)).toBe(
      typed(`303A 020100 0408 0000000000000000 0C08 4F62657274687572 8007 65494420787878
        03020520 8403 000000 850F 000000000000000000000000000000`),
    );
  });

  const odf = 'A00A300804063F0050154401 A40A300804063F0050154403 A80A300804063F0050154404';

  it('EF.ODF: paths, and which files are directories', () => {
    expect(redact(0x5031, odf)).toBe(typed(odf));
  });

  it('a private key: label, identifiers and paths; no name of its holder, no hash of its key', () => {
    const files = new RedactedFiles();
    files.redact(0x5031, bytes(typed(odf)));
    // { {UTF8 "Ana", flags, authId 01}, {iD 8 bytes, usage, native, reference}, [0]{ {name "Ana"} }, [1]{ {path, 2048} } }
    const key = `303B
      300C 0C03 416E61 030206C0 040101
      3014 0408 A1A2A3A4A5A6A7A8 03020520 0101FF 020102
      A005 3003 1301 41
      A10E 300C 3006 0404 3F005015 02020800`;
    expect(redact(0x4401, key, files)).toBe(
      typed(`303B
        300C 0C03 787878 030206C0 040101
        3014 0408 1D00000000000001 03020520 0101FF 020102
        A005 3003 1301 00
        A10E 300C 3006 0404 3F005015 02020800`),
    );
    // The same identifier in another file has the same name.
    expect(redact(0x4403, '300E 3000 300A 0408 A1A2A3A4A5A6A7A8', files)).toBe(
      typed('300E 3000 300A 0408 1D00000000000001'),
    );
    // A file that EF.ODF does not name is nothing but one object of that length.
    expect(redact(0x4405, '300E 3000 300A 0408 A1A2A3A4A5A6A7A8', files)).toBe(
      typed('300E 0000 0000 0000 0000000000000000'),
    );
  });

  it('what pads a file stays where a list ends by it', () => {
    expect(redact(0x5031, 'A00A300804063F0050154401 00 FF 416E61')).toBe(
      typed('A00A300804063F0050154401 00 FF 000000'),
    );
  });

  it('a broken list stays broken, whatever stood there', () => {
    expect(redact(0x2f00, '6105 4F09 416E61 41')).toBe(typed('6105 3080 000000 30'));
  });

  it.each([
    ['text', '32353030303030303030303130'],
    ['text that begins like an object', '303131323233333435353636'],
    ['one octet string', '04034142 43'],
    ['a compressed certificate', '1F8B0800000000000003'],
  ])('a file that no rule knows, %s: zeros', (_, content) => {
    expect(redact(0x5044, content)).toBe('00'.repeat(typed(content).length / 2));
  });

  it('file control information: sizes, identifiers, AID; nothing proprietary', () => {
    const filling = new Filling(
      bytes(typed('6F1E 8002 00A4 8201 01 8302 4401 8A01 05 8405 A000000063 8503 416E61 A502 4142')),
    );
    fillFileControl(filling);
    expect(hex(filling.bytes)).toBe(
      typed('6F1E 8002 00A4 8201 01 8302 4401 8A01 05 8405 A000000063 8503 000000 A502 0000'),
    );
  });

  it('words of cards stay in a label, names do not', () => {
    const label = (text: string) => Buffer.from(redactWords(Buffer.from(text))).toString();
    expect(label('PIN 1 (Authentication)')).toBe('PIN 1 (Authentication)');
    expect(label('Ana Țurcanu PIN2')).toBe('xxx xxxxxxxx PIN2');
    expect(label('2500000000010')).toBe('xxxxxxxxxxxxx');
    expect(label('4271')).toBe('xxxx');
    expect(label('Semnătură-Ana')).toBe('Semnătură-xxx');
  });
});
