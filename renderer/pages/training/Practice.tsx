import { KeyRound, LockOpen, type LucideIcon, PenLine, ShieldAlert, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { type TextKey, useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { Radios } from '../../components/Choices.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { envelope, trainingCards, trainingVariants } from './training-cards.ts';
import { useTraining } from './training-desk.ts';

const tries: readonly (readonly [LucideIcon, TextKey])[] = [
  [TriangleAlert, 'train.try.wrong'],
  [ShieldAlert, 'train.try.block'],
  [LockOpen, 'train.try.unblock'],
  [PenLine, 'train.try.sign'],
];

/** A card to one's own liking, and its codes. */
export function Practice() {
  const { t } = useText();
  const { training } = useTraining();
  const [card, setCard] = useState<(typeof trainingCards)[number]>('eid');
  const [variant, setVariant] = useState<(typeof trainingVariants)[number]>('normal');
  const lying = useWindow(({ readers }) => readers.some(({ state }) => state !== 'empty'));
  const insert = useRequest('sandbox.insert');
  const remove = useRequest('sandbox.remove');
  const failure = insert.failure ?? remove.failure;
  const id = useId();
  return (
    <div className="training-part">
      <p className="second">{t('train.card.lead')}</p>
      {training !== null && <Note>{t('train.card.busy')}</Note>}
      <div className="practice">
        <Card aria-label={t('train.card.which')} className="stack">
          <Radios
            label={t('train.card.which')}
            value={card}
            choices={trainingCards.map((value) => ({ value, label: t(`train.card.${value}`) }))}
            onChange={setCard}
          />
          <div className="field">
            <label htmlFor={id}>{t('train.variant')}</label>
            <select
              id={id}
              className="input"
              value={variant}
              onChange={({ target }) =>
                setVariant(trainingVariants.find((one) => one === target.value) ?? 'normal')
              }
            >
              {trainingVariants.map((one) => (
                <option key={one} value={one}>
                  {t(`train.variant.${one}`)}
                </option>
              ))}
            </select>
          </div>
          <div className="row wide wrap">
            <Button
              variant="primary"
              size="row"
              isDisabled={training !== null}
              busy={insert.busy}
              onPress={() => void insert.run({ card: `${card}:${variant}` })}
            >
              {t('train.card.insert')}
            </Button>
            <Button
              size="row"
              isDisabled={training !== null || !lying}
              busy={remove.busy}
              onPress={() => void remove.run({})}
            >
              {t('train.card.remove')}
            </Button>
          </div>
          {failure && <FailureNote failure={failure} />}
        </Card>
        <Card kind="flat" aria-label={t('train.envelope')} className="envelope">
          <h2 className="row">
            <Icon of={KeyRound} size={22} />
            {t('train.envelope')}
          </h2>
          <dl>
            {Object.entries(envelope).map(([name, code]) => (
              <div key={name} data-pin={name}>
                <dt>{name}</dt>
                <dd>{code}</dd>
              </div>
            ))}
          </dl>
          <p className="small second">{t('train.envelope.text')}</p>
        </Card>
        <Card aria-label={t('train.try')} className="practice-tries">
          <h2>{t('train.try')}</h2>
          <ul>
            {tries.map(([icon, key]) => (
              <li key={key}>
                <Icon of={icon} size={20} />
                {t(key)}
              </li>
            ))}
          </ul>
          <div className="row wide wrap">
            <ButtonLink to="/pins" size="row">
              {t('train.where.pins')}
            </ButtonLink>
            <ButtonLink to="/sign" size="row">
              {t('train.where.sign')}
            </ButtonLink>
          </div>
        </Card>
      </div>
    </div>
  );
}
