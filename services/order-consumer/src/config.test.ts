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
    SINKS: 'stdout,dynamodb',
    TOMBSTONES: 'delete',
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
  assert.equal(faults.SINKS, 'must be stdout');
  assert.equal(faults.TOMBSTONES, 'must be one of ignore, dlq');
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

test('a closed standard output is a fault of SINKS, together with all others', () => {
  assert.throws(() => loadConsumerConfig({ ...required, TOMBSTONES: 'keep' }, true), {
    faults: [
      { variable: 'TOMBSTONES', problem: 'must be one of ignore, dlq' },
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
