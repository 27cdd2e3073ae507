/** Every page of the real window: in three languages, in light and dark, without a finding of axe. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { trainingPins } from '../../electron/sandbox/cards/index.ts';
import { axeViolations } from '../rig/window/axe.ts';
import { ChromiumRig, eventually } from '../rig/window/chromium-rig.ts';
import { answerPin } from '../rig/window/pin-pad.ts';
import { needs } from '../run/needs.ts';

vi.setConfig({ testTimeout: 180_000 });

/** Each page with its heading in the three languages. */
const pages: readonly (readonly [path: string, ro: string, ru: string, en: string])[] = [
  ['/data/personal', 'Date personale', 'Личные данные', 'Personal data'],
  ['/data/documents', 'Documente', 'Документы', 'Documents'],
  ['/data/domicile', 'Domiciliu și reședință', 'Место жительства и пребывания', 'Domicile and residence'],
  ['/data/vehicles', 'Vehicule', 'Транспорт', 'Vehicles'],
  ['/data/access-log', 'Cine mi-a văzut datele', 'Кто смотрел данные', 'Who read my data'],
  ['/sign', 'Semnare', 'Подписание', 'Signing'],
  ['/certificates', 'Certificate', 'Сертификаты', 'Certificates'],
  ['/pins', 'Coduri PIN', 'PIN-коды', 'PIN codes'],
  ['/help', 'Ajutor', 'Помощь', 'Help'],
  ['/settings', 'Setări', 'Настройки', 'Settings'],
  ['/about', 'Despre aplicație', 'О программе', 'About'],
];

const buttons = { ro: 'Intră', ru: 'Войти', en: 'Sign in' } as const;

describe.skipIf(!needs('window'))('every page', () => {
  let rig: ChromiumRig;
  beforeAll(async () => {
    rig = await ChromiumRig.start({ agent: { sandbox: 'eid' } });
    await rig.main.click('button', 'Sign in with PIN1');
    await answerPin(rig, trainingPins.PIN1, buttons.en);
    await rig.main.shows('You are signed in');
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  const settle = () => rig.main.evaluate('new Promise((resolve) => setTimeout(resolve, 250))');
  const set = async (settings: object) => {
    await rig.main.evaluate(
      `buletin.send(JSON.stringify({ type: 'request', id: crypto.randomUUID(), method: 'host.settings.set', params: ${JSON.stringify(settings)} }))`,
    );
    await settle();
  };
  const heading = () => rig.main.evaluate<string>("document.querySelector('h1')?.innerText ?? ''");

  it.each([
    ['ro', 1],
    ['ru', 2],
    ['en', 3],
  ] as const)(
    'has its heading in %s, switched without a restart, and no key in place of a text',
    async (language, column) => {
      await set({ language });
      const wrong: string[] = [];
      for (const page of pages) {
        await rig.main.visit(page[0]);
        const ok = await eventually(async () => (await heading()) === page[column], page[0], 5_000).catch(
          () => false,
        );
        if (!ok) wrong.push(`${page[0]}: ${await heading()}`);
        await settle();
        const text = await rig.main.text();
        if (
          /\b(?:page|nav|start|pin|shell|action|state|failure|field)\.[a-z]+[.\w-]*/.test(
            text.replace(/\S+@\S+/g, ''),
          )
        )
          wrong.push(
            `${page[0]}: ${/\b(?:page|nav|start|pin|shell|action|state|failure|field)\.[a-z]+[.\w-]*/.exec(text)?.[0]}`,
          );
      }
      expect(await rig.main.evaluate('document.documentElement.lang')).toBe(language);
      expect(wrong).toEqual([]);
    },
  );

  it.each([
    ['light', 100],
    ['dark', 100],
  ] as const)('has no finding of axe: %s, text at %i percent', async (theme, textSize) => {
    await set({ language: 'ro', theme, textSize });
    const found: string[] = [];
    for (const [path] of [['/'], ['/data'], ...pages] as const) {
      await rig.main.visit(path);
      await settle();
      await eventually(() => rig.main.evaluate("!document.querySelector('[aria-busy=true]')"), path);
      for (const violation of await axeViolations(rig.main)) found.push(`${path}: ${violation}`);
    }
    expect(found).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('of PINs has no finding of axe: %s', async (theme) => {
    await set({ language: 'ro', theme, textSize: 100 });
    for (const pin of ['PIN1', 'PIN2'] as const) {
      const asking = rig.shell.agent.request('pin.verify', { pin });
      asking.catch(() => undefined);
      const window = await rig.pin(pin);
      expect(await axeViolations(window)).toEqual([]);
      window.window.close();
      await asking.catch(() => undefined);
      await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    }
  });

  it('fits 1024 × 768 with text at 200 % without a sideways scroll', async () => {
    await set({ textSize: 200 });
    await rig.main.cdp.send('Emulation.setDeviceMetricsOverride', {
      ...{ width: 1024, height: 768, deviceScaleFactor: 1, mobile: false },
    });
    const wide: string[] = [];
    for (const [path] of [['/'], ...pages] as const) {
      await rig.main.visit(path);
      await settle();
      const over = await rig.main.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (over > 0) wide.push(`${path}: ${over} px`);
    }
    await rig.main.cdp.send('Emulation.clearDeviceMetricsOverride');
    expect(wide).toEqual([]);
  });

  it('says that the agent died, comes back by itself, and no try is spent', async () => {
    await set({ language: 'en', textSize: 100, theme: 'light' });
    await rig.main.visit('/pins');
    await rig.main.click('button', 'Check PIN1');
    await rig.pin('PIN1');
    process.kill(rig.agent.pid ?? 0, 'SIGKILL');
    await rig.main.shows(/stopped and is starting again|agent-lost/);
    await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    await eventually(() => rig.shell.agent.snapshot?.token, 'the new agent');
    const { pins } = await rig.agent.client.request('pin.status', {});
    expect(pins[0]).toMatchObject({ name: 'PIN1', tries: 3 });
    await rig.main.shows('3 tries left');
  });

  it.each(['documents', 'access-log'])(
    'shows nothing of the person when the card is pulled while %s loads',
    async (page) => {
      await rig.agent.client.request('sandbox.insert', { card: 'eid' }).catch(() => undefined);
      await rig.main.visit('/');
      await rig.main.click('button', 'Sign in with PIN1');
      await answerPin(rig, trainingPins.PIN1, 'Sign in');
      await rig.main.shows('You are signed in');
      await rig.main.visit(`/data/${page}`);
      await rig.agent.client.request('sandbox.remove', {});
      await eventually(async () => !(await rig.main.text()).includes('Specimen-Țurcanu'), 'an empty screen');
      await settle();
      expect(await rig.main.evaluate('document.documentElement.outerHTML')).not.toMatch(
        /Specimen-Țurcanu|2500\s?000\s?000\s?010/,
      );
    },
  );
});
