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
