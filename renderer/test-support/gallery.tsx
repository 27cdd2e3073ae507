import '../styles/all.css';
import { createRoot } from 'react-dom/client';
import { languages } from '../../electron/contract/text/languages.ts';
import { startWindow } from '../app/start-window.tsx';
import { pages } from '../pages/index.ts';
import { type ScenarioName, scenario, scenarioNames } from './scenarios.ts';
import { ScriptedPort } from './scripted-port.ts';

/**
 * The window on a scripted host: `gallery.html?scenario=ready&lang=ro&theme=dark&size=100#/data/documents`.
 * Without a scenario, the list of all of them, which `window.galleryScenarios` also holds.
 */
const asked = new URLSearchParams(window.location.search);
const root = createRoot(document.getElementById('root') as HTMLElement);
const name = scenarioNames.find((one) => one === asked.get('scenario'));
const pick = <T extends string>(key: string, among: readonly T[], otherwise: T): T =>
  among.find((one) => one === asked.get(key)) ?? otherwise;

Object.assign(window, { galleryScenarios: scenarioNames, galleryPages: pages.map((page) => page.path) });

if (name === undefined) {
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
  const port = new ScriptedPort(scenario(name), {
    settings: {
      language: pick('lang', languages, 'ro'),
      theme: pick('theme', ['system', 'light', 'dark'], 'light'),
      textSize: Number(asked.get('size') ?? 100),
    },
  });
  Object.assign(window, { scriptedPort: port });
  await startWindow(root, port);
}
