// keep-reports.mjs FOLDER STEP: takes the reports that a step left as its own, under a file and suite name that no later
// step writes again.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, step] = process.argv.slice(2);
for (const name of readdirSync(folder)) {
  if (!name.endsWith('.json') || name.includes('--')) continue;
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const kept = { ...report, suite: `${step}: ${report.suite}` };
  writeFileSync(join(folder, `${step}--${name}`), `${JSON.stringify(kept, null, 1)}\n`);
  rmSync(join(folder, name));
}
