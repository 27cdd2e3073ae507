import { Monitor, Moon, Sun } from 'lucide-react';
import { languages } from '../../../electron/contract/text/languages.ts';
import { textSizes, useSettings } from '../../app/Tools.tsx';
import { useText } from '../../app/text.tsx';
import { Radios, Segments } from '../../components/Choices.tsx';

const themes = [
  { value: 'system', icon: Monitor },
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
] as const;

/** Each language in its own words: who does not read the page's can still find theirs. */
const own = { ro: 'Română', ru: 'Русский', en: 'English' } as const;

/** What the window looks like and speaks. */
export function ViewSettings() {
  const { t } = useText();
  const [settings, change] = useSettings();
  return (
    <div className="settings-fields">
      <Radios
        label={t('settings.language')}
        value={settings.language}
        choices={languages.map((language) => ({ value: language, label: own[language], lang: language }))}
        onChange={(language) => change({ language })}
      />
      <Radios
        label={t('settings.theme')}
        value={settings.theme}
        choices={themes.map(({ value, icon }) => ({ value, icon, label: t(`theme.${value}`) }))}
        onChange={(theme) => change({ theme })}
      />
      <div className="stack">
        <span className="settings-label">{t('settings.text-size')}</span>
        <Segments
          label={t('settings.text-size')}
          value={String(settings.textSize)}
          choices={textSizes.map((size) => ({ value: String(size), label: `${size} %` }))}
          onChange={(size) => change({ textSize: Number(size) })}
        />
        <p className="second">{t('page.settings.text-size.sample')}</p>
      </div>
    </div>
  );
}
