import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { root, stateFolder } from '@order-stream/local-stack/state-folder';
import { until } from '@order-stream/local-stack/until';
import { composeStack } from '../compose/compose-stack.ts';
import { missingLine, readTour } from './tour.ts';

// Runs each command of the document with other ports, because another program may use the documented ones.
const stack = await composeStack({ flags: ['--env-file', 'docker/ha.env'], brokers: 3 });
mkdirSync(stateFolder, { recursive: true });
const folder = mkdtempSync(join(stateFolder, 'tour-'));
const env: NodeJS.ProcessEnv = {
  ...process.env,
  ...stack.ports,
  COMPOSE_PROJECT_NAME: stack.project,
  COMPOSE_FILE: [join(root, 'compose.yml'), withoutLeftOut()].join(':'),
};
const testAddresses: Record<string, string> = {
  '127.0.0.1:3000': new URL(stack.producerUrl).host,
  '127.0.0.1:9090': new URL(stack.prometheusUrl).host,
};

after(async () => {
  await stack.end();
  rmSync(folder, { recursive: true });
});

/** `COMPOSE_LEFT_OUT` lists services whose images this machine cannot pull. They get a profile that is never enabled. */
function withoutLeftOut(): string {
  const leftOut = (process.env.COMPOSE_LEFT_OUT ?? '').split(',').filter(Boolean);
  const services = Object.fromEntries(leftOut.map((name) => [name, { profiles: ['left-out'] }]));
  const file = join(folder, 'left-out.json');
  writeFileSync(file, JSON.stringify({ services }));
  return file;
}

/** Runs the commands in bash. Returns their output and exit code. */
function shell(commands: string): Promise<{ output: string; code: number }> {
  return new Promise((resolve) => {
    const child = execFile(
      'bash',
      ['-euo', 'pipefail', '-c', commands],
      { cwd: root, env, maxBuffer: 64 * 1024 * 1024, timeout: 230_000 },
      (error, stdout, stderr) =>
        resolve({
          output: stripVTControlCharacters(`${stdout}${stderr}`),
          code: error === null ? 0 : Number(error.code ?? 1),
        }),
    );
    child.stdin?.end();
  });
}

/** Commands that can be repeated until their output is complete. */
const repeatable =
  /^(docker compose (logs|start) |docker compose run --rm stores (items get|files ls)|curl |\$kafka\/kafka-(console-consumer|topics)\.sh )/;

for (const { title, steps } of readTour('docs/tour.md'))
  test(`the tour: ${title}`, async () => {
    for (const { commands, expected } of steps) {
      for (const [, name, value] of commands.matchAll(/^export (\w+)='?(.*?)'?$/gm))
        if (name !== undefined) env[name] = value;
      const local = Object.entries(testAddresses).reduce(
        (text, [from, to]) => text.replaceAll(from, to),
        commands,
      );
      const run = async () => {
        const { output, code } = await shell(local);
        assert.equal(code, 0, `${commands}\n${output}`);
        const missing = missingLine(expected, output);
        assert.equal(missing, undefined, `${commands}\nprinted\n${output}`);
        return true;
      };
      const lines = commands.trim().split('\n');
      if (expected.length > 0 && lines.every((line) => repeatable.test(line)))
        await until(commands, run, 120_000);
      else await run();
    }
  });

test('the tour leaves no container, volume or network', async () => {
  const label = `label=com.docker.compose.project=${stack.project}`;
  for (const kind of [
    ['ps', '--all'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ])
    assert.equal(await stack.docker(...kind, '--quiet', '--filter', label), '', kind[0]);
});
