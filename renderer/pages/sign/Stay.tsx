import { Clock, type LucideIcon, Save, ShieldCheck } from 'lucide-react';
import { type TextKey, useText } from '../../app/text.tsx';
import { Icon } from '../../components/Icon.tsx';

/** What people ask themselves when they give a document to a program. */
export function Stay() {
  const { t } = useText();
  return (
    <p className="row small third">
      <Icon of={ShieldCheck} size={18} />
      {t('page.sign.stay')}
    </p>
  );
}

const facts: readonly (readonly [LucideIcon, TextKey])[] = [
  [Save, 'page.sign.output.help'],
  [Clock, 'page.sign.no-timestamp'],
  [ShieldCheck, 'page.sign.stay'],
];

/** Where the signed files go, what they carry, and that nothing leaves. */
export function SigningFacts() {
  const { t } = useText();
  return (
    <ul className="sign-facts small third">
      {facts.map(([icon, key]) => (
        <li key={key}>
          <Icon of={icon} size={18} />
          <span>{t(key)}</span>
        </li>
      ))}
    </ul>
  );
}
