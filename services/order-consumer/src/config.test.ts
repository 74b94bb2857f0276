import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '@order-stream/runtime';
import { deadLetterTopicOf, groupIdOf, loadConsumerConfig } from './config.ts';

const required = { BOOTSTRAP_SERVERS: 'b-1:9098, b-2:9098', AWS_REGION: 'us-east-1' };

function faultsOf(env: Record<string, string>): Record<string, string> {
  try {
    loadConsumerConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return Object.fromEntries(error.faults.map(({ variable, problem }) => [variable, problem]));
  }
  return {};
}

test('S0-17 the group is named after the first topic unless GROUP_ID is set', () => {
  assert.equal(groupIdOf(loadConsumerConfig(required)), 'orders-group-01');
  assert.equal(groupIdOf(loadConsumerConfig({ ...required, TOPIC_NAMES: 'a,b' })), 'a-group-01');
  assert.equal(groupIdOf(loadConsumerConfig({ ...required, GROUP_ID: 'mine' })), 'mine');
});

test('S0-16 absent variables have their default, and unknown variables are ignored', () => {
  const config = loadConsumerConfig({ ...required, SOMEBODY_ELSES: 'x' });
  assert.deepEqual(config.BOOTSTRAP_SERVERS, ['b-1:9098', 'b-2:9098']);
  assert.deepEqual(config.TOPIC_NAMES, ['orders']);
  assert.deepEqual(config.registry, {
    kind: 'glue',
    registryName: 'customer',
    region: 'us-east-1',
  });
  assert.deepEqual(config.SINKS, ['stdout']);
  assert.equal(config.TOMBSTONES, 'ignore');
  assert.equal(config.MANAGEMENT_PORT, 9465);
});

test('each topic has its own dead-letter topic unless DLQ_TOPIC is set', () => {
  const each = loadConsumerConfig({ ...required, TOPIC_NAMES: 'a,b' });
  assert.equal(deadLetterTopicOf(each, 'b'), 'b.dlq');
  const one = loadConsumerConfig({ ...required, TOPIC_NAMES: 'a,b', DLQ_TOPIC: 'dead' });
  assert.equal(deadLetterTopicOf(one, 'b'), 'dead');
});

test('S0-16 invalid and missing variables are reported together', () => {
  const faults = faultsOf({
    SINKS: 'stdout,printer',
    TOMBSTONES: 'keep',
    TOPIC_NAMES: 'orders,no good',
    DRAIN_DELAY_MS: 'soon',
  });
  assert.deepEqual(Object.keys(faults).sort(), [
    'AWS_REGION',
    'BOOTSTRAP_SERVERS',
    'DRAIN_DELAY_MS',
    'SINKS',
    'TOMBSTONES',
    'TOPIC_NAMES',
  ]);
  assert.equal(faults.SINKS, 'must be a list of stdout, dynamodb, s3');
  assert.equal(faults.TOMBSTONES, 'must be one of ignore, delete, dlq');
});

test('the variables of the S3 sink have the defaults of Kafka Connect and the reference, and are checked', () => {
  const s3 = { ...required, SINKS: 's3', S3_BUCKET: 'my-orders' };
  const config = loadConsumerConfig(s3);
  assert.deepEqual(
    [config.S3_PREFIX, config.S3_FORMAT, config.S3_FLUSH_RECORDS, config.S3_FLUSH_MS],
    ['topics', 'json', 100, 60_000],
  );
  assert.deepEqual(
    [config.S3_FLUSH_BYTES, config.S3_PART_BYTES, config.S3_TIMEZONE, config.S3_AVRO_CODEC],
    [67_108_864, 8_388_608, 'UTC', 'deflate'],
  );
  assert.deepEqual(faultsOf({ ...required, SINKS: 's3' }), {
    S3_BUCKET: 'is required when SINKS includes s3',
  });
  assert.deepEqual(
    Object.keys(
      faultsOf({
        ...s3,
        S3_PREFIX: '/topics',
        S3_FORMAT: 'parquet',
        S3_AVRO_CODEC: 'gzip',
        S3_FLUSH_RECORDS: '0',
        S3_FLUSH_MS: '86400001',
        S3_PART_BYTES: '1000000',
        S3_TIMEZONE: 'Sydney',
      }),
    ).sort(),
    [
      'S3_AVRO_CODEC',
      'S3_FLUSH_MS',
      'S3_FLUSH_RECORDS',
      'S3_FORMAT',
      'S3_PART_BYTES',
      'S3_PREFIX',
      'S3_TIMEZONE',
    ],
  );
});

test('a dead-letter topic that is also read is rejected', () => {
  assert.ok(faultsOf({ ...required, DLQ_TOPIC: 'orders' }).DLQ_TOPIC);
  assert.ok(faultsOf({ ...required, TOPIC_NAMES: 'orders,orders.dlq' }).DLQ_TOPIC);
});

test('S4-10 one variable chooses the registry, and each kind requires its own variables', () => {
  const { AWS_REGION: _, ...regionless } = required;
  const confluent = { ...regionless, SCHEMA_REGISTRY: 'confluent' };
  assert.deepEqual(Object.keys(faultsOf(confluent)), ['SCHEMA_REGISTRY_URL']);
  const SCHEMA_REGISTRY_URL = 'http://apicurio:8080/apis/ccompat/v7';
  assert.deepEqual(faultsOf({ ...confluent, SCHEMA_REGISTRY_URL }), {});
  assert.ok(faultsOf({ ...confluent, SCHEMA_REGISTRY_URL: 'apicurio' }).SCHEMA_REGISTRY_URL);
  assert.deepEqual(faultsOf({ ...regionless, SCHEMA_REGISTRY: 'none' }), {});
  assert.deepEqual(Object.keys(faultsOf({ ...regionless, SCHEMA_REGISTRY: 'glue' })), [
    'AWS_REGION',
  ]);
});

test('a registry of another account is configured by its ARN, which gives the region, and a role', () => {
  const { AWS_REGION: _, ...regionless } = required;
  const REGISTRY_NAME = 'arn:aws:glue:eu-west-1:123456789012:registry/customer';
  const GLUE_ASSUME_ROLE_ARN = 'arn:aws:iam::123456789012:role/schemas';
  assert.deepEqual(faultsOf({ ...regionless, REGISTRY_NAME, GLUE_ASSUME_ROLE_ARN }), {});
  assert.deepEqual(
    Object.keys(
      faultsOf({ ...required, REGISTRY_NAME: 'arn:aws:s3:::b', GLUE_ASSUME_ROLE_ARN: 'role' }),
    ).sort(),
    ['GLUE_ASSUME_ROLE_ARN', 'REGISTRY_NAME'],
  );
});

test('a second registry is off by default, and requires its own variables', () => {
  const SCHEMA_REGISTRY_URL = 'http://apicurio:8080/apis/ccompat/v7';
  const moving = { ...required, SECONDARY_SCHEMA_REGISTRY: 'confluent' };
  assert.deepEqual(Object.keys(faultsOf(moving)), ['SCHEMA_REGISTRY_URL']);
  assert.deepEqual(faultsOf({ ...moving, SCHEMA_REGISTRY_URL }), {});
  assert.ok(faultsOf({ ...required, SECONDARY_SCHEMA_REGISTRY: 'glue' }).SECONDARY_SCHEMA_REGISTRY);
  const none = { ...moving, SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY: 'none' };
  assert.ok(faultsOf(none).SECONDARY_SCHEMA_REGISTRY);
});

test('each of two registries has its own settings and its own snapshot file', () => {
  const config = loadConsumerConfig({
    ...required,
    SECONDARY_SCHEMA_REGISTRY: 'confluent',
    SCHEMA_REGISTRY_URL: 'http://apicurio:8080',
    SCHEMA_SNAPSHOT_FILE: '/data/schemas.json',
  });
  assert.deepEqual(config.registry, {
    kind: 'glue',
    registryName: 'customer',
    region: 'us-east-1',
    snapshotFile: '/data/schemas.json',
  });
  assert.deepEqual(config.secondaryRegistry, {
    kind: 'confluent',
    url: 'http://apicurio:8080',
    snapshotFile: '/data/schemas.json.other',
  });
  assert.deepEqual(loadConsumerConfig(required).secondaryRegistry, { kind: 'none' });
});

test('an unusable registry URL is reported at the start', () => {
  const confluent = { ...required, SCHEMA_REGISTRY: 'confluent' };
  for (const SCHEMA_REGISTRY_URL of ['http://user:p%zz@host', 'http://host:99999'])
    assert.ok(faultsOf({ ...confluent, SCHEMA_REGISTRY_URL }).SCHEMA_REGISTRY_URL);
  const SCHEMA_REGISTRY_URL = 'http://user:p%25zz@host';
  assert.deepEqual(faultsOf({ ...confluent, SCHEMA_REGISTRY_URL }), {});
});

test('values are read as written unless READER_SCHEMA names another schema, and its file is checked at the start', () => {
  assert.equal(loadConsumerConfig(required).readerSchema, 'writer');
  assert.equal(loadConsumerConfig({ ...required, READER_SCHEMA: 'latest' }).readerSchema, 'latest');
  const file = new URL('../../../schemas/order.v1.avsc', import.meta.url).pathname;
  const { readerSchema } = loadConsumerConfig({ ...required, READER_SCHEMA: file });
  assert.ok(typeof readerSchema === 'object' && readerSchema.dataFormat === 'AVRO');
  assert.deepEqual(faultsOf({ ...required, READER_SCHEMA: '/nowhere', TOMBSTONES: 'keep' }), {
    TOMBSTONES: 'must be one of ignore, delete, dlq',
    READER_SCHEMA: 'must be writer, latest or a file that can be read (ENOENT)',
  });
});

test('without a registry there is no reader schema', () => {
  const none = { ...required, SCHEMA_REGISTRY: 'none' };
  assert.deepEqual(faultsOf(none), {});
  const problem = 'must be writer when SCHEMA_REGISTRY is none';
  assert.deepEqual(faultsOf({ ...none, READER_SCHEMA: 'latest' }), { READER_SCHEMA: problem });
});

test('values without a frame are dead letters unless UNFRAMED_VALUES says otherwise', () => {
  assert.equal(loadConsumerConfig(required).UNFRAMED_VALUES, 'dlq');
  assert.ok(faultsOf({ ...required, UNFRAMED_VALUES: 'refuse' }).UNFRAMED_VALUES);
});

test('a closed standard output is a fault of SINKS, together with all others', () => {
  assert.throws(() => loadConsumerConfig({ ...required, TOMBSTONES: 'keep' }, true), {
    faults: [
      { variable: 'TOMBSTONES', problem: 'must be one of ignore, delete, dlq' },
      {
        variable: 'SINKS',
        problem:
          'must not include stdout while standard output is closed, or is /dev/null opened for reading and writing; open it, or discard the records by >/dev/null',
      },
    ],
  });
});

test('S0-16 names and lists have their limits', () => {
  const valid = { GROUP_ID: 'g'.repeat(255), TOPIC_NAMES: 'a,b', DLQ_TOPIC: 'd'.repeat(249) };
  assert.deepEqual(faultsOf({ ...required, ...valid }), {});
  const shortest = { GROUP_ID: 'g', TOPIC_NAMES: 'a', DLQ_TOPIC: 'd', SINKS: 'stdout' };
  assert.deepEqual(faultsOf({ ...required, ...shortest }), {});
  for (const [variable, value] of [
    ['GROUP_ID', 'g'.repeat(256)],
    ['TOPIC_NAMES', 'a,a'],
    ['TOPIC_NAMES', ','],
    ['DLQ_TOPIC', 'd'.repeat(250)],
    ['SINKS', 'stdout,stdout'],
    ['SINKS', ','],
    ['SCHEMA_REGISTRY', 'another'],
    ['SECONDARY_SCHEMA_REGISTRY', 'another'],
  ] as const)
    assert.deepEqual(Object.keys(faultsOf({ ...required, [variable]: value })), [variable], value);
  const unknown = { SCHEMA_REGISTRY: 'another', SECONDARY_SCHEMA_REGISTRY: 'glue' };
  assert.deepEqual(Object.keys(faultsOf({ ...required, ...unknown })), ['SCHEMA_REGISTRY']);
});

test('session, heartbeats and fetches are variables, and three heartbeats fit into a session', () => {
  const config = loadConsumerConfig(required);
  assert.equal(config.SESSION_TIMEOUT_MS, 30_000);
  assert.equal(config.HEARTBEAT_INTERVAL_MS, 3_000);
  assert.equal(config.MAX_PARTITION_FETCH_BYTES, 256 * 1024);
  const fits = { ...required, SESSION_TIMEOUT_MS: '9000', HEARTBEAT_INTERVAL_MS: '3000' };
  assert.deepEqual(faultsOf(fits), {});
  assert.deepEqual(faultsOf({ ...fits, SESSION_TIMEOUT_MS: '8999' }), {
    HEARTBEAT_INTERVAL_MS: 'must be at most a third of SESSION_TIMEOUT_MS: 2999',
  });
});

test('F15 names that no topic can have are faults, also the default name of a dead-letter topic', () => {
  for (const TOPIC_NAMES of ['..', 'orders,.', 'my orders', 'bestellungen-ü', 'o'.repeat(250)])
    assert.deepEqual(Object.keys(faultsOf({ ...required, TOPIC_NAMES })), ['TOPIC_NAMES']);
  assert.deepEqual(faultsOf({ ...required, TOPIC_NAMES: 'o'.repeat(245) }), {});
  for (const length of [246, 249]) {
    const TOPIC_NAMES = `orders,${'o'.repeat(length)}`;
    const problem =
      'is required, because <topic>.dlq of a topic in TOPIC_NAMES has more than 249 characters';
    assert.deepEqual(faultsOf({ ...required, TOPIC_NAMES }), { DLQ_TOPIC: problem });
    assert.deepEqual(faultsOf({ ...required, TOPIC_NAMES, DLQ_TOPIC: 'dead' }), {});
  }
});

test('S1-05 the DynamoDB sink requires a table, which nothing else does', () => {
  assert.deepEqual(faultsOf({ ...required, SINKS: 'stdout' }), {});
  const used = { ...required, SINKS: 'dynamodb,stdout' };
  assert.deepEqual(faultsOf(used), {
    DYNAMODB_TABLE: 'is required when SINKS includes dynamodb',
  });
  const table = { ...used, DYNAMODB_TABLE: 'orders' };
  const config = loadConsumerConfig(table);
  assert.equal(config.DYNAMODB_KEY, 'order_id');
  assert.equal(config.DYNAMODB_TOMBSTONE_KEY, '/order_id');
  const arn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders';
  const pointer = '/payload/a~1b/~0/0';
  const more = { DYNAMODB_TABLE: arn, DYNAMODB_TOMBSTONE_KEY: pointer };
  assert.deepEqual(faultsOf({ ...table, ...more }), {});
  const invalid: [string, string][] = [
    ['DYNAMODB_TABLE', 'ab'],
    ['DYNAMODB_TABLE', 'no/table'],
    ['DYNAMODB_KEY', '_offset'],
    ['DYNAMODB_KEY', 'k'.repeat(256)],
    ['DYNAMODB_TOMBSTONE_KEY', 'order_id'],
    ['DYNAMODB_TOMBSTONE_KEY', '/a~2'],
    ['AWS_ENDPOINT_URL_DYNAMODB', 'localhost'],
  ];
  for (const [variable, value] of invalid)
    assert.deepEqual(Object.keys(faultsOf({ ...table, [variable]: value })), [variable], value);
});
