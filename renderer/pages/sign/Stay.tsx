import { ShieldCheck } from 'lucide-react';
import { useText } from '../../app/text.tsx';
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
