// Who may import whom. `npm run layers` checks it (dependency-cruiser); CONTRIBUTING tells it in words.
//
// Engine folders by what they may use besides themselves and electron/contract:
//   guide, card: nothing · token: card · readers: card/channel.ts · portal: token · signing: token, card/tlv.ts
//   diagnostics: all but agent · agent: all, and the sandbox from its composition root only
'use strict';

/** Import rule: files matching `from` may not import files matching `to`. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const paths = (path, pathNot) => (pathNot === undefined ? { path } : { path, pathNot });
/** Any module of the project itself. */
const own = '^(electron|renderer|test|build)/';
/** Imports that vanish when types are stripped. */
const typeOnly = { dependencyTypesNot: ['type-only', 'type-import'] };

/** One engine folder and the folders it may use. */
const engine = (folder, ...mayUse) =>
  forbid(
    `engine-${folder}`,
    `engine/${folder} may use ${['contract', ...mayUse.map((one) => one.label ?? one)].join(', ')} only`,
    paths(`^electron/engine/${folder}/`),
    paths(own, [
      '^electron/contract/',
      `^electron/engine/${folder}/`,
      ...mayUse.map((one) => one.path ?? `^electron/engine/${one}/`),
    ]),
  );

module.exports = {
  forbidden: [
    forbid(
      'contract',
      'the contract knows nothing of the rest but the sentences',
      paths('^electron/contract/'),
      paths(own, ['^electron/contract/', '^renderer/locales/[a-z]+/[a-z-]+\\.json$']),
    ),
    engine('guide'),
    engine('card'),
    engine('token', 'card'),
    engine('readers', { label: 'card/channel.ts', path: '^electron/engine/card/channel\\.ts$' }),
    engine('signing', 'token', { label: 'card/tlv.ts', path: '^electron/engine/card/tlv\\.ts$' }),
    engine('portal', 'token'),
    engine('modules', 'token'),
    engine('diagnostics', 'guide', 'card', 'token', 'readers', 'modules', 'signing', 'portal'),
    forbid(
      'engine-agent',
      'the agent composes the engine and speaks the contract; it knows no host and no page',
      paths('^electron/engine/agent/'),
      paths(own, ['^electron/(contract|engine|sandbox)/']),
    ),
    forbid(
      'sandbox-only-when-asked',
      'only the composition root of the agent brings in what is simulated',
      paths('^(electron|renderer)/', ['^electron/sandbox/', '^electron/engine/agent/composition']),
      paths('^electron/sandbox/'),
    ),
    forbid(
      'sandbox',
      'the sandbox knows the contract, and of the engine types only',
      paths('^electron/sandbox/'),
      { ...paths(own, ['^electron/sandbox/', '^electron/contract/']), ...typeOnly },
    ),
    forbid(
      'sandbox-types',
      'even as types, the sandbox knows of the engine readers and card channels only',
      paths('^electron/sandbox/'),
      paths(own, ['^electron/(sandbox|contract)/', '^electron/engine/(readers|card)/']),
    ),
    forbid(
      'client',
      "the agent's clients share one connection, which speaks the contract",
      paths('^electron/client/'),
      paths(own, '^electron/(client|contract)/'),
    ),
    forbid(
      'cli',
      'the command line speaks the contract',
      paths('^electron/cli/'),
      paths(own, '^electron/(cli|client|contract)/'),
    ),
    forbid(
      'shell',
      'the hosts speak the contract',
      paths('^electron/(shell/|main\\.ts|preload\\.ts)'),
      paths(own, '^electron/(shell|client|contract)/'),
    ),
    forbid(
      'renderer',
      'pages speak the contract',
      paths('^renderer/'),
      paths(own, '^(renderer|electron/contract)/'),
    ),
    forbid('window-without-node', 'pages run in a browser', paths('^renderer/'), {
      dependencyTypes: ['core'],
    }),
    forbid(
      'scripted-host-for-tests-only',
      'the product does not contain what plays its host',
      paths('^(electron|renderer)/', '^renderer/test-support/'),
      paths('^renderer/test-support/'),
    ),
    forbid(
      'electron-in-its-host-only',
      'everything else must run without Electron',
      // (The double of it that tests use has its types.)
      paths(
        '^(electron|renderer|test|build)/',
        '^(electron/(main\\.ts|preload\\.ts|shell/electron/)|test/shell/electron/recording-electron\\.ts$)',
      ),
      paths('(^|/)node_modules/electron/|^electron$'),
    ),
    forbid(
      'no-test-code',
      'the product does not contain its tests or its build',
      paths('^(electron|renderer)/'),
      paths('^(test|build)/'),
    ),
    forbid(
      'no-development-packages',
      'the product runs on its own dependencies (electron itself is what it runs in)',
      paths('^(electron|renderer)/'),
      { dependencyTypes: ['npm-dev'], pathNot: '(^|/)node_modules/(electron|@types)/' },
    ),
    forbid(
      'declared-packages',
      'every package is named in package.json',
      paths('^(electron|renderer|test|build)/'),
      {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
      },
    ),
    forbid('resolvable', 'every import leads somewhere', paths('^(electron|renderer|test|build)/'), {
      couldNotResolve: true,
    }),
    forbid(
      'no-cycles',
      'modules can be understood one after the other',
      paths('^(electron|renderer|test|build)/'),
      {
        circular: true,
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // `import type` counts: a layer that needs another's types depends on it.
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.cjs', '.mjs', '.json', '.node', '.d.ts'],
    },
    builtInModules: { add: ['node:sqlite', 'node:sea', 'node:test', 'node:test/reporters'] },
  },
};
