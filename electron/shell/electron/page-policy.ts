/** What no page may do, whatever it holds: leave, open, download, ask for rights, reach a network. */
import type { Session, WebContents, WebPreferences } from 'electron';
import type { PageKind } from '../../contract/pages/page-messages.ts';
import type { WindowFiles } from '../pages/window-files.ts';
import type { ElectronModule } from './electron-module.ts';
import { origins, scheme } from './origins.ts';
import { pageServer } from './own-pages.ts';
import { pageAddress } from './page-address.ts';

/** Settings of a page's process. Electron's defaults are named too: what they guard must not hang on a default. */
export function pagePreferences(session: Session, preload: string, production: boolean): WebPreferences {
  return {
    session,
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    webgl: false,
    enableWebSQL: false,
    spellcheck: false,
    navigateOnDragDrop: false,
    enableDeprecatedPaste: false,
    disableDialogs: true,
    safeDialogs: true,
    autoplayPolicy: 'document-user-activation-required',
    devTools: !production,
  };
}

/** Chromium's net::ERR_FAILED, as `setCertificateVerifyProc` takes it: no certificate is good enough. */
const refuseCertificate = -2;

/** A session in memory for one kind of page, which serves the built pages and refuses all else. */
export function pageSession(
  { session: sessions }: Pick<ElectronModule, 'session'>,
  kind: PageKind,
  files: WindowFiles,
  production: boolean,
): Session {
  // Without `persist:` nothing of it is written to disk.
  const session = sessions.fromPartition(`buletin-${kind}`, { cache: false });
  session.protocol.handle(scheme, pageServer(kind, files));
  session.setSpellCheckerEnabled(false);
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(mayCopy(kind, permission, details.requestingUrl) && details.isMainFrame),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin, details) =>
      mayCopy(kind, permission, requestingOrigin) && details.isMainFrame,
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.setCertificateVerifyProc((_request, callback) => callback(refuseCertificate));
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, callback) =>
    callback({ cancel: !mayBeRequested(kind, details.url, production) }),
  );
  // What would get past the rule above goes to an address where nobody listens.
  void session.setProxy({
    mode: 'fixed_servers',
    proxyRules: 'http://0.0.0.0:1',
    proxyBypassRules: '<-loopback>',
  });
  return session;
}

/** Writing text to the clipboard after a click is the one right that a page has: "copy" beside a number. */
function mayCopy(kind: PageKind, permission: string, requesting: string): boolean {
  return kind === 'main' && permission === 'clipboard-sanitized-write' && isOf(origins.main, requesting);
}

function isOf(origin: string, address: string): boolean {
  return address === origin || address.startsWith(`${origin}/`);
}

/** Our own files, and what a page has made itself in memory. */
export function mayBeRequested(kind: PageKind, address: string, production: boolean): boolean {
  return (
    address.startsWith(`${origins[kind]}/`) ||
    (kind === 'main' && address.startsWith(`blob:${origins[kind]}/`)) ||
    (!production && address.startsWith('devtools://'))
  );
}

/** Keeps a page where it is. To be called for every web contents that comes to be, whoever made it. */
export function confine(contents: WebContents): void {
  const stay = (event: { preventDefault(): void }) => event.preventDefault();
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', stay);
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault();
    callback('');
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** Loads the page of a kind. */
export async function loadPage(contents: WebContents, kind: PageKind): Promise<void> {
  await contents.loadURL(pageAddress(kind));
}
