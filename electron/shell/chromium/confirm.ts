/** A question in a dialog of the desktop: the browser's own would be the page's. */
import { execFile } from 'node:child_process';
import type { Question } from '../pages/shell-services.ts';
import { onPath } from './on-path.ts';

interface Dialog {
  readonly command: string;
  arguments(question: Question): string[];
}

const text = ({ message, lines }: Question): string => `${message}\n\n${lines.join('\n')}`;

/** Each ends with 0 for yes. What is asked is text: markup in it stays visible. */
const dialogs: readonly Dialog[] = [
  {
    command: 'zenity',
    arguments: (question) => [
      ...['--question', '--no-markup', '--default-cancel', '--width=480', `--title=${question.title}`],
      ...[`--text=${text(question)}`, `--ok-label=${question.yes}`, `--cancel-label=${question.no}`],
    ],
  },
  {
    command: 'kdialog',
    arguments: (question) => [
      ...['--title', question.title, '--yes-label', question.yes, '--no-label', question.no],
      ...['--warningyesno', text(question)],
    ],
  },
];

/** Asks with the desktop's dialog. @returns null where there is none: nothing is agreed to unseen */
export async function confirmWithDialog(
  question: Question,
  signal: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<boolean | null> {
  const display = environment.DISPLAY || environment.WAYLAND_DISPLAY;
  const dialog = display ? dialogs.find(({ command }) => onPath(command, environment)) : undefined;
  if (!dialog) return null;
  return new Promise((resolve) => {
    execFile(dialog.command, dialog.arguments(question), { signal, env: environment }, (error) =>
      resolve(error === null),
    );
  });
}
