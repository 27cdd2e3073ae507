import { useText } from '../../app/text.tsx';
import { useWindow } from '../../app/window-store.ts';
import { Tabs } from '../../components/Choices.tsx';
import { Note } from '../../components/Note.tsx';
import { Inspector } from './Inspector.tsx';
import { Modules } from './Modules.tsx';
import { Monitor } from './Monitor.tsx';
import { PinStates } from './PinStates.tsx';
import { Servers } from './Servers.tsx';
import './helpdesk.css';

/** For those who help others: what card, modules and servers do and say. */
export default function HelpdeskPage() {
  const { t } = useText();
  const up = useWindow(({ connection }) => connection === 'up');
  return (
    <div className="helpdesk-page">
      <header className="page-head">
        <div>
          <h1>{t('desk.title')}</h1>
          <p>{t('desk.lead')}</p>
        </div>
      </header>
      {!up && <Note tone="care">{t('diag.agent-away')}</Note>}
      <Tabs
        label={t('desk.parts')}
        items={[
          { id: 'monitor', label: t('desk.tab.monitor'), content: <Monitor /> },
          { id: 'certificates', label: t('desk.tab.certificates'), content: <Inspector /> },
          { id: 'pins', label: t('desk.tab.pins'), content: <PinStates /> },
          { id: 'modules', label: t('desk.tab.modules'), content: <Modules /> },
          { id: 'servers', label: t('desk.tab.servers'), content: <Servers /> },
        ]}
      />
    </div>
  );
}
