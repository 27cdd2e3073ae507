import { CircleCheck, CircleX, FilePlus, FolderOpen, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { asFailure, type Failure } from '../../../electron/contract/failures/failure.ts';
import { failureFromWire } from '../../../electron/contract/model/failure.ts';
import type { ChosenDocument } from '../../../electron/contract/pages/host-methods.ts';
import { clean } from '../../app/clean-text.ts';
import { useLink } from '../../app/host-link.ts';
import { useText } from '../../app/text.tsx';
import { Button } from '../../components/Button.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { SafeText } from '../../components/SafeText.tsx';
import { Seal } from '../../drawings/emblems.tsx';
import { type SignedResult, useDesk } from './signing-desk.ts';

/** What came of each document. */
export function Results({
  results,
  documents,
}: {
  readonly results: readonly SignedResult[];
  readonly documents: readonly ChosenDocument[];
}) {
  const { t } = useText();
  const [, actions] = useDesk();
  const total = results.length;
  const signed = results.filter(({ failure }) => failure === undefined).length;
  const verdict = signed === total ? 'all' : signed === 0 ? 'none' : 'some';
  const names = new Map(documents.map(({ id, name }) => [id, name]));
  return (
    <>
      <section className="sign-verdict" data-verdict={verdict} role="status">
        {verdict === 'none' ? <Icon of={CircleX} size={64} weight={1.6} /> : <Seal size={72} glyph="check" />}
        <div className="grow">
          <h2>
            {verdict === 'some'
              ? t('page.sign.result.some', { signed, total })
              : t(`page.sign.result.${verdict}`, { count: total })}
          </h2>
          {signed > 0 && (
            <>
              <p>{t('page.sign.result.verified')}</p>
              <p>{t('page.sign.result.keep')}</p>
            </>
          )}
          <div className="row wide wrap">
            {verdict !== 'all' && (
              <Button variant="primary" icon={RotateCcw} onPress={() => actions.again()}>
                {t('page.sign.result.retry')}
              </Button>
            )}
            <Button
              variant={verdict === 'all' ? 'primary' : 'secondary'}
              icon={FilePlus}
              onPress={() => actions.clear()}
            >
              {t('page.sign.result.again')}
            </Button>
          </div>
        </div>
      </section>
      <ul className="sign-results">
        {results.map((result) => (
          <ResultRow key={result.id} result={result} name={names.get(result.id) ?? ''} />
        ))}
      </ul>
    </>
  );
}

function ResultRow({ result, name }: { readonly result: SignedResult; readonly name: string }) {
  const { t } = useText();
  const link = useLink();
  const [notShown, setNotShown] = useState<Failure | null>(null);
  const show = () => {
    setNotShown(null);
    link.request('host.documents.show', { id: result.id }).catch((thrown) => setNotShown(asFailure(thrown)));
  };
  const good = result.failure === undefined;
  const { output, signer, digest } = result;
  return (
    <li className="sign-result" data-good={good}>
      <Icon of={good ? CircleCheck : CircleX} size={24} weight={2.1} />
      <div className="grow">
        <p className="strong">
          <SafeText limit={160}>{output ?? name}</SafeText>
        </p>
        <p className="small second">
          {good ? t('page.sign.result.ok') : t('page.sign.result.failed')}
          {signer && `. ${t('page.sign.result.signer', { name: clean(signer.commonName, 120) })}`}
        </p>
        {result.failure && <FailureNote failure={failureFromWire(result.failure)} />}
        {digest && (
          <details className="small third">
            <summary>{t('page.sign.result.details')}</summary>
            <p>{t('page.sign.result.digest', { algorithm: digest.algorithm })}</p>
            <p className="mono">{digest.value}</p>
          </details>
        )}
        {notShown && <FailureNote failure={notShown} />}
      </div>
      {good && (
        <Button
          size="row"
          icon={FolderOpen}
          aria-label={t('page.sign.result.folder-of', { name: clean(output ?? name, 80) })}
          onPress={show}
        >
          {t('page.sign.result.folder')}
        </Button>
      )}
    </li>
  );
}
