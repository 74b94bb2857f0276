import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort } from '@order-stream/local-stack/ports';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { until } from '@order-stream/local-stack/until';
import { type ComposeStack, composeStack } from '../compose/compose-stack.ts';

let stack: ComposeStack;
let registryUrl: string;

before(
  async () => {
    const port = await freePort();
    registryUrl = `http://127.0.0.1:${port}/apis/ccompat/v7`;
    stack = await composeStack({
      flags: ['--env-file', 'docker/apicurio.env'],
      env: { APICURIO_PORT: String(port) },
    });
    const path = ['kafka', 'apicurio', 'topics', 'producer', 'consumer'];
    await stack.compose('up', '--detach', '--wait', '--wait-timeout', '220', ...path);
  },
  { timeout: 240_000 },
);
after(() => stack?.end());

const subjects = async () => (await fetch(`${registryUrl}/subjects`)).json();

test('S2-01 S4-10 the stack of docker/apicurio.env accepts and prints an order with Apicurio and without a Glue registry', async () => {
  const services = (await stack.compose('config', '--services')).trim().split('\n');
  assert.ok(services.includes('apicurio') && !services.includes('glue-local'));
  const response = await stack.postOrder(referenceOrder);
  assert.equal(response.status, 201);
  const { schema_version_id: id } = (await response.json()) as { schema_version_id: unknown };
  assert.ok(Number.isInteger(id));
  await until('the consumer prints the order', async () => {
    const log = await stack.compose('logs', '--no-log-prefix', '--no-color', 'consumer');
    return log.includes(`"value":{"order_id":"${referenceOrder.order_id}"`);
  });
  assert.deepEqual(await subjects(), ['orders-value']);
});

test('S2-01 the ids in Apicurio survive its container, as the records with these ids do', async () => {
  await stack.compose('kill', 'apicurio');
  await stack.compose('rm', '--force', 'apicurio');
  await stack.compose('up', '--detach', '--wait', '--wait-timeout', '120', 'apicurio');
  assert.deepEqual(await subjects(), ['orders-value']);
});
