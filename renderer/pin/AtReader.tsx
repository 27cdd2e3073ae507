import { Keyboard } from 'lucide-react';
import type { PinPrompt } from '../../electron/contract/model/status.ts';
import { useText } from '../app/text.tsx';
import { Icon } from '../components/Icon.tsx';

/** The PIN is typed on the reader's keys: nothing of this page takes it. */
export function AtReader({ prompt }: { readonly prompt: PinPrompt }) {
  const { t } = useText();
  const { pin, atReader, purpose } = prompt;
  const change = purpose === 'change' || purpose === 'unblock';
  return (
    <section className="pin-over" role="status">
      <Icon of={Keyboard} size={34} />
      <h2>{t('pin.reader.title', { pin })}</h2>
      <p className="second">{t(atReader === 'agree' ? 'pin.reader.agree' : 'pin.reader.enter')}</p>
      {change && <p className="second">{t(`pin.reader.${purpose}`)}</p>}
    </section>
  );
}
