import { I18nProvider } from 'react-aria-components/I18nProvider';
import { ToastRegion } from '../components/Toast.tsx';
import { Shell } from './Shell.tsx';
import { useText } from './text.tsx';

/** Everything inside the main window. */
export function MainWindow() {
  const { language } = useText();
  return (
    <I18nProvider locale={language}>
      <ToastRegion>
        <Shell />
      </ToastRegion>
    </I18nProvider>
  );
}
