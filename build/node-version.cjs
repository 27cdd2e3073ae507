// Loaded before every script of package.json (`node -r`). Written for old Node versions, which cannot read
// TypeScript and would only say "unknown file extension".
'use strict';
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    'Buletin needs Node 24 or newer; this is ' +
      process.version +
      '.\nRun `npm ci`: it installs Node 24 beside the project, and `npm test`, `npm run …` then use it.\n' +
      'To call a script by hand, use node_modules/.bin/node. Where the registry has no Node for this machine,\n' +
      'install Node 24 yourself.\n',
  );
  process.exit(1);
}

// Node strips the types of the first file before that file can turn on the compile cache, and loads a compiler for it.
// Turned on here, in the folder that `electron/client/compile-cache.ts` uses while Buletin is developed, the first file
// comes from the cache as well: a tenth of a second of each start.
const path = require('node:path');
const packages = path.join(__dirname, '..', 'node_modules');
try {
  require('node:fs').accessSync(packages, require('node:fs').constants.W_OK);
  require('node:module').enableCompileCache(path.join(packages, '.cache', 'compile'));
} catch {
  // A tree that belongs to somebody else: as slow as it was.
}
