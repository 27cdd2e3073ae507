import { ALargeSmall, CircleHelp, Monitor, Moon, Sun, SunMoon } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import type { WindowSettings } from '../../electron/contract/pages/host-methods.ts';
import { languages } from '../../electron/contract/text/languages.ts';
import { Segments } from '../components/Choices.tsx';
import { Icon } from '../components/Icon.tsx';
import { useLink } from './host-link.ts';
import { useText } from './text.tsx';
import { useStore, useWindow } from './window-store.ts';

const themes = [
  { value: 'system', icon: Monitor },
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
] as const;

export const textSizes = [100, 125, 150, 175, 200] as const;

/** Changes settings: here at once, and in the host's keeping. */
export function useSettings(): [WindowSettings, (change: Partial<WindowSettings>) => void] {
  const link = useLink();
  const store = useStore();
  const settings = useWindow((state) => state.settings);
  const change = (part: Partial<WindowSettings>) => {
    store.update((state) => ({ settings: { ...state.settings, ...part } }));
    // A host that cannot keep it says so in its log; the window goes by what was chosen.
    link.request('host.settings.set', part).catch(() => {});
  };
  return [settings, change];
}

/** Language, size of text, theme and help: always there. */
export function Tools() {
  const { t } = useText();
  const [settings, change] = useSettings();
  return (
    <header className="tools">
      <Segments
        label={t('settings.language')}
        value={settings.language}
        choices={languages.map((language) => ({
          value: language,
          label: language.toUpperCase(),
          name: t(`language.${language}`),
        }))}
        onChange={(language) => change({ language })}
      />
      <MenuTrigger>
        <AriaButton className="icon-button" aria-label={t('settings.text-size')}>
          <Icon of={ALargeSmall} size={22} />
        </AriaButton>
        <Popover className="popover" placement="bottom end">
          <Menu
            className="menu"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[String(settings.textSize)]}
            onSelectionChange={(keys) => {
              const [size] = [...keys];
              if (size !== undefined) change({ textSize: Number(size) });
            }}
          >
            {textSizes.map((size) => (
              <MenuItem key={size} id={String(size)} className="menu-item">
                {`${size}%`}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      <MenuTrigger>
        <AriaButton className="icon-button" aria-label={t('settings.theme')}>
          <Icon of={SunMoon} />
        </AriaButton>
        <Popover className="popover" placement="bottom end">
          <Menu
            className="menu"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[settings.theme]}
            onSelectionChange={(keys) => {
              const [key] = [...keys];
              const theme = themes.find((one) => one.value === key);
              if (theme) change({ theme: theme.value });
            }}
          >
            {themes.map(({ value, icon }) => (
              <MenuItem key={value} id={value} className="menu-item" textValue={t(`theme.${value}`)}>
                <Icon of={icon} size={18} />
                {t(`theme.${value}`)}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      <a className="icon-button" href="#/help" aria-label={t('nav.help')}>
        <Icon of={CircleHelp} />
      </a>
    </header>
  );
}
