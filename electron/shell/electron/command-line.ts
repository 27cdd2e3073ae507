/** What the program was started with: our own options, and Chromium's switches that are refused. */
import { parseArgs } from 'node:util';
import type { AgentArguments } from '../../client/agent-process.ts';

/** The options that the window's program takes; they go on to the agent. */
const ours = ['sandbox', 'reader', 'module', 'settings', 'portal'] as const;

/**
 * Reads our options. Others are left to Chromium, which reads the same line.
 * @param args without the executable and, in development, without the application's folder
 */
export function agentOptions(args: readonly string[]): Omit<AgentArguments, 'program'> {
  const { values } = parseArgs({
    args: args.map((arg) => (arg === '--sandbox' ? '--sandbox=eid' : arg)),
    options: Object.fromEntries(ours.map((name) => [name, { type: 'string' as const }])),
    strict: false,
    allowPositionals: true,
  });
  return Object.fromEntries(
    ours.flatMap((name) => {
      const value = values[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );
}

/** Switches of Chromium that would open the windows to others or take their walls away. */
export const refusedSwitches = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'inspect',
  'inspect-brk',
  'js-flags',
  'no-sandbox',
  'disable-setuid-sandbox',
  'disable-gpu-sandbox',
  'disable-seccomp-filter-sandbox',
  'disable-namespace-sandbox',
  'single-process',
  'in-process-gpu',
  'no-zygote',
  'disable-web-security',
  'disable-site-isolation-trials',
  'allow-running-insecure-content',
  'allow-file-access-from-files',
  'ignore-certificate-errors',
  'ignore-certificate-errors-spki-list',
  'load-extension',
  'enable-logging',
  'log-net-log',
  'net-log-capture-mode',
  'ssl-key-log-file',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
  'user-data-dir',
  'auto-open-devtools-for-tabs',
] as const;

/** Switches that the program sets for itself, before Electron is ready. */
export const ownSwitches: readonly (readonly [name: string, value?: string])[] = [
  // No name is looked up: nothing that a page asks for is anywhere but in our own scheme.
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['force-webrtc-ip-handling-policy', 'disable_non_proxied_udp'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-breakpad'],
  ['disable-http-cache'],
  ['disable-quic'],
  ['disable-3d-apis'],
  ['disable-speech-api'],
  ['disable-notifications'],
  ['no-pings'],
  [
    'disable-features',
    'Translate,MediaRouter,WebOTP,SpareRendererForSitePerProcess,NetworkTimeServiceQuerying',
  ],
];
