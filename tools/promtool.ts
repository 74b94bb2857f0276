// `npm run promtool`: checks Prometheus's configuration and runs the tests of its rules, with the promtool of the image in
// compose.yml. Each check and each test group is one test of the report `promtool`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import { type ReportedTest, removeReport, reportsFolder, summary, tally } from './report.ts';

const folder = 'docker/prometheus';
/** Files of rules and of their tests, by the same name. */
const names = ['alerts', 'connect'];
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const all = (source: string, pattern: RegExp) =>
  [...source.matchAll(pattern)].map(([, found]) => found as string);

const image = /image: (prom\/prometheus:\S+)/.exec(text('compose.yml'))?.[1] as string;
const tests: ReportedTest[] = [];
const report = removeReport('promtool');

function add(title: string, file: string, problem: string): void {
  tests.push({ title, file, status: problem === '' ? 'passed' : 'failed' });
  if (problem !== '') process.stdout.write(`✗ ${title}\n${problem.replace(/^/gm, '    ')}\n`);
}

/** The output of promtool if it fails, else an empty string. */
function promtool(...args: string[]): string {
  const run = spawnSync(
    'docker',
    [
      ...['run', '--rm', '--network', 'none', '--entrypoint', 'promtool'],
      ...['--volume', `${join(root, folder)}:/etc/prometheus:ro`, image, ...args],
    ],
    { encoding: 'utf8' },
  );
  return run.status === 0 ? '' : (run.error?.message ?? `${run.stdout}${run.stderr}`.trim());
}

add(
  'promtool accepts the scrape configuration and its rules',
  `${folder}/prometheus.yml`,
  promtool('check', 'config', '/etc/prometheus/prometheus.yml'),
);
let testedAlerts = 0;
for (const name of names) checkRules(`${folder}/rules/${name}.yml`, `tests/${name}.test.yml`);

function checkRules(alertsFile: string, tested: string): void {
  const testFile = `${folder}/${tested}`;
  const groups = all(text(testFile), /^ {2}- name: (.+)$/gm);
  for (const group of groups)
    add(
      group,
      testFile,
      promtool('test', 'rules', '--run', `^${goPattern(group)}$`, `/etc/prometheus/${tested}`),
    );
  const alerts = all(text(alertsFile), /^ {6}- alert: (\w+)$/gm);
  const sections = all(text('docs/runbook.md'), /^## (\w+)$/gm);
  for (const alert of alerts) {
    const faults = [
      ...(groups.some((group) => group.includes(alert)) ? [] : ['no test group has its name']),
      ...(sections.includes(alert) ? [] : ['docs/runbook.md has no section with its name']),
      ...(text(alertsFile).includes(`docs/runbook.md#${alert.toLowerCase()}\n`)
        ? []
        : ['its runbook_url is not the URL of its section']),
    ];
    add(`${alert} has a test and a section in the runbook`, alertsFile, faults.join('\n'));
  }
  if (groups.length > 0) testedAlerts += alerts.length;
}

mkdirSync(reportsFolder, { recursive: true });
writeFileSync(report, `${JSON.stringify({ suite: 'promtool', tests }, null, 1)}\n`);
const { passed, failed, skipped } = tally(tests);
process.stdout.write(`${summary(passed, failed, skipped)}\n`);
process.exitCode = failed > 0 || testedAlerts === 0 ? 1 : 0;

/** A group's name, escaped for Go's regular expressions. */
function goPattern(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
