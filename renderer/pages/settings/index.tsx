import { useText } from '../../app/text.tsx';
import { Card } from '../../components/Card.tsx';
import { FixedSettings } from './FixedSettings.tsx';
import { ReaderSettings } from './ReaderSettings.tsx';
import { ViewSettings } from './ViewSettings.tsx';
import '../certificates/certificates.css';
import './settings.css';

/** Language, look, reader; and what the settings file decides, to be seen only. */
export default function SettingsPage() {
  const { t } = useText();
  return (
    <div className="settings-page">
      <header className="page-head">
        <div>
          <h1>{t('page.settings.title')}</h1>
          <p>{t('page.settings.lead')}</p>
        </div>
      </header>
      <div className="settings-parts">
        <Card aria-labelledby="settings-view">
          <h2 id="settings-view">{t('page.settings.view')}</h2>
          <ViewSettings />
        </Card>
        <div className="settings-column">
          <Card aria-labelledby="settings-reader">
            <h2 id="settings-reader">{t('page.settings.reader-section')}</h2>
            <ReaderSettings />
          </Card>
          <Card kind="flat" aria-labelledby="settings-fixed">
            <h2 id="settings-fixed">{t('page.settings.fixed')}</h2>
            <FixedSettings />
          </Card>
        </div>
      </div>
    </div>
  );
}
