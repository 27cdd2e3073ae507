import { GraduationCap } from 'lucide-react';
import { Suspense, useEffect, useRef } from 'react';
import { Icon } from '../components/Icon.tsx';
import { Seam } from '../components/Seam.tsx';
import { Loading } from '../components/Waiting.tsx';
import { WatermarkSimulated } from '../components/Watermark.tsx';
import { pageAt } from '../pages/index.ts';
import { keepFocus } from './focus-keeper.ts';
import { PageBoundary } from './PageBoundary.tsx';
import { Rail } from './Rail.tsx';
import { navigate, usePath } from './router.ts';
import { Tools } from './Tools.tsx';
import { useText } from './text.tsx';
import { isSimulated, useWindow } from './window-store.ts';

/** The main window: rail with the reader, seam, tools, and the page. */
export function Shell() {
  const { t } = useText();
  const path = usePath();
  const simulated = useWindow(isSimulated);
  const page = pageAt(path);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const title = t(page.title);
  const dropped = useWindow((state) => state.dropped.length);
  useEffect(() => (main.current === null ? undefined : keepFocus(main.current)), []);
  useEffect(() => {
    if (dropped > 0) navigate('/sign');
  }, [dropped]);
  useEffect(() => {
    document.title = `${title} – Buletin`;
  }, [title]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: focus follows the page, not the element
  useEffect(() => {
    // Not when the window opens: nobody has gone anywhere yet.
    if (!first.current) {
      main.current?.focus({ preventScroll: true });
      main.current?.scrollTo(0, 0);
    }
    first.current = false;
  }, [page.path]);
  return (
    <div className="app-frame">
      <div className="app">
        <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
          {t('shell.skip')}
        </button>
        <Rail path={page.path} />
        <Seam simulated={simulated} />
        <div className="main-column">
          <Tools />
          {simulated && <SimulatedBand />}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and may hold nothing else to reach */}
          <main className="main" id="main" tabIndex={0} ref={main} aria-label={title}>
            <PageBoundary key={page.path}>
              <Suspense fallback={<Loading label={t('shell.loading-page')} />}>
                <page.Page />
              </Suspense>
            </PageBoundary>
          </main>
          {simulated && <WatermarkSimulated />}
        </div>
      </div>
    </div>
  );
}

function SimulatedBand() {
  const { t } = useText();
  const what = useWindow(({ sandbox, personal, session }) =>
    sandbox ? 'all' : personal?.token.simulated ? 'card' : session.portal?.simulated ? 'portal' : 'card',
  );
  return (
    <aside className="simulated-band" aria-label={t('simulated.title')}>
      <Icon of={GraduationCap} />
      <strong className="strong">{t('simulated.title')}</strong>
      <span className="grow">{t(`simulated.${what}`)}</span>
      {what === 'all' && <a href="#/diagnostics/training">{t('simulated.exercises')}</a>}
    </aside>
  );
}
