import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import {
  askDefinitions,
  type Connector,
  localWorker,
  mskWorker,
  startConnectorDefinitions,
} from './connector-definitions.ts';
import { ForeignError, type ForeignProcess } from './foreign-process.ts';

const files = globSync('docker/connect/*.json', { cwd: root }).sort();
const connectorOf = (file: string) =>
  JSON.parse(readFileSync(join(root, file), 'utf8')) as Connector;

/** Connectors of Kafka itself, which only a local worker has. */
const isLocal = ({ config }: Connector) =>
  String(config['connector.class']).startsWith('org.apache.kafka.');

const definitions = {} as Record<'local' | 'msk', ForeignProcess>;
before(async () => {
  definitions.local = await startConnectorDefinitions(localWorker);
  definitions.msk = await startConnectorDefinitions(mskWorker);
});
after(() => Promise.all(Object.values(definitions).map((one) => one.close())));

const nothing = { unknown: [], errors: [] };

test('S2-13 every property of a connector’s file is known, and its value accepted, by the worker of docker/connect', async () => {
  assert.ok(files.length >= 10, files.join());
  for (const file of files) {
    const connector = connectorOf(file);
    assert.equal(connector.name, basename(file, '.json'));
    assert.deepEqual(await askDefinitions(definitions.local, connector), nothing, file);
  }
});

test('S2-13 the same files are accepted by the Kafka Connect that MSK Connect runs', async () => {
  const shared = files.filter((file) => !isLocal(connectorOf(file)));
  assert.ok(shared.length >= 6, shared.join());
  for (const file of shared)
    assert.deepEqual(await askDefinitions(definitions.msk, connectorOf(file)), nothing, file);
});

/** A connector of a file with other properties. `undefined` removes one. */
function changed(file: string, properties: Record<string, string | undefined>): Connector {
  const { name, config } = connectorOf(`docker/connect/${file}.json`);
  const merged = Object.entries({ ...config, ...properties });
  return {
    name,
    config: Object.fromEntries(
      merged.filter((one): one is [string, string] => one[1] !== undefined),
    ),
  };
}

test('S2-13 what Terraform adds to the files is known on MSK Connect', async () => {
  const iam = ['producer', 'consumer'].map((client) => ({
    [`schema.history.internal.${client}.security.protocol`]: 'SASL_SSL',
    [`schema.history.internal.${client}.sasl.mechanism`]: 'AWS_MSK_IAM',
    [`schema.history.internal.${client}.sasl.jaas.config`]:
      'software.amazon.msk.auth.iam.IAMLoginModule required;',
    [`schema.history.internal.${client}.sasl.client.callback.handler.class`]:
      'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
  }));
  const added: [string, Record<string, string>][] = [
    ['cdc-postgresql-glue', { 'database.sslmode': 'require' }],
    ['cdc-mysql-avro', Object.assign({}, ...iam)],
    ['order-sink-s3-avro', { 'behavior.on.null.values': 'ignore' }],
  ];
  for (const [file, properties] of added)
    assert.deepEqual(
      await askDefinitions(definitions.msk, changed(file, properties)),
      nothing,
      file,
    );
});

test('S2-13 a misspelt name is found in each part of each kind of connector', async () => {
  const misspelt: [string, string][] = [
    ['cdc-postgresql-glue', 'slot.nme'],
    ['cdc-postgresql-glue', 'topic.creation.default.partition'],
    ['cdc-postgresql-glue', 'value.converter.registryName'],
    ['cdc-postgresql-glue', 'errors.log.enabled'],
    ['cdc-postgresql-confluent', 'transforms.unwrap.drop.tombstone'],
    ['cdc-postgresql-confluent', 'value.converter.apicurio.registry.autoregister'],
    ['cdc-mysql-avro', 'schema.history.internal.kafka.topics'],
    ['cdc-mysql-avro', 'schema.history.internal.producer.sasl.mechansim'],
    ['cdc-mysql-json', 'value.converter.schema.enable'],
    ['order-sink', 'files'],
    ['order-sink', 'consumer.override.max.pol.records'],
    ['order-sink-s3', 'flush.sizes'],
    ['datagen-customer-order', 'genv.order.quantity.wiht'],
  ];
  for (const [file, name] of misspelt) {
    const { unknown } = await askDefinitions(definitions.local, changed(file, { [name]: '1' }));
    assert.deepEqual(unknown, [name], file);
  }
});

test('S2-13 a wrong value and a missing property are found', async () => {
  const wrong: [string, Record<string, string | undefined>, RegExp][] = [
    ['cdc-postgresql-glue', { 'database.dbname': undefined }, /^database\.dbname: /],
    ['cdc-postgresql-glue', { 'plugin.name': 'wal2json' }, /^plugin\.name: /],
    ['cdc-postgresql-glue', { 'decimal.handling.mode': 'exact' }, /^decimal\.handling\.mode: /],
    ['cdc-postgresql-glue', { 'errors.tolerance': 'some' }, /^errors\.tolerance: /],
    ['cdc-postgresql-glue', { 'value.converter.avroRecordType': 'ROW' }, /^value\.converter: /],
    ['cdc-postgresql-glue', { 'value.converter.region': undefined }, /^value\.converter: /],
    ['cdc-mysql-json', { 'value.converter.decimal.format': 'TEXT' }, /^value\.converter\.decimal/],
    ['order-sink', { 'tasks.max': '0' }, /^tasks\.max: /],
  ];
  for (const [file, properties, message] of wrong) {
    const { errors } = await askDefinitions(definitions.local, changed(file, properties));
    assert.ok(
      errors.some((error) => message.test(error)),
      `${file} ${JSON.stringify(properties)}: ${errors.join('; ')}`,
    );
  }
});

test('S2-13 a connector that the image does not have is an error', async () => {
  const connector = changed('order-sink', { 'connector.class': 'org.example.Sink' });
  await assert.rejects(askDefinitions(definitions.local, connector), ForeignError);
});
