import { useText } from '../app/text.tsx';
import { Loading } from '../components/Waiting.tsx';

/** Stands in the navigation until the page itself does. */
export default function Pending() {
  const { t } = useText();
  return <Loading label={t('shell.loading-page')} />;
}
