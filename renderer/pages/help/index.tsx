import { CircleAlert, Mail, Phone, ShieldAlert } from 'lucide-react';
import { type TextKey, useText } from '../../app/text.tsx';
import { Card } from '../../components/Card.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { ReaderStates } from './ReaderStates.tsx';
import '../certificates/certificates.css';
import './help.css';

const lost = ['page.help.lost.1', 'page.help.lost.2', 'page.help.lost.3', 'page.help.lost.4'] as const;
const first = [
  'page.help.first.1',
  'page.help.first.2',
  'page.help.first.3',
  'page.help.first.4',
  'page.help.first.5',
] as const;
const words: readonly (readonly [name: string | TextKey, sentence: TextKey])[] = [
  ['PIN1', 'page.help.words.PIN1'],
  ['PIN2', 'page.help.words.PIN2'],
  ['PUK', 'page.help.words.PUK'],
  ['IDNP', 'page.help.words.IDNP'],
  ['page.help.words.certificate', 'page.help.words.certificate.text'],
  ['page.help.words.signature', 'page.help.words.signature.text'],
];

/** Help that needs neither card nor network. */
export default function HelpPage() {
  const { t, maybe } = useText();
  return (
    <div className="help-page">
      <header className="page-head">
        <div>
          <h1>{t('page.help.title')}</h1>
          <p>{t('page.help.lead')}</p>
        </div>
      </header>
      <div className="help-parts">
        <div className="help-column">
          <Card aria-labelledby="help-lost" className="help-lost">
            <h2 id="help-lost" className="row">
              <Icon of={ShieldAlert} size={24} />
              {t('page.help.lost')}
            </h2>
            <p className="second">{t('page.help.lost.lead')}</p>
            <Numbered keys={lost} />
            <p className="small second">{t('page.help.lost.note')}</p>
          </Card>
          <Card aria-labelledby="help-first">
            <h2 id="help-first">{t('page.help.first')}</h2>
            <Numbered keys={first} />
          </Card>
        </div>
        <div className="help-column">
          <Contacts />
          <Card kind="flat" aria-labelledby="help-words">
            <h2 id="help-words">{t('page.help.words')}</h2>
            <dl className="help-words">
              {words.map(([name, sentence]) => (
                <div key={name}>
                  <dt>{maybe(name) ?? name}</dt>
                  <dd>{t(sentence)}</dd>
                </div>
              ))}
            </dl>
          </Card>
        </div>
        <ReaderStates />
      </div>
    </div>
  );
}

function Numbered({ keys }: { readonly keys: readonly TextKey[] }) {
  const { t } = useText();
  return (
    <ol className="help-steps">
      {keys.map((key) => (
        <li key={key}>
          <span>{t(key)}</span>
        </li>
      ))}
    </ol>
  );
}

const contacts = [
  { name: 'page.help.phone-short', value: '14 909', copy: '14909', icon: Phone },
  { name: 'page.help.phone', value: '(022) 25-70-70', copy: '022257070', icon: Phone },
  { name: 'page.help.mail', value: 'asp@asp.gov.md', copy: 'asp@asp.gov.md', icon: Mail },
] as const;

function Contacts() {
  const { t } = useText();
  return (
    <Card kind="brand" aria-labelledby="help-contacts" className="help-contacts">
      <h2 id="help-contacts">{t('page.help.contacts')}</h2>
      <p className="second">{t('page.help.contacts.text')}</p>
      <dl>
        {contacts.map(({ name, value, copy, icon }) => (
          <div key={name}>
            <dt className="small">{t(name)}</dt>
            <dd>
              <Icon of={icon} size={22} />
              <span className="grow">{value}</span>
              <CopyButton text={copy} label={t('page.common.copy-what', { what: value })} />
            </dd>
          </div>
        ))}
      </dl>
      <Note tone="care" icon={CircleAlert}>
        {t('page.help.never-pin')}
      </Note>
    </Card>
  );
}
