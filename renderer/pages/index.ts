import {
  ContactRound,
  House,
  Info,
  KeyRound,
  LifeBuoy,
  type LucideIcon,
  PenLine,
  ScrollText,
  Settings,
  Stethoscope,
} from 'lucide-react';
import { type ComponentType, lazy } from 'react';
import type { TextKey } from '../app/text.tsx';
import Start from './start/index.tsx';

export interface PageEntry {
  /** After the `#` of the address. */
  readonly path: string;
  readonly title: TextKey;
  readonly icon?: LucideIcon;
  /** Shown in the navigation only while this page, or one beside it, is open. */
  readonly parent?: string;
  /** A closed lock in the navigation; the page itself says what is missing. */
  readonly needs?: 'card' | 'session';
  readonly Page: ComponentType;
}

type Load = () => Promise<{ default: ComponentType }>;
const entry = (
  path: string,
  title: TextKey,
  icon: LucideIcon | undefined,
  load: Load,
  more: Pick<PageEntry, 'needs' | 'parent'> = {},
): PageEntry => ({ path, title, ...(icon ? { icon } : {}), Page: lazy(load), ...more });

const diagnostics = { parent: '/diagnostics' } as const;
const data = { parent: '/data', needs: 'session' } as const;

/** All pages in the order of the navigation. The first one is where the window opens. */
export const pages: readonly PageEntry[] = [
  // Where the window opens: with it at once, not after it.
  { path: '/', title: 'nav.start', icon: House, Page: Start },
  entry('/data', 'nav.data', ContactRound, () => import('./data/overview.tsx'), { needs: 'session' }),
  entry('/data/personal', 'nav.personal', undefined, () => import('./data/personal.tsx'), data),
  entry('/data/documents', 'nav.documents', undefined, () => import('./data/documents.tsx'), data),
  entry('/data/domicile', 'nav.domicile', undefined, () => import('./data/domicile.tsx'), data),
  entry('/data/vehicles', 'nav.vehicles', undefined, () => import('./data/vehicles.tsx'), data),
  entry('/data/access-log', 'nav.access-log', undefined, () => import('./data/access-log.tsx'), data),
  entry('/sign', 'nav.sign', PenLine, () => import('./sign/index.tsx'), { needs: 'card' }),
  entry('/certificates', 'nav.certificates', ScrollText, () => import('./certificates/index.tsx'), {
    needs: 'card',
  }),
  entry('/pins', 'nav.pins', KeyRound, () => import('./pins/index.tsx'), { needs: 'card' }),
  entry('/help', 'nav.help', LifeBuoy, () => import('./help/index.tsx')),
  entry('/diagnostics', 'nav.diagnostics', Stethoscope, () => import('./diagnostics/index.tsx')),
  entry(
    '/diagnostics/report',
    'nav.report',
    undefined,
    () => import('./diagnostics/report.tsx'),
    diagnostics,
  ),
  entry(
    '/diagnostics/helpdesk',
    'nav.helpdesk',
    undefined,
    () => import('./helpdesk/index.tsx'),
    diagnostics,
  ),
  entry(
    '/diagnostics/training',
    'nav.training',
    undefined,
    () => import('./training/index.tsx'),
    diagnostics,
  ),
  entry('/settings', 'nav.settings', Settings, () => import('./settings/index.tsx')),
  entry('/about', 'nav.about', Info, () => import('./about/index.tsx')),
];

/** The page of an address; an unknown address leads to the start. */
export const pageAt = (path: string): PageEntry =>
  pages.find((page) => page.path === path) ?? (pages[0] as PageEntry);
