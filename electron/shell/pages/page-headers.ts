/**
 * The headers that every file of the window is served with. A page runs the scripts and styles that were built, and
 * nothing else; it reaches nothing, frames nothing, asks for no permission.
 */
import type { PageKind } from '../../contract/pages/page-messages.ts';

const common = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

const policies: Readonly<Record<PageKind, readonly string[]>> = {
  main: [
    ...common,
    // Photos of the portal and previews of documents are made in the page.
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    // Modals are the system's dialog for printing.
    'sandbox allow-scripts allow-same-origin allow-forms allow-modals',
  ],
  pin: [...common, "img-src 'self'", 'sandbox allow-scripts allow-same-origin allow-forms'],
};

const noFeatures = [
  ...['accelerometer', 'autoplay', 'bluetooth', 'camera', 'clipboard-read', 'display-capture', 'fullscreen'],
  ...['geolocation', 'gyroscope', 'hid', 'identity-credentials-get', 'idle-detection', 'local-fonts'],
  ...['magnetometer', 'microphone', 'midi', 'otp-credentials', 'payment', 'picture-in-picture'],
  ...['publickey-credentials-create', 'publickey-credentials-get', 'screen-wake-lock', 'serial'],
  ...['storage-access', 'usb', 'web-share', 'window-management', 'xr-spatial-tracking'],
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** The content security policy of a kind of page. */
export const contentSecurityPolicy = (kind: PageKind): string => policies[kind].join('; ');

/** All headers of a file, beside its type. */
export const pageHeaders = (kind: PageKind): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': contentSecurityPolicy(kind),
  'Permissions-Policy': noFeatures,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // What a page shows is never kept on disk.
  'Cache-Control': 'no-store',
});
