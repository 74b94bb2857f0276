// sum-reports.mjs FOLDER 'STEP passed|failed'...: one line per report, then `N passed, N failed` alone.
// A step without a report of its own counts as one test; so does one that failed although no test in its reports did.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...steps] = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };
const add = (name, counts) => {
  for (const status of Object.keys(sum)) sum[status] += counts[status];
  console.log(
    `${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
};

const reports = readdirSync(folder).filter((name) => name.endsWith('.json'));
console.log();
for (const step of steps) {
  const [name, outcome] = step.split(' ');
  let failed = 0;
  const own = reports.filter((report) => report.startsWith(`${name}--`));
  for (const report of own) {
    const { tests } = JSON.parse(readFileSync(join(folder, report), 'utf8'));
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const { status } of tests) {
      // A status that is neither is no pass.
      counts[status === 'passed' || status === 'skipped' ? status : 'failed'] += 1;
    }
    failed += counts.failed;
    add(report.replace(/\.json$/, ''), counts);
  }
  if (outcome === 'failed' && failed === 0) add(name, { passed: 0, failed: 1, skipped: 0 });
  else if (own.length === 0) add(name, { passed: 1, failed: 0, skipped: 0 });
}
console.log(
  `${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`,
);
process.exitCode = sum.failed + sum.skipped > 0 || sum.passed === 0 ? 1 : 0;
