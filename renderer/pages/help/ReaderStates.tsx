import { readerState } from '../../app/reader-state.ts';
import { type TextKey, useText } from '../../app/text.tsx';
import { useWindow, type WindowState } from '../../app/window-store.ts';
import { Card } from '../../components/Card.tsx';
import { Tag } from '../../components/Tag.tsx';
import type { ReaderState } from '../../drawings/reader.tsx';

const kinds = ['none', 'empty', 'reading', 'ready', 'mute', 'busy', 'unknown', 'off'] as const;
type Kind = (typeof kinds)[number];

const lights: Readonly<Record<Kind, ReaderState>> = {
  none: 'none',
  empty: 'wait',
  reading: 'reading',
  ready: 'ready',
  mute: 'remove',
  busy: 'remove',
  unknown: 'remove',
  off: 'off',
};

/** Which of the states is the present one, so that it can be marked. */
function present(state: WindowState): Kind {
  switch (readerState(state)) {
    case 'none':
      return 'none';
    case 'wait':
      return 'empty';
    case 'reading':
      return 'reading';
    case 'ready':
    case 'session':
      return 'ready';
    case 'off':
      return 'off';
    case 'remove': {
      if (state.readers.some((one) => one.state === 'busy')) return 'busy';
      return state.readers.some((one) => one.state === 'present') ? 'unknown' : 'mute';
    }
  }
}

/** What the words under the drawn reader mean, and which of them is true now. */
export function ReaderStates() {
  const { t } = useText();
  const now = useWindow(present);
  return (
    <Card aria-labelledby="help-reader" className="help-reader">
      <h2 id="help-reader">{t('page.help.reader')}</h2>
      <dl>
        {kinds.map((kind) => (
          <div key={kind} data-now={kind === now}>
            <dt>
              <i className="dock-light" data-state={lights[kind]} aria-hidden="true" />
              {t(`page.help.reader.${kind}` satisfies TextKey)}
              {kind === now && <Tag tone="info">{t('page.help.reader.now')}</Tag>}
            </dt>
            <dd className="small second">{t(`page.help.reader.${kind}.text` satisfies TextKey)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
