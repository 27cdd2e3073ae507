/** How the browser is started: without anything that is for browsing, for automation or for its maker. */

/** Services that talk to someone or offer something of their own. */
const disabledFeatures = [
  ...['Translate', 'MediaRouter', 'DialMediaRouteProvider', 'CastMediaRouteProvider', 'OptimizationHints'],
  ...['OptimizationGuideModelDownloading', 'AutofillServerCommunication', 'GlobalMediaControls'],
  ...['NetworkTimeServiceQuerying', 'PreconnectToSearch', 'LensOverlay', 'InterestFeedContentSuggestions'],
  ...[
    'SpareRendererForSitePerProcess',
    'ServiceWorkerAutoPreload',
    'WebOTP',
    'Prerender2',
    'BackForwardCache',
  ],
  // Pages of the address bar, which our windows do not have: loading them took as long as all the rest.
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'],
];

const flags = [
  '--no-first-run',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-search-engine-choice-screen',
  '--no-pings',
  '--disable-client-side-phishing-detection',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-field-trial-config',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-extensions',
  '--disable-component-extensions-with-background-pages',
  '--disable-quic',
  // No network, three times over: a proxy that is not there, for everything, WebRTC's UDP too. (The fourth is the
  // network namespace, the fifth that every request is intercepted.)
  '--proxy-server=http://0.0.0.0:1',
  '--proxy-bypass-list=<-loopback>',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--password-store=basic',
  '--deny-permission-prompts',
  '--disable-notifications',
  '--disable-print-preview',
  '--disable-speech-api',
  '--disable-3d-apis',
  '--disable-file-system',
  '--disable-session-crashed-bubble',
  '--hide-crash-restore-bubble',
  '--noerrdialogs',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--enable-features=NetworkServiceSandbox',
  `--disable-features=${disabledFeatures.join(',')}`,
  '--disable-gpu',
  '--class=Buletin',
];

export interface WindowFlags {
  readonly profile: string;
  /** A `data:` address that tells our windows from others: pages are loaded once they are intercepted. */
  readonly splash: string;
  readonly headless: boolean;
  readonly kiosk?: boolean;
  readonly wayland?: boolean;
}

/** The command line for a window: of a new browser, or one more of the browser that has the profile open. */
export function browserFlags(options: WindowFlags): string[] {
  return [
    '--remote-debugging-pipe',
    `--user-data-dir=${options.profile}`,
    ...flags,
    ...(options.headless ? ['--headless=new'] : []),
    ...(options.wayland ? ['--ozone-platform=wayland'] : []),
    ...(options.kiosk ? ['--kiosk'] : []),
    ...(options.headless ? [options.splash] : [`--app=${options.splash}`]),
  ];
}
