import { FilePlus, FileText } from 'lucide-react';
import { useText } from '../../app/text.tsx';
import { useWindow } from '../../app/window-store.ts';
import { Button } from '../../components/Button.tsx';
import { CardNeededNote } from '../../components/CardNeeded.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Note } from '../../components/Note.tsx';
import { EmptyState } from '../../components/Waiting.tsx';
import { DocumentList } from './DocumentList.tsx';
import { Preview } from './Preview.tsx';
import { Results } from './Results.tsx';
import { SignWith } from './SignWith.tsx';
import { SigningFacts, Stay } from './Stay.tsx';
import { useDesk } from './signing-desk.ts';
import './sign.css';

/** Signing of PDF documents: choose, read, sign with PIN2, see what came of it. */
export default function SignPage() {
  const { t } = useText();
  const [desk, actions] = useDesk();
  const pin = useWindow(
    ({ personal }) => personal?.token.pins.find((one) => one.role === 'signature')?.name ?? 'PIN2',
  );
  const open = desk.documents.find(({ id }) => id === desk.open);
  return (
    <div className="sign-page">
      <header className="page-head">
        <div>
          <h1>{t('page.sign.title')}</h1>
          <p>{t('page.sign.lead', { pin })}</p>
        </div>
      </header>
      {desk.failure !== null && desk.failure.code !== 'pin-cancelled' && (
        <FailureNote failure={desk.failure} />
      )}
      {desk.failure?.code === 'pin-cancelled' && <Note role="status">{t('page.sign.cancelled')}</Note>}
      {desk.results !== null ? (
        <Results results={desk.results} documents={desk.documents} />
      ) : desk.documents.length === 0 ? (
        <>
          {desk.cleared && (
            <Note role="status" title={t('page.card.removed.title')}>
              <p>{t('page.sign.removed.text')}</p>
            </Note>
          )}
          <EmptyState
            icon={FilePlus}
            title={t('page.sign.empty.title')}
            action={
              <>
                <Button
                  variant="primary"
                  size="hero"
                  icon={FileText}
                  busy={desk.choosing}
                  onPress={() => void actions.choose()}
                >
                  {t('page.sign.choose')}
                </Button>
                <Stay />
              </>
            }
          >
            {t('page.sign.empty.text')}
          </EmptyState>
          {!desk.cleared && <CardNeededNote />}
        </>
      ) : (
        <div className="sign-desk">
          <DocumentList />
          {open && <Preview key={open.id} file={open} />}
          <SignWith />
          <SigningFacts />
        </div>
      )}
    </div>
  );
}
