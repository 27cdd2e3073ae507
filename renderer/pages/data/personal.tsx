import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import type { ServiceAnswers } from '../../../electron/contract/portal/services.ts';
import { clean } from '../../app/clean-text.ts';
import { useText } from '../../app/text.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Portrait } from '../../drawings/card.tsx';
import { DataPage } from './DataPage.tsx';
import { Facts, Remarks, useWarnings, Value } from './Facts.tsx';
import { fieldOrder } from './values.ts';

export default function PersonalPage() {
  const { t } = useText();
  // What is hidden stays so again when the page is left.
  const [shown, setShown] = useState(false);
  return (
    <DataPage
      service="personal"
      title={t('nav.personal')}
      lead={t('data.personal.lead')}
      empty={t('data.personal.empty')}
      sensitive={shown}
      shape="lines"
    >
      {(answer) => <People answer={answer} shown={shown} onShow={setShown} />}
    </DataPage>
  );
}

function People({
  answer,
  shown,
  onShow,
}: {
  readonly answer: ServiceAnswers['personal'];
  readonly shown: boolean;
  readonly onShow: (shown: boolean) => void;
}) {
  const { t } = useText();
  const warnings = useWarnings(answer);
  return answer.items.map((item, index) => (
    <article className="card person" key={item.idnp}>
      <div className="person-head">
        <div className="person-photo" aria-hidden="true">
          <Portrait />
        </div>
        <div className="grow">
          <h2 className="person-name safe-text">{clean(`${item.given_name} ${item.family_name}`, 140)}</h2>
          <p className="row lead">
            <Value service="personal" field="idnp" value={item.idnp} />
            <CopyButton text={item.idnp} label={t('start.copy-idnp')} />
          </p>
        </div>
      </div>
      <Facts
        service="personal"
        item={item}
        fields={fieldOrder.personal.filter((field) => field !== 'blood_group' && field !== 'idnp')}
      >
        <div>
          <dt>{t('personal.blood_group')}</dt>
          <dd className="row" aria-live="polite">
            {item.blood_group === null || shown ? (
              <Value service="personal" field="blood_group" value={item.blood_group} />
            ) : (
              <span className="third">{t('value.hidden')}</span>
            )}
            {item.blood_group !== null && (
              <span className="no-print">
                <Button
                  variant="text"
                  size="row"
                  icon={shown ? EyeOff : Eye}
                  aria-label={t(shown ? 'data.personal.hide-blood' : 'data.personal.show-blood')}
                  onPress={() => onShow(!shown)}
                >
                  {t(shown ? 'action.hide' : 'action.show')}
                </Button>
              </span>
            )}
          </dd>
        </div>
      </Facts>
      <Remarks
        service="personal"
        warnings={(warnings[index] ?? []).filter(({ field }) => shown || field !== 'blood_group')}
      />
    </article>
  ));
}
