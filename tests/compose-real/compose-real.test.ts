import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { root } from '@order-stream/local-stack/state-folder';
import { until } from '@order-stream/local-stack/until';
import { type ComposeStack, composeStack } from '../compose/compose-stack.ts';
import { panelQueries, withVariables } from '../telemetry/panel-queries.ts';
import { grafanaClient } from './grafana.ts';
import { kafkaUiClient } from './kafka-ui.ts';

// Requires a machine that can pull every image. Other suites query only Prometheus, this one Grafana and kafka-ui.
const onlyUnderFaults = ['Firing alerts', 'Failed batches, by error'];
const all = { instance: ['.+'], topic: ['.+'] };

let stack: ComposeStack;
let grafana: ReturnType<typeof grafanaClient>;
let kafkaUi: ReturnType<typeof kafkaUiClient>;

before(async () => {
  stack = await composeStack({ flags: ['--profile', 'ui'] });
  grafana = grafanaClient(stack.grafanaUrl);
  kafkaUi = kafkaUiClient(stack.kafkaUiUrl);
  await stack.up([], 240);
});

after(() => stack.end());

test('Grafana reaches its data source, opens with Orders, and has every dashboard with every panel', async () => {
  const { status } = await grafana.json<{ status: string }>(
    '/api/datasources/uid/prometheus/health',
  );
  assert.equal(status, 'OK');
  const home = await grafana.json<{ dashboard: { title: string } }>('/api/dashboards/home');
  assert.equal(home.dashboard.title, 'Orders');
  const seen: string[] = [];
  for (const { uid, title } of await grafana.dashboards())
    for (const panel of await grafana.panels(uid))
      for (const { expr } of panel.targets) seen.push(`${title} › ${panel.title}: ${expr}`);
  const written = panelQueries.map(
    ({ dashboard, panel, expr }) => `${dashboard} › ${panel}: ${expr}`,
  );
  assert.deepEqual(seen.sort(), written.sort());
});

test('every query of every panel returns data through Grafana', async () => {
  for (const { uid, title } of await grafana.dashboards())
    for (const panel of await grafana.panels(uid))
      for (const target of panel.targets) {
        const expr = withVariables(target.expr, all);
        // Always run, because a query that Grafana rejects must fail.
        const points = () => grafana.points(panel, target, expr);
        if (onlyUnderFaults.includes(panel.title)) await points();
        else
          await until(
            `points for ${title} › ${panel.title}`,
            async () => (await points()) > 0,
            90_000,
          );
      }
});

test('Grafana serves the runbook that panels link to', async () => {
  const response = await fetch(`${stack.grafanaUrl}/public/runbook.md`);
  assert.equal(await response.text(), readFileSync(join(root, 'docs/runbook.md'), 'utf8'));
});

test('S0-23 S3-13 kafka-ui prefers the Glue serde for values, shows the schema, and decodes an order by default', async () => {
  const response = await stack.postOrder(referenceOrder);
  assert.equal(response.status, 201);
  const { key, value } = await kafkaUi.serdes('orders');
  assert.equal(key.find(({ preferred }) => preferred)?.name, 'String');
  const preferred = value.find((serde) => serde.preferred);
  assert.equal(preferred?.name, 'GlueSchemaRegistry');
  const { fields } = JSON.parse(preferred?.schema ?? '') as { fields: { name: string }[] };

  const record = await until(
    'kafka-ui shows a record',
    async () => (await kafkaUi.records('orders'))[0],
  );
  assert.equal(record.valueSerde, 'GlueSchemaRegistry');
  const order = JSON.parse(record.value);
  assert.deepEqual(
    Object.keys(order),
    fields.map(({ name }) => name),
  );
  assert.deepEqual(JSON.parse(record.key), { order_id: order.order_id });
  assert.equal(record.valueDeserializeProperties.schemaName, 'orders-value');
});
