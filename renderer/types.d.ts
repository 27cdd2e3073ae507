declare module '*.css';

interface Window {
  /** What carries messages between this page and its host; there before any script of ours runs. */
  readonly buletin?: import('../electron/contract/pages/page-messages.ts').PagePort;
}
