import { CircleAlert, KeyRound, PenLine } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { CertificateJson } from '../../../electron/contract/model/card.ts';
import { type TextKey, useText } from '../../app/text.tsx';
import { useNow } from '../../app/use-now.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { CardNeededNote } from '../../components/CardNeeded.tsx';
import { validityText } from '../../components/CertificateTile.tsx';
import { Field } from '../../components/Field.tsx';
import { Note } from '../../components/Note.tsx';
import { SafeText } from '../../components/SafeText.tsx';
import { Seal } from '../../drawings/emblems.tsx';
import { useDesk } from './signing-desk.ts';
import { type Readiness, signingReadiness } from './signing-readiness.ts';

/** Longest reason and location, in letters. */
const longest = 256;

/** With what the documents are signed, how, and the act itself. */
export function SignWith() {
  const { t } = useText();
  const [desk, actions] = useDesk();
  const personal = useWindow((state) => state.personal);
  const ready = signingReadiness(personal);
  const tooLong = (value: string) =>
    value.trim().length > longest ? t('page.sign.too-long', { max: longest }) : undefined;
  const wrong = tooLong(desk.reason) ?? tooLong(desk.location);
  const pin = 'pin' in ready ? (ready.pin?.name ?? 'PIN2') : 'PIN2';
  const still = desk.signing !== 'no';
  return (
    <section className="sign-with" aria-labelledby="sign-with">
      <h2 id="sign-with">{t('page.sign.with')}</h2>
      {'certificate' in ready && <Signer certificate={ready.certificate} />}
      <Hindrance ready={ready} />
      <details className="sign-extra">
        <summary>{t('page.sign.extra')}</summary>
        <div className="stack">
          <Field
            label={t('page.sign.reason')}
            value={desk.reason}
            onChange={(reason) => actions.write({ reason })}
            error={tooLong(desk.reason)}
            autoComplete="off"
            isDisabled={still}
          />
          <Field
            label={t('page.sign.location')}
            value={desk.location}
            onChange={(location) => actions.write({ location })}
            error={tooLong(desk.location)}
            autoComplete="off"
            isDisabled={still}
          />
          <p className="small third">{t('page.sign.extra.help')}</p>
        </div>
      </details>
      <div className="sign-act">
        {still ? (
          <Progress pin={pin} />
        ) : (
          <>
            <Button
              variant="sign"
              size="hero"
              icon={PenLine}
              isDisabled={ready.state !== 'ready' || wrong !== undefined}
              onPress={() => void actions.sign()}
            >
              {t('page.sign.button', { count: desk.documents.length })}
            </Button>
            <p className="small third">{t('page.sign.button.under', { pin })}</p>
          </>
        )}
      </div>
    </section>
  );
}

function Signer({ certificate }: { readonly certificate: CertificateJson }) {
  const text = useText();
  const now = useNow(60_000);
  const { givenName, surname, commonName } = certificate.subject;
  const name = givenName !== null && surname !== null ? `${givenName} ${surname}` : commonName;
  return (
    <div className="sign-signer">
      <Seal size={40} />
      <div className="grow">
        {name !== null && (
          <p className="strong">
            <SafeText limit={120}>{name}</SafeText>
          </p>
        )}
        <p className="small second">{text.t('page.sign.act')}</p>
        {certificate.status === 'valid' && (
          <p className="small second">{validityText(certificate.notAfter, now, text)}</p>
        )}
        <p className="small second">{text.t('page.sign.act.meaning')}</p>
      </div>
    </div>
  );
}

function Hindrance({ ready }: { readonly ready: Readiness }) {
  const { t, longDate } = useText();
  const say = (title: TextKey, sentence: TextKey, values: Record<string, string>, action?: ReactNode) => (
    <Note tone="care" icon={CircleAlert} role="status" title={t(title, values)}>
      <p>{t(sentence, values)}</p>
      {action}
    </Note>
  );
  if (ready.state === 'no-card') return <CardNeededNote title={t('page.sign.blocked.card')} />;
  if (ready.state === 'no-certificate')
    return say('page.sign.blocked.no-certificate.title', 'page.sign.blocked.no-certificate.text', {});
  const pin = ready.pin?.name ?? 'PIN2';
  const until = longDate(ready.certificate.notAfter);
  const from = longDate(ready.certificate.notBefore);
  const toPins = (
    <ButtonLink to="/pins" size="row" icon={KeyRound}>
      {t('page.sign.blocked.to-pins')}
    </ButtonLink>
  );
  switch (ready.state) {
    case 'expired':
      return say('page.sign.blocked.expired.title', 'page.sign.blocked.expired.text', { until });
    case 'not-yet-valid':
      return say('page.sign.blocked.not-yet.title', 'page.sign.blocked.not-yet.text', { from });
    case 'blocked':
      return say('page.sign.blocked.pin.title', 'page.sign.blocked.pin.text', { pin }, toPins);
    case 'change-first':
      return say('page.sign.blocked.change.title', 'page.sign.blocked.change.text', { pin }, toPins);
    case 'ready':
      return null;
  }
}

/** What is going on while the documents are signed; a way out after three seconds. */
function Progress({ pin }: { readonly pin: string }) {
  const { t } = useText();
  const [desk, actions] = useDesk();
  const waiting = useWindow(({ prompt }) => prompt?.purpose === 'sign');
  const [wayOut, setWayOut] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWayOut(true), 3_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="sign-progress">
      <progress aria-label={t('page.sign.progress.working', { count: desk.documents.length })} />
      <p role="status" className="strong">
        {desk.signing === 'cancelling'
          ? t('page.sign.progress.cancelling')
          : waiting
            ? t('page.sign.progress.waiting', { pin })
            : t('page.sign.progress.working', { count: desk.documents.length })}
      </p>
      <p className="small third">{t('page.sign.progress.keep')}</p>
      {wayOut && desk.signing === 'running' && (
        <Button onPress={() => actions.cancel()}>{t('page.common.cancel')}</Button>
      )}
    </div>
  );
}
