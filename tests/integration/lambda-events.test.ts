import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { glueSettings, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { createDeserializer, createSerializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { createKafkaHandler, type KafkaEvent } from '@order-stream/serde/lambda';

/** The example events of the AWS Lambda Developer Guide, with the values of the test's topic. */
const sources: Record<string, (value: string, key: string) => KafkaEvent> = {
  'Amazon MSK': (value, key) => ({
    eventSource: 'aws:kafka',
    eventSourceArn:
      'arn:aws:kafka:us-east-1:123456789012:cluster/vpc-2priv-2pub/751d2973-a626-431c-9d4e-d7975eb44dd7-2',
    bootstrapServers:
      'b-2.demo-cluster-1.a1bcde.c1.kafka.us-east-1.amazonaws.com:9092,b-1.demo-cluster-1.a1bcde.c1.kafka.us-east-1.amazonaws.com:9092',
    records: recordsOf(value, key),
  }),
  'self-managed Kafka': (value, key) => ({
    eventSource: 'SelfManagedKafka',
    bootstrapServers:
      'b-2.demo-cluster-1.a1bcde.c1.kafka.us-east-1.amazonaws.com:9092,b-1.demo-cluster-1.a1bcde.c1.kafka.us-east-1.amazonaws.com:9092',
    records: recordsOf(value, key),
  }),
};

function recordsOf(value: string, key: string): KafkaEvent['records'] {
  const record = { timestamp: 1545084650987, timestampType: 'CREATE_TIME' as const };
  const headers = [{ headerKey: [104, 101, 97, 100, 101, 114, 86, 97, 108, 117, 101] }];
  return {
    'mytopic-0': [
      { topic: 'mytopic', partition: 0, offset: 15, ...record, key, value, headers },
      { topic: 'mytopic', partition: 0, offset: 16, ...record, key, value: 'AwA=', headers },
      { topic: 'mytopic', partition: 0, offset: 17, ...record, key, headers },
    ],
    'mytopic-3': [{ topic: 'mytopic', partition: 3, offset: 2, ...record, value, headers: [] }],
  };
}

const keySchema = '{"type":"record","name":"Key","fields":[{"name":"id","type":"string"}]}';
const valueSchema = '{"type":"record","name":"Order","fields":[{"name":"cents","type":"long"}]}';
let registry: Awaited<ReturnType<typeof startGlueLocal>>;
let bytes: { key: string; value: string };

before(async () => {
  registry = await startGlueLocal();
  const glue = createGlueRegistry({ ...glueSettings(registry), autoRegistration: true });
  const serializer = createSerializer({ registry: glue, compression: 'zlib' });
  const written = await Promise.all([
    serializer.serialize('mytopic', { id: 'a' }, { schema: keySchema, part: 'key' }),
    serializer.serialize('mytopic', { cents: 2n ** 60n }, { schema: valueSchema }),
  ]);
  const [key = '', value = ''] = written.map((one) => one.toString('base64'));
  bytes = { key, value };
  glue.close();
});
after(() => registry?.close());

/** A function after a cold start, which records what it handled. */
function coldFunction(context: TestContext, at: { endpoint: string }) {
  const glue = createGlueRegistry(glueSettings(at));
  context.after(() => glue.close());
  const handled: object[] = [];
  const handler = createKafkaHandler({
    key: createDeserializer<{ id: string }>({ registry: glue }),
    value: createDeserializer<{ cents: bigint }>({ registry: glue }),
    partialBatchResponse: true,
    onFailure() {},
    eachRecord({ partition, offset, key, value, headers: [header], valueSchema }) {
      handled.push({
        ...{ partition, offset, id: key?.id, cents: value?.cents, schema: valueSchema?.name },
        header: header && `${header.name}: ${header.value}`,
      });
    },
  });
  return { handler, handled };
}

for (const [source, eventOf] of Object.entries(sources)) {
  test(`the records of an event of ${source} are decoded with the registry's schemas`, async (context) => {
    const { handler, handled } = coldFunction(context, registry);
    const response = await handler(eventOf(bytes.value, bytes.key), {});
    const order = { cents: 2n ** 60n, schema: 'mytopic-value' };
    const header = 'headerKey: headerValue';
    assert.deepEqual(
      handled.filter((one) => 'partition' in one && one.partition === 0),
      [
        { partition: 0, offset: 15, id: 'a', ...order, header },
        { partition: 0, offset: 17, id: 'a', cents: undefined, schema: undefined, header },
      ],
    );
    assert.deepEqual(
      handled.filter((one) => 'partition' in one && one.partition === 3),
      [{ partition: 3, offset: 2, id: undefined, ...order, header: undefined }],
    );
    assert.deepEqual(response, {
      batchItemFailures: [{ itemIdentifier: { partition: 'mytopic-0', offset: 16 } }],
    });
  });

  test(`an event of ${source} comes again while the registry is unavailable`, async (context) => {
    const event = eventOf(bytes.value, bytes.key);
    const ended = await startGlueLocal();
    await ended.close();
    const { handler, handled } = coldFunction(context, ended);
    await assert.rejects(handler(event, {}), { code: 'registry-unavailable' });
    assert.deepEqual(handled, []);
  });
}
