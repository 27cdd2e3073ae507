/** What the command line prints: one JSON document on standard output, or sentences. */
import type { Failure } from '../contract/failures/failure.ts';
import type { Text } from '../contract/text/text.ts';

export class Output {
  readonly json: boolean;
  readonly text: Text;

  constructor(json: boolean, text: Text) {
    this.json = json;
    this.text = text;
  }

  /** The command's result: as JSON, or as the lines that `lines` makes of it. */
  result(value: unknown, lines: () => readonly string[]): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    else this.lines(lines());
  }

  /** One JSON document a line, for a stream of them. */
  record(value: unknown, lines: () => readonly string[]): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
    else this.lines(lines());
  }

  lines(lines: readonly string[]): void {
    if (lines.length > 0) process.stdout.write(`${lines.map(printable).join('\n')}\n`);
  }

  /** A remark for the person at the terminal; never part of the result. */
  note(line: string): void {
    if (!this.json) process.stderr.write(`${printable(line)}\n`);
  }

  /** With `--json` on standard output, else in words on standard error. Returns the exit code. */
  failure(failure: Failure): number {
    const shown = this.text.failure(failure);
    if (this.json) {
      process.stdout.write(`${JSON.stringify({ failure: shown }, null, 2)}\n`);
    } else {
      const lines = [shown.message, shown.cause, ...shown.fix.map((step) => `  • ${step}`)];
      const code = this.text.t('failure.code', {
        code: shown.code,
        owner: this.text.t(`owner.${shown.owner}`),
      });
      process.stderr.write(`${[...lines, code].map(printable).join('\n')}\n`);
    }
    return failure.entry.exit;
  }
}

/** Names of readers and files, and texts of portals and cards, must not act on the terminal. */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}');
}
