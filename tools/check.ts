// `npm run check`: format, lint, types, the behaviours map, generated files and the structure of the tree, in parallel.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const tool = (name: string) => join(import.meta.dirname, name);

const checks: [string, string, string[]][] = [
  ['format and lint', bin('biome'), ['check', '--max-diagnostics=50', '.']],
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['behaviours map', process.execPath, [tool('check-behaviours.ts')]],
  ['dashboards', process.execPath, [tool('generate/dashboards.ts')]],
  ['configuration', process.execPath, [tool('generate/configuration.ts')]],
  ['suites', process.execPath, [tool('generate/suites.ts')]],
  ['order types', process.execPath, [tool('generate/order-types.ts')]],
  ['metrics', process.execPath, [tool('generate/metrics.ts')]],
  ['structure', process.execPath, ['--test', '--test-reporter=dot', tool('structure.test.ts')]],
];

const outcomes = await Promise.all(checks.map(check));
process.exitCode = outcomes.every(Boolean) ? 0 : 1;

async function check([name, command, args]: (typeof checks)[number]): Promise<boolean> {
  const started = performance.now();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      resolve(1);
    });
    child.once('close', resolve);
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n`);
  // The whole output at once, so that parallel checks do not mix their lines.
  if (code !== 0) process.stdout.write(Buffer.concat(output));
  return code === 0;
}
