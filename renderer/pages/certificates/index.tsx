import { BadgeInfo, Ban, CirclePause, CirclePlay, FileX, type LucideIcon, MapPin } from 'lucide-react';
import type { CertificateJson, PinJson } from '../../../electron/contract/model/card.ts';
import { type TextKey, useText } from '../../app/text.tsx';
import { useWindow } from '../../app/window-store.ts';
import { Card } from '../../components/Card.tsx';
import { CardNeeded } from '../../components/CardNeeded.tsx';
import { CertificateTile } from '../../components/CertificateTile.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { SafeText } from '../../components/SafeText.tsx';
import { EmptyState } from '../../components/Waiting.tsx';
import { certificateFacts } from './certificate-facts.ts';
import './certificates.css';

/** The card's certificates, and what can be done about them. */
export default function CertificatesPage() {
  const { t } = useText();
  const token = useWindow(({ personal }) => personal?.token);
  return (
    <div className="certificates-page">
      <header className="page-head">
        <div>
          <h1>{t('page.certificates.title')}</h1>
          <p>{t('page.certificates.lead')}</p>
        </div>
      </header>
      {token === undefined ? (
        <CardNeeded />
      ) : token.certificates.length === 0 ? (
        <EmptyState icon={FileX} title={t('page.certificates.none.title')}>
          {t('page.certificates.none.text')}
        </EmptyState>
      ) : (
        <>
          <Note tone="plain" icon={BadgeInfo}>
            {t('page.certificates.dates-only')}
          </Note>
          <div className="certificates-list">
            {token.certificates.map((certificate) => (
              <CertificateCard
                key={certificate.id}
                certificate={certificate}
                only={token.certificates.length === 1}
                pin={token.pins.find(({ role }) => role === certificate.role)}
              />
            ))}
          </div>
        </>
      )}
      <Services />
    </div>
  );
}

function CertificateCard({
  certificate,
  pin,
  only,
}: {
  readonly certificate: CertificateJson;
  readonly pin: PinJson | undefined;
  readonly only: boolean;
}) {
  const text = useText();
  const { t } = text;
  const purpose: TextKey =
    certificate.role === 'signature' && only
      ? 'page.certificates.for.signature-only'
      : `page.certificates.for.${certificate.role}`;
  return (
    <article className="certificate-card" data-role={certificate.role}>
      <CertificateTile certificate={certificate} pin={pin} />
      <div className="certificate-more">
        <p className="second">{t(purpose)}</p>
        <details>
          <summary>{t('page.certificates.details')}</summary>
          <dl className="facts certificate-facts">
            {certificateFacts(certificate, text).map(({ name, value, copy }) => (
              <div key={name}>
                <dt>{t(name)}</dt>
                <dd className={value === null ? 'missing' : undefined}>
                  <SafeText>{value ?? t('page.common.not-recorded')}</SafeText>
                  {copy !== undefined && (
                    <CopyButton text={copy} label={t('page.common.copy-what', { what: t(name) })} />
                  )}
                </dd>
              </div>
            ))}
          </dl>
          <CopyButton
            text={certificate.pem}
            label={t('page.common.copy-what', { what: t('page.certificates.pem') })}
          >
            {t('page.common.copy-what', { what: t('page.certificates.pem') })}
          </CopyButton>
        </details>
      </div>
    </article>
  );
}

const services: readonly (readonly [LucideIcon, TextKey, TextKey])[] = [
  [CirclePause, 'page.certificates.services.suspend', 'page.certificates.services.suspend.text'],
  [CirclePlay, 'page.certificates.services.restore', 'page.certificates.services.restore.text'],
  [Ban, 'page.certificates.services.revoke', 'page.certificates.services.revoke.text'],
];

/** What the state offers about certificates. In words: this version sends no such request. */
function Services() {
  const { t } = useText();
  return (
    <Card kind="flat" aria-labelledby="certificate-services" className="certificate-services">
      <h2 id="certificate-services">{t('page.certificates.services.title')}</h2>
      <p className="second">{t('page.certificates.services.lead')}</p>
      <ul>
        {services.map(([icon, title, sentence]) => (
          <li key={title}>
            <Icon of={icon} size={22} />
            <div>
              <h3>{t(title)}</h3>
              <p className="small second">{t(sentence)}</p>
            </div>
          </li>
        ))}
        <li>
          <Icon of={MapPin} size={22} />
          <div>
            <h3>{t('page.certificates.services.where')}</h3>
            <p className="small second">{t('page.certificates.services.asp')}</p>
            <p className="small second">{t('page.certificates.services.stisc')}</p>
          </div>
        </li>
      </ul>
    </Card>
  );
}
