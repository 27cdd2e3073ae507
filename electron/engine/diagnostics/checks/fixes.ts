/** Ways of putting things right. */
import type { FindingFix } from '../../../contract/diagnostics/finding.ts';

/** Commands for the administrator, which the program can run itself where the desktop asks for the password. */
export function byAdministrator(...commands: readonly string[]): FindingFix {
  return {
    kind: 'command',
    lines: commands.map((command) => `sudo ${command}`),
    needsAdministrator: true,
    byApp: true,
  };
}

/** Commands that a person runs. */
export function byPerson(...lines: readonly string[]): FindingFix {
  return { kind: 'command', lines: [...lines], needsAdministrator: true, byApp: false };
}
