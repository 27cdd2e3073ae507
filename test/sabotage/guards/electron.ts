import type { Guard } from '../guard.ts';

const policy = 'electron/shell/electron/page-policy.ts';
const policyTests = ['test/shell/electron/page-policy.test.ts'];
const channel = 'electron/shell/electron/page-channel.ts';
const channelTests = ['test/shell/electron/page-channel.test.ts'];
const windowTests = ['test/shell/electron/windows.test.ts'];
const application = 'electron/shell/electron/application.ts';
const applicationTests = ['test/shell/electron/application.test.ts'];

/** What Electron is told to forbid. */
export const electronGuards: readonly Guard[] = [
  {
    id: 'electron-sandbox',
    protects: 'Pages run in a sandboxed process.',
    file: policy,
    find: '    sandbox: true,',
    replace: '    sandbox: false,',
    tests: windowTests,
  },
  {
    id: 'electron-context-isolation',
    protects: 'A page cannot reach into the preload script.',
    file: policy,
    find: '    contextIsolation: true,',
    replace: '    contextIsolation: false,',
    tests: windowTests,
  },
  {
    id: 'electron-no-node',
    protects: 'A page has no Node.',
    file: policy,
    find: '    nodeIntegration: false,',
    replace: '    nodeIntegration: true,',
    tests: windowTests,
  },
  {
    id: 'electron-no-developer-tools',
    protects: 'The installed program has no developer tools.',
    file: policy,
    find: 'devTools: !production',
    replace: 'devTools: true',
    tests: windowTests,
  },
  {
    id: 'electron-content-protection',
    protects: 'The PIN window stays out of screenshots and shared screens where the system can do that.',
    file: 'electron/shell/electron/windows.ts',
    find: '  window.setContentProtection(true);\n',
    replace: '',
    tests: windowTests,
  },
  {
    id: 'electron-navigation',
    protects: 'A page stays where it is.',
    file: policy,
    find: "  contents.on('will-navigate', stay);\n",
    replace: '',
    tests: policyTests,
  },
  {
    id: 'electron-window-open',
    protects: 'A page opens no windows.',
    file: policy,
    find: "action: 'deny'",
    replace: "action: 'allow'",
    tests: policyTests,
  },
  {
    id: 'electron-permissions',
    protects: 'A page gets no permission but to copy text.',
    file: policy,
    find: "permission === 'clipboard-sanitized-write' && ",
    replace: '',
    tests: policyTests,
  },
  {
    id: 'electron-downloads',
    protects: 'Nothing is downloaded.',
    file: policy,
    find: "  session.on('will-download', (event) => event.preventDefault());\n",
    replace: '',
    tests: policyTests,
  },
  {
    id: 'electron-certificates',
    protects: 'No certificate of a remote party is accepted.',
    file: policy,
    find: 'const refuseCertificate = -2;',
    replace: 'const refuseCertificate = 0;',
    tests: policyTests,
  },
  {
    id: 'electron-own-scheme-only',
    protects: 'A page loads nothing but our own files.',
    file: policy,
    find: 'cancel: !mayBeRequested(kind, details.url, production)',
    replace: 'cancel: false',
    tests: policyTests,
  },
  {
    id: 'electron-served-files',
    protects: "One kind of page does not load the other's files.",
    file: 'electron/shell/electron/own-pages.ts',
    find: "url.startsWith(start) && !url.includes('?')",
    replace: 'true',
    tests: policyTests,
  },
  {
    id: 'electron-sender-frame',
    protects: 'A message is heard only from the main frame of our own page.',
    file: channel,
    find: 'if (isOurs(event.senderFrame)) port?.receive(message);',
    replace: 'if (true) port?.receive(message);',
    tests: channelTests,
  },
  {
    id: 'electron-sender-origin',
    protects: 'A message is heard from our own origin only.',
    file: channel,
    find: '    frame.origin === origins[kind] &&\n',
    replace: '',
    tests: channelTests,
  },
  {
    id: 'electron-receiver-origin',
    protects: 'What the shell tells a page is told to no other document.',
    file: channel,
    find: '!contents.isDestroyed() && isOurs(contents.mainFrame)',
    replace: '!contents.isDestroyed()',
    tests: channelTests,
  },
  {
    id: 'electron-preload-origin',
    protects: 'The preload script gives itself to our own pages only.',
    file: 'electron/shell/electron/page-bridge.ts',
    find: '  if (!ours.includes(origin) || page.top !== page.window) return;\n',
    replace: '',
    tests: ['test/shell/electron/page-bridge.test.ts'],
  },
  {
    id: 'electron-refused-switches',
    protects: 'The installed program does not run with its walls taken down.',
    file: application,
    find: 'refusedSwitches.find((name) => app.commandLine.hasSwitch(name))',
    replace: 'undefined',
    tests: applicationTests,
  },
  {
    id: 'electron-every-contents',
    protects: 'Web contents are confined whoever made them.',
    file: application,
    find: "  app.on('web-contents-created', (_event, contents) => confine(contents));\n",
    replace: '',
    tests: applicationTests,
  },
];
