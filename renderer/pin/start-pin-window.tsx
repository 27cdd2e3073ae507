import type { Root } from 'react-dom/client';
import type { PagePort } from '../../electron/contract/pages/page-messages.ts';
import { useAppearance } from '../app/appearance.ts';
import { HostLink } from '../app/host-link.ts';
import { type LoadedLanguage, loadLanguage, TextProvider } from '../app/text.tsx';
import { StoreContext, useWindow, WindowStore } from '../app/window-store.ts';
import { PinPage } from './PinPage.tsx';
import { PinEntry } from './pin-entry.ts';

/** Opens the PIN window: one question, one answer. */
export async function startPinWindow(root: Root, port: PagePort): Promise<void> {
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
  const { prompt, settings } = store.get();
  if (prompt === null) return;
  const entry = new PinEntry(prompt, link);
  // Gone is the question: cancelled elsewhere, card taken, agent lost.
  store.subscribe(() => {
    if (store.get().prompt?.promptId !== prompt.promptId) entry.close();
  });
  window.addEventListener('pagehide', () => entry.close());
  const text = await loadLanguage(settings.language);
  root.render(
    <StoreContext value={store}>
      <Localised initial={text}>
        <PinPage prompt={prompt} entry={entry} shuffled={settings.shuffledDigits} />
      </Localised>
    </StoreContext>,
  );
}

function Localised({
  initial,
  children,
}: {
  readonly initial: LoadedLanguage;
  readonly children: React.ReactNode;
}) {
  const settings = useWindow((state) => state.settings);
  useAppearance(settings);
  return (
    <TextProvider language={settings.language} initial={initial}>
      {children}
    </TextProvider>
  );
}
