import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, type TestContext, test } from 'node:test';
import {
  createTopicNamed,
  deleteRecords,
  deleteTopic,
  endOffsets,
  rawKafka,
  writeRaw,
} from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import kafkajs from 'kafkajs';
import { type ComposeStack, composeStack } from '../compose/compose-stack.ts';
import { acceleratedPrometheus } from './accelerated-prometheus.ts';
import { filledIn, panelQueries, variableQueries } from './panel-queries.ts';
import { type PrometheusClient, prometheusClient, type Series } from './prometheus-client.ts';

// The tests use one stack and depend on their order: each fault is corrected before the next one. Only the last fault waits
// until all alerts resolve, because their windows must pass.
const onlyUnderFaults = ['Firing alerts', 'Failed batches, by error'];
const all = { instance: ['.+'], topic: ['.+'] };
const startedMs = Date.now();

let folder: string;
let stack: ComposeStack;
let prometheus: PrometheusClient;

before(async () => {
  folder = acceleratedPrometheus();
  stack = await composeStack({
    flags: [
      ...['--profile', 'sinks'],
      ...['--file', 'compose.yml', '--file', 'tests/telemetry/compose.telemetry.yml'],
    ],
    env: { TELEMETRY_FOLDER: folder },
  });
  prometheus = prometheusClient(stack.prometheusUrl);
  const services = (await stack.compose('config', '--services')).trim().split('\n');
  const started = services.filter((service) => service !== 'grafana');
  await stack.up(started);
});

after(async () => {
  await stack.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until each query of the panel has a point above zero since the fault, in a series that `matches`. */
async function showsTheFault(
  panel: string,
  sinceMs: number,
  matches: (labels: Series['labels']) => boolean = () => true,
): Promise<void> {
  const queries = panelQueries.filter(
    // No body arrives in part here.
    (query) => query.panel === panel && !query.expr.includes('orders_producer_receiving_bytes'),
  );
  assert.notEqual(queries.length, 0, panel);
  for (const { expr } of queries)
    await until(`${panel} shows the fault: ${expr}`, async () => {
      const series = await prometheus.range(filledIn(expr, all), sinceMs);
      return series.some(
        ({ labels, points }) => matches(labels) && points.some((point) => point > 0),
      );
    });
}

test('D-08 Prometheus scrapes both services, and the variables of every dashboard have values', async () => {
  for (const { dashboard } of panelQueries)
    for (const { series, label, name } of variableQueries(dashboard))
      await until(`values of ${name} on ${dashboard}`, async () => {
        const values = await prometheus.labelValues(label, series);
        return name === 'topic' ? values.includes('orders') : values.length > 0;
      });
  for (const job of ['order-producer', 'order-consumer'])
    await until(`${job} is up`, async () => (await prometheus.now(`up{job="${job}"} == 1`)).length);
});

test('D-06 D-08 under load every query of every panel returns data, also with single values of its variables', async () => {
  for (const { dashboard, panel, expr } of panelQueries) {
    if (onlyUnderFaults.includes(panel)) continue;
    const chosen: Record<string, string[]> = {};
    for (const { name, series, label } of variableQueries(dashboard))
      chosen[name] = await prometheus.labelValues(label, series);
    const query = filledIn(expr, chosen);
    await until(
      `data for ${panel}: ${query}`,
      async () => (await prometheus.now(query)).length > 0,
    );
  }
  const [rate] = await prometheus.now(
    filledIn(panelQueries.find(({ panel }) => panel === 'Orders per second, now')?.expr ?? '', all),
  );
  assert.ok((rate?.points[0] ?? 0) > 1, 'orders flow');
});

test('D-08 without a fault recording rules have values and no alert fires', async () => {
  const rules = await prometheus.rules();
  for (const { name } of rules.filter(({ type }) => type === 'recording'))
    await until(`data for ${name}`, async () => (await prometheus.now(name)).length > 0);
  await until('no alert fires', async () => (await prometheus.firing()).length === 0);
});

test('D-08 without brokers the error budget alerts fire, and the dashboards show rejected requests', async () => {
  const since = Date.now();
  await stack.compose('kill', 'kafka');
  await prometheus.fires('OrdersErrorBudgetBurnsFast', 'OrdersErrorBudgetBurnsSlowly');
  await prometheus.fires('OrdersConsumerLagUnknown');
  const refused = (labels: Series['labels']) => labels.http_response_status_code === '503';
  await showsTheFault('Answers by status', since, refused);
  await showsTheFault('Requests per second by status', since, refused);
  await showsTheFault('Failed in the service, last hour', since);
  await showsTheFault('Requests in flight', since);
  await showsTheFault('Bytes in flight', since);
  await showsTheFault('Records not acknowledged, by reason', since);
  await showsTheFault('Firing alerts', since);
  await stack.compose('start', 'kafka');
});

/** Resolves when the member has joined. It ends with the test at the latest. */
async function joinGroup(context: TestContext, topic: string): Promise<kafkajs.Consumer> {
  const member = rawKafka(stack.kafkaServers).consumer({
    groupId: 'orders-group-01',
    // Its last fetch is waited for when it leaves.
    maxWaitTimeInMs: 100,
  });
  context.after(() => member.disconnect());
  await member.connect();
  await member.subscribe({ topics: [topic] });
  const joined = new Promise((resolve, reject) => {
    member.on('consumer.group_join', resolve);
    member.on('consumer.crash', ({ payload }) => reject(payload.error));
  });
  await member.run({ autoCommit: false, eachBatch: async () => undefined });
  await joined;
  return member;
}

test('D-08 undecodable records count as dead letters, and a member that joins and leaves causes rebalances', async (context) => {
  const since = Date.now();
  await until(
    'the undecodable record is written',
    async () => {
      await writeRaw(stack.kafkaServers, 'orders', [{ value: 'no frame', partition: 0 }]);
      return true;
    },
    90_000,
  );
  await prometheus.fires('OrdersDeadLetters');
  await showsTheFault('Dead letters', since);
  await showsTheFault('Dead letters by reason', since);
  let storm = false;
  await until(
    'OrdersRebalanceStorm fires',
    async () => {
      const member = await joinGroup(context, 'orders');
      await member.disconnect();
      storm ||= (await prometheus.firing()).includes('OrdersRebalanceStorm');
      return storm;
    },
    90_000,
  );
  await showsTheFault('Assignments', since);
});

test('D-08 alerts fire for a sink that is down and for sinks whose memory is full, and end when the store answers', async () => {
  const since = Date.now();
  await stack.compose('pause', 'moto');
  const order_items = Array.from({ length: 500 }, (_, i) => ({ product_id: i, quantity: 1 }));
  const statuses = new Set<number>();
  await until(
    'more orders wait than the sinks may keep',
    async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => stack.postOrder({ user_id: 'u', order_items })),
      );
      for (const { status } of answers) statuses.add(status);
      return (await prometheus.firing()).includes('OrdersSinkMemoryFull');
    },
    90_000,
  );
  assert.deepEqual([...statuses], [201]);
  await prometheus.fires('OrdersSinkDown');
  for (const panel of ['Sinks that are down', 'Bytes in memory, by sink', 'Paused partitions'])
    await showsTheFault(panel, since);
  await stack.compose('unpause', 'moto');
  await prometheus.resolves('OrdersSinkDown', 'OrdersSinkMemoryFull');
  await showsTheFault('Time to store, by sink', since);
  await showsTheFault('Files and batches stored, by trigger', since);
});

test('D-08 the alert fires while the dead-letter brake holds a partition, and ends when the brake is lifted', async () => {
  const since = Date.now();
  const poison = Array.from({ length: 150 }, () => ({ value: 'no frame', partition: 2 }));
  await writeRaw(stack.kafkaServers, 'orders', poison);
  await prometheus.fires('OrdersDeadLetterBrake');
  await showsTheFault('Partitions held by the dead-letter brake', since);
  await until('both consumers hold the partition', async () => {
    return (await prometheus.now('orders_consumer_braked_partitions == 1')).length === 2;
  });
  for (const service of ['consumer', 'consumer-sinks']) {
    const lift = `fetch('http://127.0.0.1:9465/dead-letter-brake/lift', { method: 'POST' })
      .then((answer) => answer.json()).then(({ lifted }) => console.log(lifted.join()))`;
    const lifted = await stack.compose('exec', '--no-TTY', service, 'node', '-e', lift);
    assert.equal(lifted.trim(), 'orders/2', service);
  }
  await prometheus.resolves('OrdersDeadLetterBrake');
});

test('D-08 the alert fires while the brokers refuse every write, and ends when they no longer do', async (context) => {
  const { AclOperationTypes, AclPermissionTypes, AclResourceTypes } = kafkajs;
  const topic = {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: 'orders',
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
  };
  const everybody = { ...topic, principal: 'User:*', host: '*' };
  const since = Date.now();
  const admin = rawKafka(stack.kafkaServers).admin();
  context.after(() => admin.disconnect());
  await admin.connect();
  // A topic with an entry allows only what an entry allows.
  const acl = [
    {
      ...everybody,
      operation: AclOperationTypes.ALL,
      permissionType: AclPermissionTypes.ALLOW,
    },
    {
      ...everybody,
      operation: AclOperationTypes.WRITE,
      permissionType: AclPermissionTypes.DENY,
    },
  ];
  await admin.createAcls({ acl });
  await prometheus.fires('OrdersWritesRefused');
  await showsTheFault(
    'Records not acknowledged, by reason',
    since,
    ({ error_type }) => error_type === 'topic-authorization-failed',
  );
  const any = { operation: AclOperationTypes.ANY, permissionType: AclPermissionTypes.ANY };
  await admin.deleteAcls({ filters: [{ ...topic, ...any }] });
  await prometheus.resolves('OrdersWritesRefused');
});

test('F07 F08 alerts fire for an open transaction, for records lost to retention, and for a consumer outside the group because a topic is missing', async (context) => {
  const since = Date.now();
  const servers = stack.kafkaServers;
  const producer = rawKafka(servers).producer({
    transactionalId: 'telemetry',
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: 300_000,
  });
  context.after(() => producer.disconnect());
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic: 'orders', messages: [{ value: 'aborted', partition: 1 }] });

  await stack.compose('pause', 'consumer');
  const read = (await endOffsets(servers, 'orders')).get(0) as bigint;
  const waitsBehind = (offset: bigint) =>
    until('a record waits', async () => {
      const end = (await endOffsets(servers, 'orders')).get(0) as bigint;
      return end > offset && end;
    });
  // The consumer still gets what answers the fetch that it sent before its pause.
  const end = await waitsBehind(await waitsBehind(read));
  await deleteRecords(servers, 'orders', 0, end);
  await stack.compose('unpause', 'consumer');
  await prometheus.fires('OrdersLostToRetention');
  await showsTheFault('Records lost to retention', since);

  await deleteTopic(servers, 'orders.dlq');
  await prometheus.fires(
    'OrdersTopicMissing',
    'OrdersConsumerOutsideGroup',
    'OrdersOpenTransaction',
  );
  await showsTheFault('Time outside the group', since);
  await showsTheFault('Records behind open transactions, by partition', since);
  await createTopicNamed(servers, 'orders.dlq');
  await transaction.abort();
  await prometheus.resolves(
    'OrdersTopicMissing',
    'OrdersConsumerOutsideGroup',
    'OrdersOpenTransaction',
  );
});

test('D-08 alerts fire for stopped services', async () => {
  await stack.compose('stop', 'producer', 'consumer', 'consumer-sinks');
  await prometheus.fires('OrdersProducerAbsent', 'OrdersConsumerAbsent');
  await stack.compose('start', 'producer');
  await prometheus.resolves('OrdersProducerAbsent');
});

test('D-08 the alert fires for a topic that the leader of the group does not assign', async (context) => {
  const since = Date.now();
  const leader = await joinGroup(context, 'orders.dlq');
  // The service joins a group that another program leads.
  await stack.docker('start', (await stack.compose('ps', '--all', '--quiet', 'consumer')).trim());
  await prometheus.fires('OrdersTopicUnread');
  await showsTheFault('Partitions that nobody reads', since);
  await leader.disconnect();
  await prometheus.resolves('OrdersTopicUnread');
  await stack.compose('stop', 'consumer');
});

test('D-08 alerts fire for a consumer that starts without its registry and for slow brokers', async () => {
  const since = Date.now();
  await until('the producer accepts orders', async () => {
    const response = await stack.postOrder({
      user_id: 'u',
      order_items: [{ product_id: 1, quantity: 1 }],
    });
    return response.status === 201;
  });
  await stack.compose('kill', 'glue-local');
  // Compose would start the consumer's dependencies too.
  await stack.docker('start', (await stack.compose('ps', '--all', '--quiet', 'consumer')).trim());
  await prometheus.resolves('OrdersConsumerAbsent');
  await until(
    'OrdersAcknowledgedSlowly fires',
    async () => {
      await stack.compose('pause', 'kafka');
      await until('50 orders wait for the broker', async () => {
        return (await prometheus.now('http_server_active_requests > 50')).length > 0;
      });
      await stack.compose('unpause', 'kafka');
      return (await prometheus.firing()).includes('OrdersAcknowledgedSlowly');
    },
    90_000,
  );
  await showsTheFault('Time to 201', since);
  await showsTheFault("Brokers' time for a batch", since);
  await prometheus.fires(
    'OrdersConsumerStalled',
    'OrdersPartitionsWait',
    'OrdersRegistryStale',
    'OrdersConsumerLags',
  );
  for (const panel of [
    ...[
      'Paused partitions',
      'Time without an answer from the registry',
      'Failed batches, by error',
    ],
    ...['Lag by partition', 'Age of the oldest unread record, by partition', 'Unread records'],
    'Oldest unread record',
  ])
    await showsTheFault(panel, since);
  await stack.compose('start', 'glue-local');
  await until('every alert resolves', async () => (await prometheus.firing()).length === 0, 90_000);
});

test('D-08 after all faults every query of every panel and every rule has returned data', async () => {
  const queries = [
    ...panelQueries.map(({ panel, expr }) => ({ of: panel, query: filledIn(expr, all) })),
    ...(await prometheus.rules())
      // This stack has no worker of Kafka Connect. `tests/connect` shows that a worker has the metrics of these rules.
      .filter(({ name }) => !/^(Connect|Debezium)/.test(name))
      .map(({ name, query }) => ({ of: name, query })),
  ];
  const withoutData: string[] = [];
  for (const { of, query } of queries)
    if ((await prometheus.range(query, startedMs)).length === 0)
      withoutData.push(`${of}: ${query}`);
  assert.deepEqual(withoutData, []);
});
