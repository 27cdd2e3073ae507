import { useEffect, useLayoutEffect, useState } from 'react';
import type { WindowSettings } from '../../electron/contract/pages/host-methods.ts';

const dark = () => window.matchMedia('(prefers-color-scheme: dark)');

/** Puts theme and size of text on the document. */
export function useAppearance({ theme, textSize }: Pick<WindowSettings, 'theme' | 'textSize'>): void {
  const [systemDark, setSystemDark] = useState(() => dark().matches);
  useEffect(() => {
    const query = dark();
    const changed = () => setSystemDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  useLayoutEffect(() => {
    const { documentElement: root } = document;
    root.dataset.theme = theme === 'system' ? (systemDark ? 'dark' : 'light') : theme;
    root.style.setProperty('--text-scale', String(textSize / 100));
  }, [theme, textSize, systemDark]);
}
