import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';

const definition = JSON.parse(
  readFileSync(join(root, 'tests/terraform/task-definitions/prod-order-consumer.json'), 'utf8'),
);
const image = `123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-prod/order-consumer@sha256:${'e'.repeat(64)}`;
const arn = (revision: number) =>
  `arn:aws:ecs:ap-southeast-2:123456789012:task-definition/orders-prod-order-consumer:${revision}`;

/** An `aws` on the path that runs one service, records its calls, and rejects the command `rejects`. */
function fakeAws(context: TestContext, rejects = ''): { folder: string; calls: () => string[][] } {
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-aws-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'revision'), '41');
  const script = `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const [service, command, ...options] = process.argv.slice(2);
const option = (name) => options[options.indexOf(name) + 1];
appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify(process.argv.slice(2)) + '\\n');
if (command === ${JSON.stringify(rejects)}) { console.error('AccessDeniedException: ' + command); process.exit(254); }
const file = ${JSON.stringify(join(folder, 'revision'))};
const runs = ${JSON.stringify(arn(0))}.replace(/0$/, readFileSync(file, 'utf8'));
const answers = {
  'describe-services': () => ({ services: [{ status: 'ACTIVE', taskDefinition: runs, deployments: [{ status: 'PRIMARY', taskDefinition: runs, rolloutState: 'COMPLETED' }] }] }),
  'describe-task-definition': () => ({ taskDefinition: { ...${JSON.stringify(definition)}, taskDefinitionArn: runs, revision: 41, status: 'ACTIVE', registeredAt: 1.5 }, tags: [] }),
  'register-task-definition': () => ({ taskDefinition: { taskDefinitionArn: ${JSON.stringify(arn(42))} } }),
  'update-service': () => { writeFileSync(file, option('--task-definition').split(':').at(-1)); return {}; },
};
console.log(JSON.stringify(answers[command]()));
`;
  writeFileSync(join(folder, 'aws'), script);
  chmodSync(join(folder, 'aws'), 0o755);
  const calls = join(folder, 'calls');
  return {
    folder,
    calls: () =>
      existsSync(calls)
        ? readFileSync(calls, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line))
        : [],
  };
}

async function deploy(folder: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'deploy.ts'), ...args], {
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

test('the command registers the rendered task definition with the new digest and deploys it', async (context) => {
  const { folder, calls } = fakeAws(context);
  const { code, output } = await deploy(folder, 'orders-prod', `order-consumer=${image}`);
  assert.deepEqual([code, output.trim().split('\n').at(-1)], [0, 'order-consumer: steady']);
  const register = calls().find(([, command]) => command === 'register-task-definition') ?? [];
  const request = JSON.parse(register[register.indexOf('--cli-input-json') + 1] as string);
  const [service, ...sidecars] = definition.containerDefinitions;
  assert.deepEqual(request, {
    ...definition,
    containerDefinitions: [{ ...service, image }, ...sidecars],
  });
  assert.equal(sidecars.length, 1, 'the collector is kept');
  const update = calls().find(([, command]) => command === 'update-service') ?? [];
  assert.deepEqual(update.slice(2, 8), [
    ...['--cluster', 'orders-prod', '--service', 'orders-prod-order-consumer'],
    ...['--task-definition', arn(42)],
  ]);
});

test('the command fails with AWS’s message, and prints its usage without a service', async (context) => {
  const { folder, calls } = fakeAws(context, 'register-task-definition');
  const rejected = await deploy(folder, 'orders-prod', `order-consumer=${image}`);
  assert.equal(rejected.code, 1);
  assert.match(rejected.output, /AccessDeniedException: register-task-definition/);
  assert.ok(!calls().some(([, command]) => command === 'update-service'));
  const nothing = await deploy(folder, 'orders-prod');
  assert.deepEqual([nothing.code, nothing.output.startsWith('usage:')], [64, true]);
});
