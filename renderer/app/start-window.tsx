import type { Root } from 'react-dom/client';
import type { PagePort } from '../../electron/contract/pages/page-messages.ts';
import { useAppearance } from './appearance.ts';
import { HostLink, LinkContext } from './host-link.ts';
import { MainWindow } from './MainWindow.tsx';
import { type LoadedLanguage, loadLanguage, TextProvider } from './text.tsx';
import { StoreContext, useWindow, WindowStore } from './window-store.ts';

/** Opens the main window on a host: waits for its welcome and the language it names, then renders. */
export async function startWindow(
  root: Root,
  port: PagePort,
): Promise<{ store: WindowStore; link: HostLink }> {
  const store = new WindowStore();
  const link = new HostLink(port, store);
  const welcomed = new Promise<void>((resolve) => {
    const leave = store.subscribe(() => {
      leave();
      resolve();
    });
  });
  link.start();
  await welcomed;
  const text = await loadLanguage(store.get().settings.language);
  root.render(
    <StoreContext value={store}>
      <LinkContext value={link}>
        <Localised initial={text} />
      </LinkContext>
    </StoreContext>,
  );
  return { store, link };
}

function Localised({ initial }: { readonly initial: LoadedLanguage }) {
  const settings = useWindow((state) => state.settings);
  useAppearance(settings);
  return (
    <TextProvider language={settings.language} initial={initial}>
      <MainWindow />
    </TextProvider>
  );
}
