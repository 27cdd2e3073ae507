import type { LucideIcon } from 'lucide-react';
import {
  ArrowRight,
  Clock,
  DoorOpen,
  EyeOff,
  FileText,
  KeyRound,
  Lock,
  LogIn,
  PenLine,
  ScanEye,
} from 'lucide-react';
import type { CertificateJson, PinJson, TokenJson } from '../../../electron/contract/model/card.ts';
import { useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { type Personal, useWindow } from '../../app/window-store.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { CertificateTile } from '../../components/CertificateTile.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { SafeText } from '../../components/SafeText.tsx';
import { SpacedIdnp } from '../../components/SpacedIdnp.tsx';
import { Portrait } from '../../drawings/card.tsx';
import { Rose } from '../../drawings/stitches.tsx';
import { RegistrationForm } from './RegistrationForm.tsx';

/** The card is read: who it says its holder is, what it can do, and the way in. */
export function Ready() {
  const personal = useWindow((state) => state.personal);
  const session = useWindow((state) => state.session);
  const { t } = useText();
  if (personal === null) return null;
  const signedIn = session.state === 'signed-in';
  return (
    <div className="page start-page">
      <Identity personal={personal} />
      <section className="certificate-tiles" aria-label={t('start.certificates')}>
        {personal.token.certificates
          .filter((certificate) => certificate.role !== 'other')
          .map((certificate) => (
            <CertificateTile
              key={certificate.id}
              certificate={certificate}
              pin={personal.token.pins.find((pin) => pin.role === certificate.role)}
            />
          ))}
      </section>
      <PinNotes token={personal.token} />
      {signedIn ? (
        session.registered === false ? (
          <RegistrationForm label={session.portal?.label ?? ''} />
        ) : (
          <OpenSession />
        )
      ) : (
        <SignIn token={personal.token} reader={personal.reader} />
      )}
      <section>
        <h2>{t('start.todo')}</h2>
        <div className="actions">
          <Action to="/sign" icon={PenLine} name="sign" sign />
          <Action to="/data/documents" icon={FileText} name="documents" locked={!signedIn} />
          <Action to="/data/access-log" icon={ScanEye} name="log" locked={!signedIn} />
          <Action to="/pins" icon={KeyRound} name="pins" />
        </div>
      </section>
    </div>
  );
}

/** The certificate that names the holder. */
const namingCertificate = (token: TokenJson): CertificateJson | undefined =>
  token.certificates.find(({ role }) => role === 'authentication') ??
  token.certificates.find(({ role }) => role === 'signature') ??
  token.certificates[0];

/** The common name of a distinguished name in RFC 4514's form. */
const commonName = (name: string): string =>
  /(?:^|[,+])\s*CN=((?:\\.|[^,+\\])*)/i.exec(name)?.[1]?.replace(/\\(.)/g, '$1') ?? name;

function Identity({ personal }: { readonly personal: Personal }) {
  const { t, time } = useText();
  const certificate = namingCertificate(personal.token);
  const subject = certificate?.subject;
  const name = [subject?.givenName, subject?.surname].filter(Boolean).join(' ') || subject?.commonName;
  return (
    <section className="identity" aria-label={t('start.identity')}>
      <div className="identity-photo" aria-hidden="true">
        <Portrait />
      </div>
      <div className="identity-who">
        <p className="second">{t('start.hello')}</p>
        <h1>{name ? <SafeText limit={120}>{name}</SafeText> : t('start.no-name')}</h1>
        <dl className="facts">
          <div>
            <dt>{t('start.idnp')}</dt>
            {subject?.idnp ? (
              <dd className="row">
                <SpacedIdnp idnp={subject.idnp} />
                <CopyButton text={subject.idnp} label={t('start.copy-idnp')} />
              </dd>
            ) : (
              <dd className="missing">{t('value.missing')}</dd>
            )}
          </div>
          <div>
            <dt>{t('start.card')}</dt>
            <dd>
              <SafeText limit={64}>{personal.token.label}</SafeText>
            </dd>
          </div>
          <div>
            <dt>{t('start.serial')}</dt>
            <dd>
              <SafeText limit={64}>{personal.token.serial}</SafeText>
            </dd>
          </div>
          {certificate && (
            <div>
              <dt>{t('start.issuer')}</dt>
              <dd>
                <SafeText limit={80}>{commonName(certificate.issuer)}</SafeText>
              </dd>
            </div>
          )}
        </dl>
      </div>
      <ul className="identity-facts">
        <li>
          <Icon of={Clock} size={22} />
          <span>
            <strong>{t('start.read', { time: time(new Date(personal.readAt).toISOString()) })}</strong>
            {t('start.read-detail')}
          </span>
        </li>
        <li>
          <Icon of={EyeOff} size={22} />
          <span>
            <strong>{t('start.kept')}</strong>
            {t('start.kept-detail')}
          </span>
        </li>
      </ul>
      <Rose className="identity-rose" />
    </section>
  );
}

/** What must be known of a PIN before it is wanted. */
function PinNotes({ token }: { readonly token: TokenJson }) {
  const { t } = useText();
  const open = (
    <ButtonLink to="/pins" size="row">
      {t('start.open-pins')}
    </ButtonLink>
  );
  const notes: { name: PinJson['name']; kind: 'blocked' | 'change' | 'last' }[] = [];
  for (const { name, role, tries, changeFirst } of token.pins) {
    if (role === 'unblock') continue;
    if (tries === 0 || tries === 'blocked') notes.push({ name, kind: 'blocked' });
    else if (changeFirst) notes.push({ name, kind: 'change' });
    else if (tries === 1 || tries === 'last') notes.push({ name, kind: 'last' });
  }
  return notes.map(({ name, kind }) => (
    <Note
      key={name}
      tone={kind === 'blocked' ? 'bad' : 'care'}
      title={t(`start.pin-${kind}.title`, { pin: name })}
      action={open}
    >
      {t(`start.pin-${kind}.text`)}
    </Note>
  ));
}

function SignIn({ token, reader }: { readonly token: TokenJson; readonly reader: string | null }) {
  const { t } = useText();
  const login = useRequest('session.login');
  const prompt = useWindow((state) => state.prompt);
  const left = useWindow(({ session }) => session.wipedBecause);
  // A card whose only key signs: signing in is then a signature, and says so.
  const bySignature = !token.certificates.some(({ role }) => role === 'authentication');
  const run = () => void login.run(reader === null ? {} : { reader });
  const notice = login.failure?.code === 'pin-cancelled' || login.failure?.code === 'cancelled';
  return (
    <>
      {left !== undefined && !login.busy && login.failure === null && (
        <Note tone="plain" role="status">
          {t(`start.left.${left}`)}
        </Note>
      )}
      {login.failure && !notice && <FailureNote failure={login.failure} />}
      <section className="way-in" data-sign={bySignature}>
        <span className="way-in-icon">
          <Icon of={bySignature ? PenLine : Lock} size={22} />
        </span>
        <div className="grow">
          <h2>{t('start.locked.title')}</h2>
          <p className="small second" role={login.busy ? 'status' : undefined}>
            {login.busy
              ? prompt === null
                ? t('start.signing-in')
                : t('start.pin-open', { pin: prompt.pin })
              : t(bySignature ? 'start.locked.by-signature' : 'start.locked.text')}
          </p>
        </div>
        {login.busy && (
          <Button variant="text" onPress={login.cancel}>
            {t('action.cancel')}
          </Button>
        )}
        <Button variant={bySignature ? 'sign' : 'primary'} icon={LogIn} busy={login.busy} onPress={run}>
          {t(bySignature ? 'action.sign-in-pin2' : 'action.sign-in-pin1')}
        </Button>
      </section>
    </>
  );
}

function OpenSession() {
  const { t, time } = useText();
  const { portal, expiresAt } = useWindow((state) => state.session);
  return (
    <section className="way-in">
      <span className="way-in-icon">
        <Icon of={DoorOpen} size={22} />
      </span>
      <div className="grow">
        <h2>{t('start.session.title', { label: portal?.label ?? '' })}</h2>
        <p className="small second safe-text">
          {t('start.session.text', {
            host: portal?.host ?? '',
            time: expiresAt === undefined ? '' : time(expiresAt),
          })}
        </p>
      </div>
      <ButtonLink to="/data" variant="primary" icon={ArrowRight}>
        {t('start.session.open')}
      </ButtonLink>
    </section>
  );
}

function Action({
  to,
  icon,
  name,
  sign = false,
  locked = false,
}: {
  readonly to: string;
  readonly icon: LucideIcon;
  readonly name: 'sign' | 'documents' | 'log' | 'pins';
  readonly sign?: boolean;
  readonly locked?: boolean;
}) {
  const { t } = useText();
  return (
    <a className="action" href={`#${to}`}>
      <span className="spread">
        <span className="action-icon" data-sign={sign}>
          <Icon of={icon} size={22} />
        </span>
        <Icon of={ArrowRight} />
      </span>
      <strong>{t(`start.do.${name}.title`)}</strong>
      <span className="small third">{t(locked ? 'start.do.after-sign-in' : `start.do.${name}.text`)}</span>
    </a>
  );
}
