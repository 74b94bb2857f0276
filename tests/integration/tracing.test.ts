import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { freePort } from '@order-stream/local-stack/ports';
import { startProducer } from '@order-stream/local-stack/producer';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { createTopic, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerSpanId = '00f067aa0ba902b7';
const tracestate = 'vendor=t61rcWkgMzE';
const spanKind = { server: 2, producer: 4, consumer: 5 };

const { broker, registry } = await startBrokerAndRegistry();

async function startPath(context: TestContext, env: Record<string, string>) {
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const starting = startProducer({ bootstrapServers, registry, topic, env });
  context.after(async () => (await starting).kill());
  const consumer = await startConsumer({ context, bootstrapServers, registry, topic, env });
  return { topic, producer: await starting, consumer };
}

async function post(url: string, headers: Record<string, string>, order: object = referenceOrder) {
  return fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(order),
  });
}

test('one trace connects the caller, the request, the write and the sink', async (context) => {
  const receiver = await startOtlpReceiver();
  context.after(() => receiver.close());
  const { topic, producer, consumer } = await startPath(context, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
  });
  const traceparent = `00-${traceId}-${callerSpanId}-01`;
  const answer = await post(producer.url, { traceparent, tracestate });
  assert.equal(answer.status, 201);
  const receipt = (await answer.json()) as { partition: number; offset: string };

  const named = (name: string) => receiver.spans.find((span) => span.name === name);
  const [process, send, request] = await Promise.all(
    [`process ${topic}`, `send ${topic}`, 'POST /orders'].map((name) =>
      until(`the span ${name}`, () => named(name)),
    ),
  );
  assert.deepEqual(shape(request as ReceivedSpan), {
    service: 'order-producer',
    kind: spanKind.server,
    traceId,
    parentSpanId: callerSpanId,
  });
  assert.deepEqual(shape(send as ReceivedSpan), {
    service: 'order-producer',
    kind: spanKind.producer,
    traceId,
    parentSpanId: request?.spanId,
  });
  assert.deepEqual(shape(process as ReceivedSpan), {
    service: 'order-consumer',
    kind: spanKind.consumer,
    traceId,
    parentSpanId: send?.spanId,
  });
  assert.deepEqual(request?.attributes, {
    'http.request.method': 'POST',
    'http.route': '/orders',
    'http.response.status_code': 201,
  });
  assert.equal(process?.attributes['orders.outcome'], 'delivered');
  for (const span of [send, process]) {
    assert.equal(span?.attributes['messaging.destination.name'], topic);
    assert.equal(span?.attributes['messaging.kafka.offset'], Number(receipt.offset));
    assert.equal(span?.attributes['messaging.destination.partition.id'], String(receipt.partition));
  }
  for (const { startTimeUnixNano, endTimeUnixNano } of receiver.spans)
    assert.ok(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano));
  const [printed] = await until(
    'the printed order',
    () => consumer.records().length > 0 && consumer.records(),
  );
  assert.deepEqual(printed?.headers, {
    'content-type': 'application/avro',
    traceparent: `00-${traceId}-${send?.spanId}-01`,
    tracestate,
  });
});

test('the span of a rejected order has the status, the span of a dead letter has the reason, and neither has a payload', async (context) => {
  const receiver = await startOtlpReceiver();
  context.after(() => receiver.close());
  const { topic, producer } = await startPath(context, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
  });
  const secret = 'mX7secret';
  const refused = await post(producer.url, {}, { ...referenceOrder, user_id: [secret] });
  assert.equal(refused.status, 422);
  await writeRaw(broker.bootstrapServers, topic, [{ key: secret, value: Buffer.from(secret) }]);

  const request = await until('the span of the request', () =>
    receiver.spans.find(({ name }) => name === 'POST /orders'),
  );
  assert.equal(request.attributes['http.response.status_code'], 422);
  assert.equal(request.parentSpanId ?? '', '');
  const process = await until('the span of the dead letter', () =>
    receiver.spans.find(({ name }) => name === `process ${topic}`),
  );
  assert.equal(process.attributes['orders.outcome'], 'dead-lettered');
  assert.equal(process.attributes['error.type'], 'undecodable');
  assert.equal(process.status.code, 2);
  assert.equal(JSON.stringify(receiver.spans).includes(secret), false);
});

test('without an endpoint there are no spans, and records still carry the caller’s trace context', async (context) => {
  const { producer, consumer } = await startPath(context, {});
  const traceparent = `00-${traceId}-${callerSpanId}-00`;
  assert.equal((await post(producer.url, { traceparent, tracestate })).status, 201);
  assert.equal((await post(producer.url, { traceparent: 'none of these' })).status, 201);
  const printed = await until(
    'both orders',
    () => consumer.records().length === 2 && consumer.records(),
  );
  assert.deepEqual(
    printed.map(({ headers }) => headers),
    [
      { 'content-type': 'application/avro', traceparent, tracestate },
      { 'content-type': 'application/avro' },
    ],
  );
});

test('without a reachable receiver orders continue, and the log reports lost traces once', async (context) => {
  const { producer, consumer } = await startPath(context, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
  });
  assert.equal((await post(producer.url, {})).status, 201);
  await until('the log line', () => consumer.logged('traces lost').length > 0, 60_000);
  // Later traces are lost too. The exporter tries them before the process ends and logs nothing.
  for (const _ of [1, 2, 3]) assert.equal((await post(producer.url, {})).status, 201);
  await until('the printed orders', () => consumer.records().length === 4);
  assert.deepEqual(await consumer.faults('/readyz'), []);
  assert.deepEqual(await producer.stop(), { code: 0, signal: null });
  assert.deepEqual(await consumer.stop(), { code: 0, signal: null });
  assert.equal(consumer.logged('traces lost').length, 1);
});

function shape({ service, kind, traceId: trace, parentSpanId }: ReceivedSpan) {
  return { service, kind, traceId: trace, parentSpanId };
}
