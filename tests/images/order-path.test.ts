import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateSchemaCommand, GetSchemaVersionCommand, GlueClient } from '@aws-sdk/client-glue';
import { brokerImage } from '@order-stream/local-stack/kafka-container';
import { printedOrder, referenceOrder } from '@order-stream/local-stack/reference-order';
import { until } from '@order-stream/local-stack/until';
import { KafkaContainer } from '@testcontainers/kafka';
import { Network, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';
import { buildImages, removeImages, type Target } from './images.ts';
import { inspect, peakMebibytes, SmallestTask, terminate } from './smallest-task.ts';

// The tests use one set of containers and depend on their order.
const loadOrders = 30_000;
const loadSchemas = 500;
const registry = {
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL_GLUE: 'http://glue-local:4570',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

let images: Record<Target, string>;
let network: StartedNetwork;
const started: StartedTestContainer[] = [];
const services: Record<'order-producer' | 'order-consumer' | 'glue-local', StartedTestContainer> =
  {} as never;
const producer = () => `http://127.0.0.1:${services['order-producer'].getMappedPort(3000)}`;

/** The consumer's output, counted as it arrives, because the log is large. */
const printed = { lines: 0, reference: undefined as Record<string, unknown> | undefined };

function readPrinted(stream: NodeJS.ReadableStream): void {
  let rest = '';
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((text) => text.startsWith('{"topic":'))) {
      printed.lines++;
      if (line.includes(referenceOrder.order_id)) printed.reference = JSON.parse(line);
    }
  });
}

function task(image: string, env: Record<string, string>): SmallestTask {
  return new SmallestTask(image)
    .withNetwork(network)
    .withEnvironment({ BOOTSTRAP_SERVERS: 'kafka:9092', DRAIN_DELAY_MS: '0', ...env })
    .withStartupTimeout(120_000);
}

before(async () => {
  images = await buildImages();
  network = await new Network().start();
  const kafka = new KafkaContainer(brokerImage)
    .withNetwork(network)
    .withNetworkAliases('kafka')
    .withEnvironment({ KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false', KAFKA_HEAP_OPTS: '-Xmx512m' })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/));
  started.push(await kafka.start());
  started.push(
    await task(images.orders, {})
      .withCommand(['topics', 'create'])
      .withWaitStrategy(Wait.forOneShotStartup())
      .start(),
  );
  services['glue-local'] = await task(images['glue-local'], {})
    .withNetworkAliases('glue-local')
    .withExposedPorts(4570)
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
  services['order-producer'] = await task(images['order-producer'], {
    ...registry,
    AUTH_MODE: 'none',
  })
    .withNetworkAliases('producer')
    .withExposedPorts(3000, 9464)
    .withWaitStrategy(Wait.forAll([Wait.forHealthCheck(), Wait.forHttp('/readyz', 9464)]))
    .start();
  services['order-consumer'] = await task(images['order-consumer'], registry)
    .withExposedPorts(9465)
    .withLogConsumer(readPrinted)
    .withWaitStrategy(Wait.forAll([Wait.forHealthCheck(), Wait.forHttp('/readyz', 9465)]))
    .start();
});

after(async () => {
  try {
    for (const container of [...Object.values(services), ...started.reverse()])
      await container.stop();
    await network?.stop();
  } finally {
    await removeImages();
  }
});

test('D-03 D-07 the consumer’s image decodes and prints an order posted to the producer’s image', async () => {
  const response = await fetch(`${producer()}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(referenceOrder),
  });
  assert.equal(response.status, 201, await response.clone().text());
  const { value } = await until('the order is printed', () => printed.reference);
  assert.deepEqual(value, printedOrder(referenceOrder));
});

test('D-05 each image runs under full load in the smallest task: read-only, user 1000, no capabilities, 512 MiB, 100 processes', async (context) => {
  const generator = await task(images.orders, { MAX_RUN_SEC: '0' })
    .withCommand([
      ...['produce', '--url', 'http://producer:3000', '--for', '0', '--json'],
      ...['--rate', '0', '--concurrency', '128'],
    ])
    .start();
  started.push(generator);
  await loadRegistry(`http://127.0.0.1:${services['glue-local'].getMappedPort(4570)}`);
  await until('the load is decoded', () => printed.lines > loadOrders, 180_000);

  for (const [name, container] of Object.entries({ ...services, orders: generator })) {
    const { HostConfig: host, Config: config, State: state } = await inspect(container);
    assert.deepEqual(
      [host.ReadonlyRootfs, host.CapDrop, host.Memory, host.PidsLimit, config.User],
      [true, ['ALL'], 512 * 2 ** 20, 100, '1000'],
      name,
    );
    assert.deepEqual([state.Running, state.OOMKilled], [true, false], name);
    context.diagnostic(`${name}: at most ${await peakMebibytes(container)} MiB of 512`);
  }
  assert.equal(await terminate(generator), 0, 'every order of the load was acknowledged');
  const summary = await text(generator);
  context.diagnostic(summary.trim().split('\n').at(-1) ?? '');
  const acknowledged = Number(/"acknowledged":(\d+)/.exec(summary)?.[1]);
  // Delivery is at least once, so a record may be printed again.
  await until('every acknowledged order is decoded', () => printed.lines >= acknowledged + 1);
});

test('D-05 each image’s process is PID 1 and ends after SIGTERM with exit code 0', async () => {
  for (const [name, container] of Object.entries(services)) {
    const { output } = await container.exec(['cat', '/proc/1/cmdline']);
    assert.match(output, /^node\0/, name);
    assert.equal(await terminate(container), 0, name);
  }
});

/** Registers schemas and reads them back concurrently, as a deployment of many services does. */
async function loadRegistry(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'load', secretAccessKey: 'load' };
  const glue = new GlueClient({ endpoint, region: 'us-east-1', credentials });
  const lanes = 50;
  const one = async (number: number) => {
    const { SchemaVersionId } = await glue.send(
      new CreateSchemaCommand({
        RegistryId: { RegistryName: 'customer' },
        SchemaName: `load-${number}`,
        DataFormat: 'AVRO',
        Compatibility: 'BACKWARD',
        SchemaDefinition: JSON.stringify({
          ...{ type: 'record', name: `Load${number}` },
          fields: [{ name: 'number', type: 'long' }],
        }),
      }),
    );
    const { Status } = await glue.send(new GetSchemaVersionCommand({ SchemaVersionId }));
    assert.equal(Status, 'AVAILABLE');
  };
  const lane = async (first: number) => {
    for (let number = first; number < loadSchemas; number += lanes) await one(number);
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  glue.destroy();
}

async function text(container: StartedTestContainer): Promise<string> {
  const stream = await container.logs();
  const chunks: string[] = [];
  stream.on('data', (chunk) => chunks.push(String(chunk)));
  await new Promise((resolve) => stream.once('end', resolve));
  return chunks.join('');
}
