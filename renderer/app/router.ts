import { useSyncExternalStore } from 'react';

/** The page's address: the part after `#`, such as `/data/documents`. */
export const currentPath = (): string => {
  const path = window.location.hash.replace(/^#/, '');
  return path === '' ? '/' : path;
};

const subscribe = (listener: () => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

/** The address, and a new rendering when it changes. */
export const usePath = (): string => useSyncExternalStore(subscribe, currentPath);

export const navigate = (path: string): void => {
  window.location.hash = path;
};
