import { FilePlus, FileText, X } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { maxDocuments } from '../../../electron/contract/model/signing.ts';
import { clean } from '../../app/clean-text.ts';
import { useText } from '../../app/text.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { SafeText } from '../../components/SafeText.tsx';
import { useDesk } from './signing-desk.ts';
import { sizeText } from './size-text.ts';

/** The documents that will be signed together. */
export function DocumentList() {
  const { t, language } = useText();
  const [desk, actions] = useDesk();
  const still = desk.signing !== 'no';
  return (
    <section className="sign-list" aria-labelledby="sign-documents">
      <h2 id="sign-documents">{t('page.sign.documents', { count: desk.documents.length })}</h2>
      <ul className="sign-documents">
        {desk.documents.map((file) => (
          <li key={file.id} className="sign-document" data-on={file.id === desk.open}>
            <AriaButton
              className="sign-document-open"
              {...(file.id === desk.open ? { 'aria-current': 'true' as const } : {})}
              onPress={() => actions.read(file.id)}
            >
              <Icon of={FileText} />
              <span className="grow">
                <span className="sign-document-name">
                  <SafeText limit={120}>{file.name}</SafeText>
                </span>
                <span className="small third">{sizeText(file.size, language)}</span>
              </span>
            </AriaButton>
            <IconButton
              icon={X}
              size={17}
              label={t('page.sign.remove', { name: clean(file.name, 80) })}
              isDisabled={still}
              onPress={() => actions.remove(file.id)}
            />
          </li>
        ))}
      </ul>
      {desk.tooMany && (
        <Note tone="care" role="status">
          {t('page.sign.too-many', { max: maxDocuments })}
        </Note>
      )}
      <div className="row wrap">
        <Button
          variant="quiet"
          size="row"
          icon={FilePlus}
          busy={desk.choosing}
          isDisabled={still}
          onPress={() => void actions.choose()}
        >
          {t('page.sign.choose-more')}
        </Button>
        {desk.documents.length > 1 && (
          <Button variant="text" size="row" isDisabled={still} onPress={() => actions.clear()}>
            {t('page.sign.clear')}
          </Button>
        )}
      </div>
    </section>
  );
}
