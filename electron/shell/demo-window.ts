/** What can be shown after the demo's words: the window itself, or pictures of it. */
import { chooseLanguage } from '../contract/text/languages.ts';
import { createText } from '../contract/text/text.ts';
import { demoChoice } from './demo-choice.ts';
import { demoPictures } from './demo-pictures.ts';
import { start } from './start-window.ts';

/** Never throws: the demo itself is done. A window that cannot open is told of, and is no failure of the demo. */
export async function showDemo(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const choice = demoChoice(args);
  const display = environment.DISPLAY ?? environment.WAYLAND_DISPLAY;
  if (process.platform === 'linux' && !display) return demoPictures(choice);
  const { t } = createText(chooseLanguage(choice.language, environment));
  console.log(`\n${t('demo.window')}`);
  await start([
    `--sandbox=${choice.card}`,
    ...(choice.language === undefined ? [] : [`--lang=${choice.language}`]),
  ]);
}
