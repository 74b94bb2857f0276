// terraform-report.mjs WORK FILE: writes the runs of `terraform test -json` in WORK/tests and the lines of WORK/results as one
// report. The name of a run is its title with `_` for spaces.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [work, file] = process.argv.slice(2);
const statuses = { pass: 'passed', skip: 'skipped' };
const tests = [];
for (const name of readdirSync(join(work, 'tests'))) {
  const folder = `deploy/terraform/modules/${name.replace(/\.jsonl$/, '')}`;
  for (const line of readFileSync(join(work, 'tests', name), 'utf8').split('\n')) {
    if (!line.startsWith('{')) continue;
    const { type, test_run: run } = JSON.parse(line);
    if (type !== 'test_run' || run.status === undefined || run.status === 'pending') continue;
    if (run.progress !== undefined && run.progress !== 'complete') continue;
    tests.push({
      title: run.run.replaceAll('_', ' '),
      file: join(folder, run.path),
      status: statuses[run.status] ?? 'failed',
    });
  }
}
for (const line of readFileSync(join(work, 'results'), 'utf8').trimEnd().split('\n')) {
  const [status, path, title] = line.split('\t');
  tests.push({ title, file: path, status });
}
writeFileSync(file, `${JSON.stringify({ suite: 'terraform', tests }, null, 1)}\n`);

const failed = tests.filter(({ status }) => status !== 'passed');
for (const { title, file: path, status } of failed) console.log(`${status}: ${path} › ${title}`);
console.log(`terraform: ${tests.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 || tests.length === 0 ? 1 : 0;
