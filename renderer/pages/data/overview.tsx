import { ArrowRight, Car, ContactRound, FileText, House, type LucideIcon, ScanEye } from 'lucide-react';
import { type TextKey, useText } from '../../app/text.tsx';
import { useWindow } from '../../app/window-store.ts';
import { ButtonLink } from '../../components/Button.tsx';
import { CardNeeded } from '../../components/CardNeeded.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import './data.css';

const services = [
  ['personal', ContactRound],
  ['documents', FileText],
  ['domicile', House],
  ['vehicles', Car],
  ['access-log', ScanEye],
] as const satisfies [string, LucideIcon][];

/** The registers, none of them read before somebody opens it: each reading stands in the journal of accesses. */
export default function Overview() {
  const { t } = useText();
  const personal = useWindow((state) => state.personal !== null);
  const signedIn = useWindow(({ session }) => session.state === 'signed-in' && session.registered !== false);
  return (
    <div className="page data-page">
      <header className="page-head">
        <div>
          <h1>{t('nav.data')}</h1>
          <p>{t('data.overview.lead')}</p>
        </div>
      </header>
      {!personal && <CardNeeded />}
      {personal && !signedIn && (
        <Note
          tone="info"
          title={t('start.locked.title')}
          action={
            <ButtonLink to="/" variant="primary" size="row">
              {t('data.to-sign-in')}
            </ButtonLink>
          }
        >
          {t('data.locked')}
        </Note>
      )}
      {personal && (
        <div className="overview">
          {services.map(([service, icon]) => (
            <a key={service} className="overview-card" href={`#/data/${service}`}>
              <span className="action-icon">
                <Icon of={icon} size={22} />
              </span>
              <span className="grow">
                <strong>{t(`nav.${service}`)}</strong>
                <span className="small third">{t(`data.overview.${service}` as TextKey)}</span>
              </span>
              <Icon of={ArrowRight} />
            </a>
          ))}
        </div>
      )}
    </div>
  );
}
