import { Lock, LogOut } from 'lucide-react';
import { Button } from '../components/Button.tsx';
import { FailureNote } from '../components/FailurePanel.tsx';
import { Icon } from '../components/Icon.tsx';
import { DockedReader } from '../drawings/reader.tsx';
import { Logo } from '../drawings/stitches.tsx';
import { type PageEntry, pages } from '../pages/index.ts';
import { readerState } from './reader-state.ts';
import { useText } from './text.tsx';
import { useNow } from './use-now.ts';
import { useRequest } from './use-request.ts';
import { isSimulated, useWindow } from './window-store.ts';

/** Navigation, and below it the reader, which is always true. */
export function Rail({ path }: { readonly path: string }) {
  const { t } = useText();
  const open = pages.filter((page) => page.parent === undefined || path.startsWith(page.parent));
  return (
    <aside className="rail" aria-label={t('shell.rail')}>
      <div className="brand">
        <Logo />
        <span>Buletin</span>
      </div>
      <nav className="nav" aria-label={t('shell.navigation')} data-open={open.length > 9}>
        {open.map((page) => (
          <NavLink key={page.path} page={page} on={page.path === path} />
        ))}
      </nav>
      <Dock />
    </aside>
  );
}

function NavLink({ page, on }: { readonly page: PageEntry; readonly on: boolean }) {
  const { t } = useText();
  const locked = useWindow(
    ({ personal, session }) =>
      (page.needs === 'card' && personal === null) ||
      (page.needs === 'session' && session.state !== 'signed-in'),
  );
  const title = t(page.title);
  return (
    <a
      href={`#${page.path}`}
      className="nav-link"
      data-on={on}
      data-sub={page.parent !== undefined}
      data-locked={locked}
      aria-current={on ? 'page' : undefined}
      title={title}
    >
      {page.icon && <Icon of={page.icon} />}
      <span>{title}</span>
      {locked && (
        <span className="nav-lock">
          <Icon of={Lock} size={15} />
          <span className="visually-hidden">
            {t(`shell.locked-${page.needs === 'card' ? 'card' : 'session'}`)}
          </span>
        </span>
      )}
    </a>
  );
}

/** The reader in the corner, in a drawing and in one line of words. */
function Dock() {
  const { t } = useText();
  const reader = useWindow(readerState);
  const simulated = useWindow(isSimulated);
  const expiresAt = useWindow(({ session }) => session.expiresAt);
  const now = useNow();
  const logout = useRequest('session.logout');
  const minutes =
    expiresAt === undefined
      ? undefined
      : Math.max(0, Math.ceil((Date.parse(expiresAt) - now.getTime()) / 60_000));
  return (
    <div className="dock">
      <div className="dock-drawing">
        {simulated && <span className="dock-tag">{t('simulated.tag')}</span>}
        <DockedReader state={reader} />
      </div>
      <div role="status">
        <div className="dock-state">
          <i className="dock-light" data-state={reader} />
          {t(`reader.${reader}`)}
        </div>
        <div className="small third dock-detail">
          {reader === 'session' && minutes !== undefined
            ? t('reader.session-minutes', { minutes })
            : t(`reader.${reader}.detail`)}
        </div>
      </div>
      {reader === 'session' && (
        <Button size="row" icon={LogOut} busy={logout.busy} onPress={() => void logout.run({})}>
          {t('action.sign-out')}
        </Button>
      )}
      {logout.busy && (
        <Button variant="text" size="row" onPress={logout.cancel}>
          {t('action.cancel')}
        </Button>
      )}
      {logout.failure && <FailureNote failure={logout.failure} />}
    </div>
  );
}
