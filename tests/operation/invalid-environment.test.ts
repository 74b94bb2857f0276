import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startService } from '@order-stream/local-stack/service-process';

const producer = 'services/order-producer/src/main.ts';
const consumer = 'services/order-consumer/src/main.ts';
const command = 'packages/orders-cli/src/main.ts';
const valid = { BOOTSTRAP_SERVERS: '127.0.0.1:1', AWS_REGION: 'us-east-1', HOST: '127.0.0.1' };

/** Starts the process, which must end at once. Returns the names of the variables that it reports. */
async function faultyVariables(
  context: TestContext,
  main: string,
  env: Record<string, string>,
  shell?: string,
) {
  const args = main === command ? ['topics', 'create'] : [];
  const process = await startService({ main, args, shell, env: { ...valid, ...env } });
  context.after(() => process.kill());
  assert.deepEqual(await process.exited, { code: 78, signal: null }, process.stderr().join('\n'));
  return process.stderr().map((line) => /^[a-z -]+: (\S+) /.exec(line)?.[1]);
}

const wrongValues: [Record<string, string>, ...string[]][] = [
  [{ TOPIC_NAME: 'my orders' }, producer, command],
  [{ TOPIC_NAME: '..' }, producer, command],
  [{ TOPIC_NAMES: 'orders,bestellungen-ü' }, consumer],
  [{ BOOTSTRAP_SERVERS: '127.0.0.1:1,h:99999' }, producer, consumer, command],
  [{ BOOTSTRAP_SERVERS: '::1:9092' }, producer],
  [{ SSL_CA_FILE: '/nope.pem', SECURITY_PROTOCOL: 'SSL' }, producer, consumer, command],
  [{ SSL_CA_FILE: '/etc/hostname' }, consumer],
  [{ AWS_ENDPOINT_URL_GLUE: '127.0.0.1:4570' }, producer, consumer],
];

for (const [env, ...mains] of wrongValues)
  test(`F15 with ${JSON.stringify(env)}, each process ends with 78 and names the variable`, async (context) => {
    const wrong = Object.keys(env).filter((name) => name !== 'SECURITY_PROTOCOL');
    const faults = await Promise.all(mains.map((main) => faultyVariables(context, main, env)));
    for (const found of faults) assert.deepEqual(found, wrong);
  });

test('F15 a dead-letter topic whose default name is too long, and a closed stdout, are reported together', async (context) => {
  const env = { TOPIC_NAMES: 'o'.repeat(246) };
  const faults = await faultyVariables(context, consumer, env, 'exec "$@" >&-');
  assert.deepEqual(faults.sort(), ['DLQ_TOPIC', 'SINKS']);
});
