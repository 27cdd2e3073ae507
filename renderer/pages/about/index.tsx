import { Check, EyeOff, FlaskConical, Minus } from 'lucide-react';
import { useText } from '../../app/text.tsx';
import { useWindow } from '../../app/window-store.ts';
import { Card } from '../../components/Card.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Tag } from '../../components/Tag.tsx';
import { Logo } from '../../drawings/stitches.tsx';
import { licences } from './licences.ts';
import '../certificates/certificates.css';
import './about.css';

const honest = [
  'page.about.honest.card',
  'page.about.honest.portal',
  'page.about.honest.systems',
  'page.about.honest.revocation',
  'page.about.honest.simulated',
] as const;

const platforms: Readonly<Record<string, string>> = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };

/** What runs here, what it is not, and whose works it contains. */
export default function AboutPage() {
  const { t } = useText();
  return (
    <div className="about-page">
      <header className="page-head">
        <div className="row wide">
          <Logo size={56} />
          <div>
            <h1>{t('page.about.title')}</h1>
            <p>{t('page.about.lead')}</p>
          </div>
        </div>
      </header>
      <div className="about-parts">
        <div className="about-column">
          <Running />
          <Card kind="brand" aria-labelledby="about-privacy">
            <h2 id="about-privacy" className="row">
              <Icon of={EyeOff} size={22} />
              {t('page.about.privacy')}
            </h2>
            <p className="about-text">{t('page.about.privacy.text')}</p>
          </Card>
        </div>
        <Card aria-labelledby="about-honest">
          <h2 id="about-honest" className="row">
            <Icon of={FlaskConical} size={22} />
            {t('page.about.honest')}
          </h2>
          <ul className="about-honest">
            {honest.map((key) => (
              <li key={key}>{t(key)}</li>
            ))}
          </ul>
        </Card>
        <Licences />
      </div>
    </div>
  );
}

function Running() {
  const { t } = useText();
  const host = useWindow((state) => state.host);
  const { connection, restarts, sandbox } = useWindow((state) => ({
    connection: state.connection,
    restarts: state.restarts,
    sandbox: state.sandbox,
  }));
  return (
    <Card aria-label={t('page.about.version')}>
      <dl className="facts">
        <div>
          <dt>{t('page.about.version')}</dt>
          <dd>{host === null ? '–' : `Buletin ${host.version}`}</dd>
        </div>
        <div>
          <dt>{t('page.about.host')}</dt>
          <dd>{host === null ? '–' : t(`page.about.host.${host.kind}`, { version: host.hostVersion })}</dd>
        </div>
        <div>
          <dt>{t('page.about.platform')}</dt>
          <dd>{host === null ? '–' : (platforms[host.platform] ?? host.platform)}</dd>
        </div>
        <div>
          <dt>{t('page.about.agent')}</dt>
          <dd>
            {connection !== 'up' ? (
              <Tag tone="care" icon={Minus}>
                {t('page.about.agent.down')}
              </Tag>
            ) : restarts > 0 ? (
              t('page.about.agent.restarted', { count: restarts })
            ) : (
              <Tag tone="good" icon={Check}>
                {t('page.about.agent.up')}
              </Tag>
            )}
          </dd>
        </div>
        <div className="about-wide">
          <dt>{t('page.about.mode')}</dt>
          <dd>{t(sandbox ? 'page.about.mode.sandbox' : 'page.about.mode.real')}</dd>
        </div>
      </dl>
      <p className="about-text strong">{t('page.about.not-official')}</p>
    </Card>
  );
}

function Licences() {
  const { t } = useText();
  return (
    <Card aria-labelledby="about-licences" className="about-wide about-licences">
      <h2 id="about-licences">{t('page.about.licences')}</h2>
      <p className="about-text">
        {t('page.about.licences.own')} {t('page.about.licences.others')}
      </p>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('page.about.licences.name')}</th>
              <th scope="col">{t('page.about.licences.use')}</th>
              <th scope="col">{t('page.about.licences.licence')}</th>
            </tr>
          </thead>
          <tbody>
            {licences.map(({ name, use, licence }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{t(`page.about.use.${use}`)}</td>
                <td>{licence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
