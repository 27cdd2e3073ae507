import { CircleCheck, CircleX, Puzzle } from 'lucide-react';
import type { InspectedModule } from '../../../electron/contract/diagnostics/inspect.ts';
import { failureFromWire } from '../../../electron/contract/model/failure.ts';
import { type TextKey, useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { FailureNote, FailurePanel } from '../../components/FailurePanel.tsx';
import { Note } from '../../components/Note.tsx';
import { SafeText } from '../../components/SafeText.tsx';
import { Tag } from '../../components/Tag.tsx';
import { Loading } from '../../components/Waiting.tsx';

/** The PKCS#11 modules of this system and what each says of itself. */
export function Modules() {
  const { t } = useText();
  const up = useWindow(({ connection }) => connection === 'up');
  const request = useRequest('inspect.modules');
  const modules = request.result?.modules;
  const look = () => void request.run({});
  return (
    <div className="desk-part">
      <div className="row wide wrap">
        <p className="second grow">{t('desk.modules.lead')}</p>
        <Button
          variant={modules === undefined ? 'primary' : 'secondary'}
          size="row"
          icon={Puzzle}
          busy={request.busy}
          isDisabled={!up}
          onPress={look}
        >
          {t('desk.modules.look')}
        </Button>
      </div>
      {request.busy && <Loading label={t('desk.modules.looking')} onCancel={request.cancel} />}
      {request.failure && <FailurePanel failure={request.failure} kind="part" noTrySpent onRetry={look} />}
      {modules?.length === 0 && <Note>{t('desk.modules.none')}</Note>}
      <div className="desk-cards">
        {modules?.map((one) => (
          <Module key={one.path} module={one} />
        ))}
      </div>
    </div>
  );
}

function Module({ module }: { readonly module: InspectedModule }) {
  const { t } = useText();
  const { name, path, from, format, architectures = [], library, slots, ms, failure } = module;
  const facts: readonly (readonly [TextKey, string | undefined])[] = [
    ['desk.modules.from', from.map((one) => t(`desk.modules.from.${one}`)).join(', ')],
    ['desk.modules.format', format && [format.toUpperCase(), ...architectures].join(', ')],
    [
      'desk.modules.library',
      library && [library.manufacturer, library.description, library.version].join(' · '),
    ],
    ['desk.modules.cryptoki', library?.cryptoki],
    ['desk.modules.took', t('diag.ms', { ms: Math.round(ms) })],
  ];
  return (
    <Card aria-label={name} className="desk-card">
      <div className="spread">
        <h2>
          <SafeText limit={100}>{name}</SafeText>
        </h2>
        <Tag tone={failure ? 'bad' : 'good'} icon={failure ? CircleX : CircleCheck}>
          {t(failure ? 'desk.modules.fails' : 'desk.modules.works')}
        </Tag>
      </div>
      <p className="mono safe-text third">
        <SafeText>{path}</SafeText>
      </p>
      <dl className="line-facts">
        {facts.map(
          ([key, value]) =>
            value !== undefined && (
              <div key={key}>
                <dt>{t(key)}</dt>
                <dd>
                  <SafeText>{value}</SafeText>
                </dd>
              </div>
            ),
        )}
        {slots !== undefined && slots.length > 0 && (
          <div>
            <dt>{t('desk.modules.slots')}</dt>
            <dd>
              {slots.map((slot, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: slots may be named alike
                <div key={index}>
                  <SafeText limit={100}>{slot.description}</SafeText>:{' '}
                  {slot.token === null ? (
                    t('desk.modules.slot.empty')
                  ) : (
                    <SafeText limit={100}>{slot.token.label}</SafeText>
                  )}
                </div>
              ))}
            </dd>
          </div>
        )}
      </dl>
      {failure && <FailureNote failure={failureFromWire(failure)} />}
    </Card>
  );
}
