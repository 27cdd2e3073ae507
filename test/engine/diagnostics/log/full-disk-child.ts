/** Run where the folder of the first argument has 16 KB: logs more than fits, then makes room and logs again. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramLog } from '../../../../electron/engine/diagnostics/log/program-log.ts';

const [folder = ''] = process.argv.slice(2);
writeFileSync(join(folder, 'other'), Buffer.alloc(8192));
let time = 0;
const log = new ProgramLog({ folder, now: () => new Date(time) });
for (let ms = 0; ms < 500; ms++) log.write({ event: 'request', method: 'status', ms });
const full = log.state.writing;
rmSync(join(folder, 'other'));
time += 60_001;
log.write({ event: 'request', method: 'status', ms: 1 });
process.stdout.write(JSON.stringify({ full, after: log.state.writing }));
