import type { PermittedSkip } from './run/skip-rules.ts';

/**
 * The one list of tests that may be skipped, and why. A skip that is not listed fails the run, and so does a
 * listed one on a machine that has what the test needs. An entry names a test or a suite in full:
 * `test/file.test.ts > suite > test`.
 */
export const permittedSkips: readonly PermittedSkip[] = [
  ...[
    'engine/readers/pcsc-contract.test.ts > ReaderService: PC/SC, by a real pcscd',
    'engine/readers/pcsc-service.test.ts > PC/SC service on a real pcscd',
    'native/addon.test.ts > the addon in a process of its own',
    'long/readers.long.test.ts > readers for a long time',
  ].map(
    (name): PermittedSkip => ({
      name: `test/${name}`,
      lacking: ['pcscd'],
      reason: 'no private pcscd, or the native part was not built: only the simulated readers are tried',
    }),
  ),
  {
    name: 'test/engine/readers/pcsc-service.test.ts > PC/SC service on a real pcscd > comes and goes > refuses this user',
    lacking: ['unprivileged'],
    reason: 'root is not stopped by file permissions',
  },
  {
    name: "test/engine/readers/refusals.test.ts > a PC/SC service that refuses, by pcsc-lite's own client",
    lacking: ['native-pcsc', 'linux'],
    reason:
      'the native part was not built, or the system has no pcsc-lite: refusals are tried by their codes alone',
  },
  {
    name: 'test/native/addon.test.ts > the addon',
    lacking: ['native-pcsc'],
    reason: 'the native part was not built',
  },
  {
    name: 'test/engine/modules/evil-module.test.ts > a module that misbehaves',
    lacking: ['module-host', 'linux', 'cc'],
    reason: 'the program that modules run in was not built, or there is no C compiler for the faulty module',
  },
  {
    name: 'test/engine/modules/module-host.test.ts > a module host that is not what it should be',
    lacking: ['linux'],
    reason: 'the programs that are played are shell scripts',
  },
  {
    name: 'test/engine/modules/pkcs11js.test.ts > the module host beside pkcs11js',
    lacking: ['module-host', 'pkcs11js', 'softhsm', 'opensc', 'openssl'],
    reason: 'pkcs11js could not be compiled: nobody else is asked about the same module',
  },
  {
    name: 'test/engine/modules/softhsm.test.ts > cards of SoftHSM',
    lacking: ['module-host', 'softhsm', 'opensc', 'openssl'],
    reason: 'the program that modules run in was not built, or SoftHSM or its judges are missing',
  },
  {
    name: 'test/engine/modules/opensc.rig.test.ts > cards of opensc-pkcs11',
    lacking: ['module-host', 'rig', 'opensc', 'openssl'],
    reason: 'the program that modules run in was not built, or no OpenSC over a real PC/SC service',
  },
  {
    name: 'test/engine/token/pin-pad.rig.test.ts > a reader’s own keys',
    lacking: ['pcscd', 'opensc', 'openssl'],
    reason: 'no private pcscd, or no OpenSC to judge: readers with keys are tried by their structures alone',
  },
  {
    name: 'test/cli/module.test.ts > the command line with a PKCS#11 module',
    lacking: ['module-host', 'softhsm', 'opensc', 'openssl', 'cc'],
    reason:
      'the program that modules run in was not built, or there is no SoftHSM: no module is used from end to end',
  },
  {
    name: 'test/native/build.test.ts > npm run build:native',
    lacking: ['linux'],
    reason: 'the programs that are played are shell scripts',
  },
  ...[
    'virtual-reader.test.ts > a virtual reader on a real pcscd',
    'virtual-reader.test.ts > several virtual readers on one pcscd',
    'pcscd.test.ts > a private pcscd',
    'card-side-lost.test.ts > a virtual reader whose process crashes',
    'card-side-lost.test.ts > the reader driver with a peer that breaks the protocol',
    'winscard/foreign-client.test.ts > another program on the card',
    'pin-pad.test.ts > a virtual reader with a PIN pad',
  ].map(
    (name): PermittedSkip => ({
      name: `test/rig/${name}`,
      lacking: ['rig'],
      reason:
        'no pcscd, no compiler for the reader driver, or no namespaces: nothing runs over a real PC/SC service',
    }),
  ),
  {
    name: 'test/rig/virtual-reader.test.ts > a virtual reader on a real pcscd > shows its card to opensc-tool',
    lacking: ['opensc'],
    reason: 'OpenSC is not installed: only our own C client uses the virtual reader',
  },
  {
    name: 'test/rig/pcscd.test.ts > a private pcscd > can refuse access',
    lacking: ['unprivileged'],
    reason: 'root is not stopped by file permissions',
  },
  {
    name: 'test/rig/judges/judges.test.ts > signatures between judges',
    lacking: ['opensc', 'openssl', 'softhsm'],
    reason: 'the judges are not installed: those that are there are not tried against each other',
  },
  {
    name: 'test/rig/judges/python.test.ts > judges written in Python',
    lacking: ['python-judges'],
    reason: 'the Python judges could not be installed: pysaml2, schemathesis and pyHanko judge nothing',
  },
  {
    name: 'test/sandbox/saml/pysaml2.test.ts > pysaml2',
    lacking: ['python-judges', 'xmlsec1'],
    reason: 'no pysaml2 or no xmlsec1: no foreign program speaks SAML with both sides of the sandbox',
  },
  ...['a foreign service at the provider', 'a foreign provider of our site'].map(
    (name): PermittedSkip => ({
      name: `test/sandbox/portal/foreign-parties.test.ts > ${name}`,
      lacking: ['python-judges', 'xmlsec1'],
      reason: 'no pysaml2 or no xmlsec1: no foreign program signs in at the sandbox portal',
    }),
  ),
  {
    name: 'test/sandbox/saml/wrapping.test.ts > signature wrapping > as xmlsec1 sees it',
    lacking: ['xmlsec1'],
    reason: 'xmlsec1 is not installed: what it thinks of wrapped signatures is not tried',
  },
  {
    name: 'test/cli/module-sign.test.ts > documents signed through a PKCS#11 module',
    lacking: ['module-host', 'softhsm', 'opensc', 'pdfsig'],
    reason:
      'no module host, no SoftHSM, no OpenSC to fill it, or no pdfsig: documents are signed by simulated cards only',
  },
  {
    name: 'test/cli/sign.test.ts > signing documents > twice over, judged by pdfsig and qpdf',
    lacking: ['pdfsig', 'qpdf'],
    reason: 'no pdfsig or no qpdf: nobody else judges what the command line signs',
  },
  {
    name: 'test/cli/sign.test.ts > signing documents > says when the folder is read-only, and leaves no half of a file',
    lacking: ['unprivileged'],
    reason: 'root is not stopped by file permissions',
  },
  {
    name: 'test/sandbox/saml/judges.test.ts > xmlsec1',
    lacking: ['xmlsec1'],
    reason: 'xmlsec1 is not installed: libxml2 in WebAssembly alone judges our XML signatures',
  },
  ...[
    'schemathesis.test.ts > the OpenAPI document of the data services, judged by schemathesis',
    'openapi.test.ts > the OpenAPI document’s schemas',
  ].map(
    (name): PermittedSkip => ({
      name: `test/sandbox/portal/${name}`,
      lacking: ['python-judges'],
      reason: 'no schemathesis: nobody holds the OpenAPI document against the site and the contract',
    }),
  ),
  {
    name: 'test/sandbox/portal/judge.test.ts > the sandbox portal, judged by curl and openssl',
    lacking: ['curl', 'openssl'],
    reason: 'no curl or no openssl: only our own client uses the sandbox portal',
  },
  {
    name: 'test/rig/judges/judges.test.ts > asking a foreign program',
    lacking: ['linux'],
    reason: 'the programs asked are those of a Unix shell',
  },
  {
    name: 'test/build/prepare.test.ts > preparing the machine > names what is missing, and what it is for, where it may not install',
    lacking: ['linux'],
    reason: 'only Linux machines are prepared',
  },
  {
    name: 'test/sandbox/cards/opensc.rig.test.ts > OpenSC on the simulated cards',
    lacking: ['rig', 'opensc', 'openssl'],
    reason: 'no OpenSC over a real PC/SC service: only our own tables of commands judge the simulated cards',
  },
  ...[
    'pki/authority.test.ts > certificates of the sandbox authority, judged by openssl',
    'pki/publication.test.ts > what certificates say about where to ask, read by openssl',
    'pki/publication.test.ts > revocation lists, judged by openssl',
    'pki/ocsp-responder.test.ts > the OCSP responder, asked by openssl',
    'pki/ocsp-responder.test.ts > OCSP requests that are not as they should be',
    'pki/ocsp-query.test.ts > the OCSP query at a foreign responder',
    'pki/timestamp.test.ts > time stamps, judged by openssl',
    'cards/sandbox-card.test.ts > certificates on the cards > are two on the electronic identity card, for twelve months, accepted by openssl',
    'cards/signing.test.ts > P-384 key of the identity card of 2025 > is verified by openssl with the certificate that the card carries',
  ].map(
    (name): PermittedSkip => ({
      name: `test/sandbox/${name}`,
      lacking: ['openssl'],
      reason: 'openssl is not installed: only Node judges what the sandbox issues and signs',
    }),
  ),
  {
    name: 'test/engine/token/token.rig.test.ts > a token over a real pcscd',
    lacking: ['pcscd', 'opensc', 'openssl'],
    reason: 'no OpenSC over a real PC/SC service: the token is tried on readers of our own process only',
  },
  {
    name: 'test/journey/real-pcscd.test.ts > the main job over a real pcscd',
    lacking: ['pcscd'],
    reason: 'no real PC/SC service: the main job runs on the simulated reader only',
  },
  ...[
    'agent.test.ts > signatures through a running agent',
    'sandbox.test.ts > the certificate in the JSON',
  ].map(
    (name): PermittedSkip => ({
      name: `test/cli/${name}`,
      lacking: ['openssl'],
      reason: 'openssl is not installed: nobody else judges what the command line prints',
    }),
  ),
  ...[
    'takes its grandchildren along when it is killed for being late',
    'takes along what it left running',
  ].map(
    (name): PermittedSkip => ({
      name: `test/run/step.test.ts > a step > ${name}`,
      lacking: ['linux'],
      reason: 'process groups are looked at in /proc',
    }),
  ),
  ...(
    [
      ['qpdf --check', 'qpdf', 'qpdf is not installed'],
      ['pdfsig', 'pdfsig', 'pdfsig or certutil is not installed'],
      ['openssl cms -verify -cades', 'openssl', 'openssl is not installed'],
      ['pyHanko', 'python-judges', 'the Python judges could not be installed'],
      [
        "the EU's Digital Signature Service",
        'dss',
        'DSS could not be fetched from Maven, or there is no Java',
      ],
    ] as const
  ).map(
    ([judge, need, why]): PermittedSkip => ({
      name: `test/engine/signing/pades-judges.test.ts > ${judge}`,
      lacking: [need],
      reason: `${why}: signed PDFs are judged by the other programs`,
    }),
  ),
  {
    name: 'test/fuzz/hostile-pdf.fuzz.test.ts > PDFs that are changed at random > and are signed all the same, are accepted by the judges',
    lacking: ['qpdf', 'pdfsig'],
    reason: 'qpdf or pdfsig is not installed: nobody else judges what is signed',
  },
  ...['a full disk', 'a folder that may not be written to'].map(
    (name): PermittedSkip => ({
      name: `test/engine/signing/sign-pdf-file.test.ts > a PDF file > on ${name} fails and leaves nothing behind`,
      lacking: [name === 'a full disk' ? 'namespaces' : 'unprivileged'],
      reason: name === 'a full disk' ? 'no namespaces to mount a small disk in' : 'root may write everywhere',
    }),
  ),
  {
    name: 'test/shell/chromium/chromium-host.test.ts > the Chromium host',
    lacking: ['chromium'],
    reason: 'no Chromium, or the kernel forbids its sandbox: the window is tried as far as it goes without',
  },
  ...[
    'pages.test.ts > the pages in Chromium',
    'window.long.test.ts > the window in Chromium',
    'states.long.test.ts > every page in every state',
    'pin-window.long.test.ts > the PIN window in Chromium',
    'diagnostics.long.test.ts > the diagnostics in Chromium',
    'helpdesk.long.test.ts > the helpdesk in Chromium',
    'training.long.test.ts > training in Chromium',
  ].map(
    (name): PermittedSkip => ({
      name: `test/renderer/pages/${name}`,
      lacking: ['chromium'],
      reason: 'no Chromium, or the kernel forbids its sandbox: the pages are tried as far as it goes without',
    }),
  ),
  {
    name: 'test/shell/pages/shell.test.ts > settings > that cannot be kept still hold until the window closes',
    lacking: ['unprivileged'],
    reason: 'root may write everywhere',
  },
  {
    name: 'test/client/compile-cache.test.ts > the compile cache > does not lie in a project that is not ours',
    lacking: ['unprivileged'],
    reason: 'root may write everywhere',
  },
  {
    name: 'test/build/packaging-deb.test.ts > the Debian package',
    lacking: ['dpkg', 'namespaces'],
    reason: "Debian's own tools for packages are not there, or no namespace to be root in",
  },
  {
    name: "test/build/packaging-electron.test.ts > Electron's application",
    lacking: ['linux'],
    reason: 'the stub of Electron is one for Linux',
  },
  ...(
    [
      ['has a PC/SC addon that its Node loads', 'native-pcsc'],
      ['has the program that PKCS#11 modules run in', 'module-host'],
    ] as const
  ).map(
    ([test, need]): PermittedSkip => ({
      name: `test/build/packaging-electron.test.ts > Electron's application > ${test}`,
      lacking: [need],
      reason: 'the native part was not built, and is not in the package',
    }),
  ),
  ...[
    'pages.long.test.ts > every page',
    'pins.test.ts > PINs in the window',
    'keyboard.long.test.ts > the window by keyboard alone',
    'helpdesk.long.test.ts > the helpdesk in the window',
  ].map(
    (name): PermittedSkip => ({
      name: `test/e2e/${name}`,
      lacking: ['window'],
      reason: 'no Chromium, or the window is not built: its pages are tried piece by piece',
    }),
  ),
  ...[
    'card-pulled.long.test.ts > a card that is pulled',
    'agent-killed.long.test.ts > an agent that is killed',
    'portal-faults.long.test.ts > the window and a portal that fails',
    'hostile.long.test.ts > hostile input in the window',
    'long-access-log.long.test.ts > a very long access log',
  ].map(
    (name): PermittedSkip => ({
      name: `test/e2e/${name}`,
      lacking: ['window', 'pcscd'],
      reason: 'no Chromium or no private pcscd: what goes wrong is tried piece by piece',
    }),
  ),
  {
    name: 'test/e2e/journey.test.ts > the main job in the window',
    lacking: ['window', 'pcscd', 'pdfsig'],
    reason: 'no Chromium, no private pcscd or no pdfsig: the main job is done from the command line',
  },
  {
    name: 'test/engine/diagnostics/traces/recorded-cards.rig.test.ts > cards recorded on a real pcscd',
    lacking: ['pcscd'],
    reason: 'no private pcscd, or the native part was not built: traces are tried on recorded cards',
  },
  ...[
    'asn1-tree.test.ts > certificates taken apart, with openssl asn1parse as judge',
    'certificates.test.ts > a certificate inspected, with openssl as judge',
    'connections.test.ts > the way to a TLS server, with openssl s_client as judge',
    'distinguished-name.test.ts > distinguished names, as openssl writes them',
  ].map(
    (name): PermittedSkip => ({
      name: `test/engine/diagnostics/inspect/${name}`,
      lacking: ['openssl'],
      reason: 'no openssl to judge',
    }),
  ),
  {
    name: 'test/engine/diagnostics/inspect/modules.test.ts > PKCS#11 modules inspected',
    lacking: ['module-host', 'softhsm', 'linux', 'cc'],
    reason: 'the program that modules run in was not built, or there is no module to ask',
  },
  {
    name: 'test/faults/acts.long.test.ts > faults in the middle of an act',
    lacking: ['pcscd'],
    reason: 'no private pcscd, or the native part was not built',
  },
  {
    name: 'test/faults/real-service.test.ts > the doctor, with a real card service',
    lacking: ['pcscd'],
    reason:
      'no private pcscd, or the native part was not built: faults of the service are tried by its answers alone',
  },
  {
    name: 'test/faults/doctor.test.ts > the doctor, with modules that misbehave',
    lacking: ['module-host', 'linux', 'cc'],
    reason: 'the program that modules run in was not built, or there is no C compiler for the faulty module',
  },
  ...[
    'faults/doctor.test.ts > the doctor, in a folder for a root',
    'engine/diagnostics/doctor/runner.test.ts > a change',
  ].map(
    (name): PermittedSkip => ({
      name: `test/${name}`,
      lacking: ['linux'],
      reason: 'the folder stands for the root of a Linux system',
    }),
  ),
  {
    name: 'test/engine/diagnostics/doctor/runner.test.ts > all checks > say so when files may not be read',
    lacking: ['linux', 'unprivileged'],
    reason: 'root is not stopped by file permissions',
  },
  {
    name: 'test/faults/matrix.long.test.ts > the fault matrix',
    lacking: ['pcscd', 'module-host', 'opensc', 'cc'],
    reason: 'the matrix is of all faults, by real parts, beside OpenSC’s tools',
  },
  {
    name: 'test/engine/modules/watched-calls.test.ts > functions of a module that is watched',
    lacking: ['module-host', 'softhsm'],
    reason: 'the program that modules run in was not built, or SoftHSM is missing',
  },
  {
    name: 'test/engine/diagnostics/log/program-log.test.ts > the log on a full disk',
    lacking: ['namespaces'],
    reason: 'no namespaces: a full disk cannot be made',
  },
  {
    name: 'test/cli/log.test.ts > buletin log',
    lacking: ['linux'],
    reason: 'the folder is that of Linux: the others are tried by their paths',
  },
];
