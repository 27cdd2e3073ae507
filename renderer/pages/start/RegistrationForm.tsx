import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { type Registration, registrationSchema } from '../../../electron/contract/portal/registration.ts';
import { languages } from '../../../electron/contract/text/languages.ts';
import { useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { Button } from '../../components/Button.tsx';
import { Segments } from '../../components/Choices.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Field } from '../../components/Field.tsx';
import { useToast } from '../../components/Toast.tsx';

/** The portal's first-time registration: contact data, once. */
export function RegistrationForm({ label }: { readonly label: string }) {
  const { t, language } = useText();
  const toast = useToast();
  const register = useRequest('session.register');
  const [email, setEmail] = useState('');
  const [mobile, setMobile] = useState('');
  const [home, setHome] = useState('');
  const [address, setAddress] = useState('');
  const [writesIn, setWritesIn] = useState<Registration['language']>(language);
  const [tried, setTried] = useState(false);
  // Spaces, brackets and hyphens are how people write numbers; the portal takes digits.
  const digits = (phone: string) => phone.replace(/[\s().-]/g, '');
  const registration = {
    email: email.trim(),
    mobilePhone: digits(mobile),
    homePhone: home.trim() === '' ? null : digits(home),
    postalAddress: address.trim() === '' ? null : address.trim(),
    language: writesIn,
  };
  const wrong = new Set(
    registrationSchema.safeParse(registration).error?.issues.map((issue) => String(issue.path[0])),
  );
  const send = async () => {
    setTried(true);
    if (wrong.size > 0) return;
    if ((await register.run(registration)) !== undefined) toast(t('register.done'));
  };
  return (
    <form
      className="card registration"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h2>{t('register.title')}</h2>
      <p className="second safe-text">{t('register.lead', { label })}</p>
      {register.failure && <FailureNote failure={register.failure} />}
      <div className="two-columns">
        <Field
          label={t('register.email')}
          type="email"
          autoComplete="email"
          value={email}
          onChange={setEmail}
          isRequired
          showError={tried}
          error={wrong.has('email') ? t('register.email.error') : undefined}
        />
        <Field
          label={t('register.mobile')}
          type="tel"
          autoComplete="tel"
          value={mobile}
          onChange={setMobile}
          isRequired
          showError={tried}
          error={wrong.has('mobilePhone') ? t('register.mobile.error') : undefined}
        />
        <Field
          label={t('register.home')}
          type="tel"
          value={home}
          onChange={setHome}
          showError={tried}
          error={wrong.has('homePhone') ? t('register.mobile.error') : undefined}
        />
        <Field
          label={t('register.address')}
          autoComplete="street-address"
          value={address}
          onChange={setAddress}
          showError={tried}
          error={wrong.has('postalAddress') ? t('register.address.error') : undefined}
        />
      </div>
      <div className="spread registration-foot">
        <div className="stack registration-language">
          <span className="small">{t('register.language')}</span>
          <Segments
            label={t('register.language')}
            value={writesIn}
            choices={languages.map((one) => ({ value: one, label: t(`language.${one}`) }))}
            onChange={setWritesIn}
          />
        </div>
        {register.busy && (
          <Button variant="text" onPress={register.cancel}>
            {t('action.cancel')}
          </Button>
        )}
        <Button type="submit" variant="primary" icon={UserPlus} busy={register.busy}>
          {t('register.send')}
        </Button>
      </div>
    </form>
  );
}
