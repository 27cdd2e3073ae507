import { expect, it } from 'vitest';
import { demoChoice } from '../../electron/shell/demo-choice.ts';

it.each([
  [[], { card: 'eid', language: undefined }],
  [['--lang=ru', '--card=2025'], { card: '2025', language: 'ru' }],
  [['--lang', 'en', '--card', 'esteid2018'], { card: 'esteid2018', language: 'en' }],
  [['--settings', '/somewhere', '--lang', 'ro'], { card: 'eid', language: 'ro' }],
])('shows the window with the card and in the language of the demo: %j', (args, choice) => {
  expect(demoChoice(args)).toEqual(choice);
});
