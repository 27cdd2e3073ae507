import '../styles/all.css';
import '../styles/pin.css';
import { createRoot } from 'react-dom/client';
import { languages } from '../../electron/contract/text/languages.ts';
import { startWindow } from '../app/start-window.tsx';
import { pages } from '../pages/index.ts';
import { startPinWindow } from '../pin/start-pin-window.tsx';
import { promptNames, promptWithKey } from './prompts.ts';
import { type ScenarioName, scenario, scenarioNames } from './scenarios.ts';
import { ScriptedPort } from './scripted-port.ts';

/**
 * The window on a scripted host: `gallery.html?scenario=ready&lang=ro&theme=dark&size=100#/data/documents`.
 * A PIN window: `gallery.html?pin=sign`. Without either, the list of all of them, which `window.galleryScenarios` also holds.
 */
const asked = new URLSearchParams(window.location.search);
const root = createRoot(document.getElementById('root') as HTMLElement);
const name = scenarioNames.find((one) => one === asked.get('scenario'));
const pick = <T extends string>(key: string, among: readonly T[], otherwise: T): T =>
  among.find((one) => one === asked.get(key)) ?? otherwise;

Object.assign(window, {
  galleryScenarios: scenarioNames,
  galleryPrompts: promptNames,
  galleryPages: pages.map((page) => page.path),
});

const promptName = promptNames.find((one) => one === asked.get('pin'));
const settings = {
  language: pick('lang', languages, 'ro'),
  theme: pick('theme', ['system', 'light', 'dark'], 'light'),
  textSize: Number(asked.get('size') ?? 100),
  shuffledDigits: asked.get('shuffled') === 'true',
};

if (promptName !== undefined) {
  document.body.className = 'pin-page';
  const port = new ScriptedPort(scenario('ready'), { settings, prompt: await promptWithKey(promptName) });
  Object.assign(window, { scriptedPort: port });
  await startPinWindow(root, port);
} else if (name === undefined) {
  root.render(
    <ul>
      {scenarioNames.map((one: ScenarioName) => (
        <li key={one}>
          <a href={`?scenario=${one}`}>{one}</a>
        </li>
      ))}
    </ul>,
  );
} else {
  const port = new ScriptedPort(scenario(name), { settings });
  Object.assign(window, { scriptedPort: port });
  await startWindow(root, port);
}
