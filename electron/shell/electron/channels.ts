/** Names of the IPC channels between a page's preload script and the host. There are no others. */
export const channels = {
  fromPage: 'buletin:from-page',
  toPage: 'buletin:to-page',
  dropped: 'buletin:dropped',
} as const;
