import { clean } from '../../app/clean-text.ts';
import { useSettings } from '../../app/Tools.tsx';
import { useText } from '../../app/text.tsx';
import { useWindow } from '../../app/window-store.ts';
import { Radios } from '../../components/Choices.tsx';
import { Checkbox } from '../../components/Field.tsx';

/** Stands for "any": a reader's name is never empty. */
const any = '';

/** Which reader is used, and how the PIN pad looks. */
export function ReaderSettings() {
  const { t } = useText();
  const [settings, change] = useSettings();
  const readers = useWindow((state) => state.readers);
  const known = readers.map(({ name, simulated }) => ({
    value: name,
    label: simulated ? t('page.settings.reader.simulated', { reader: clean(name, 100) }) : clean(name, 100),
  }));
  const gone = settings.reader !== null && !readers.some(({ name }) => name === settings.reader);
  return (
    <div className="settings-fields">
      <div className="stack">
        <Radios
          label={t('page.settings.reader')}
          value={settings.reader ?? any}
          choices={[
            { value: any, label: t('page.settings.reader.any') },
            ...known,
            ...(gone
              ? [
                  {
                    value: settings.reader ?? any,
                    label: t('page.settings.reader.gone', { reader: clean(settings.reader ?? '', 100) }),
                  },
                ]
              : []),
          ]}
          onChange={(reader) => change({ reader: reader === any ? null : reader })}
        />
        <p className="small third">{t('page.settings.reader.help')}</p>
      </div>
      <div>
        <Checkbox
          isSelected={settings.shuffledDigits}
          onChange={(shuffledDigits) => change({ shuffledDigits })}
        >
          {t('page.settings.shuffled')}
        </Checkbox>
        <p className="small third settings-help">{t('page.settings.shuffled.help')}</p>
      </div>
    </div>
  );
}
