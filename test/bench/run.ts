import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { benches } from './benches.ts';
import { type Measured, page } from './results.ts';

/**
 * `npm run bench [-- ID…]`: measures, prints, and brings test/bench/RESULTS.md up to date.
 * Exit code 1 when a goal is not reached, 2 when there is no such bench.
 */
const ids = process.argv.slice(2);
const unknown = ids.filter((id) => !benches.some((bench) => bench.id === id));
if (unknown.length > 0) {
  console.log(`no such bench: ${unknown.join(', ')}. There are: ${benches.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}

const results = path.join(import.meta.dirname, 'RESULTS.md');
const measured: Measured[] = [];
let missed = 0;
for (const bench of benches.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
  const lacking = bench.lacking();
  if (lacking !== undefined) {
    console.log(`${bench.id}: not measured, this machine lacks ${lacking}`);
    continue;
  }
  console.log(bench.title);
  const findings = await bench.run();
  measured.push({ bench, findings });
  for (const { what, unit, ours, peers, goal } of findings) {
    const others = peers.map(({ name, value }) => `${name} ${value.toFixed(1)}`).join(', ');
    console.log(
      `  ${goal.reached ? 'ok  ' : 'MISS'}  ${what}: ${ours.toFixed(1)} ${unit} (${others}); ${goal.text}`,
    );
    if (!goal.reached) missed += 1;
  }
}
const previous = existsSync(results) ? readFileSync(results, 'utf8') : '';
writeFileSync(results, page(measured, previous, new Date().toISOString().slice(0, 10)));
process.exitCode = missed === 0 ? 0 : 1;
