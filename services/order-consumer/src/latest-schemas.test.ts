import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RegisteredSchema, RegistryUnavailableError } from '@order-stream/serde';
import { createLatestSchemas } from './latest-schemas.ts';

const version = (versionNumber: number, dataFormat: RegisteredSchema['dataFormat'] = 'AVRO') => ({
  schemaVersionId: `v${versionNumber}`,
  name: 'orders-value',
  versionNumber,
  dataFormat,
  definition: '"string"',
});

function registryWith(latest: RegisteredSchema) {
  const state = { latest, isDown: false, asked: [] as unknown[] };
  const latestVersionOf = async (writer: RegisteredSchema, names?: readonly string[]) => {
    state.asked.push([writer.schemaVersionId, names]);
    if (state.isDown) throw new RegistryUnavailableError('down');
    return state.latest as never;
  };
  return { state, registry: { source: 'glue', latestVersionOf } };
}

test('records are resolved to the latest version, by the names that a topic gives its schemas', async () => {
  const { state, registry } = registryWith(version(2));
  const latest = createLatestSchemas(() => assert.fail('nothing changed'));
  const choice = latest.choiceFor('orders', registry);
  assert.deepEqual(await choice(version(1)), version(2));
  assert.deepEqual(state.asked, [['v1', ['orders-value', 'orders']]]);
  await latest.refresh();
});

test('a latest version of another data format is not a reader schema', async () => {
  const { registry } = registryWith(version(2, 'JSON'));
  const latest = createLatestSchemas(() => assert.fail('nothing is in use'));
  assert.equal(await latest.choiceFor('orders', registry)(version(1)), undefined);
});

test('a change is reported once, and an unavailable registry changes nothing', async () => {
  const { state, registry } = registryWith(version(2));
  const changes: unknown[] = [];
  const latest = createLatestSchemas(({ versionNumber }) => changes.push(versionNumber));
  const choice = latest.choiceFor('orders', registry);
  await choice(version(1));
  await choice(version(2));
  state.isDown = true;
  await latest.refresh();
  assert.deepEqual(changes, []);
  Object.assign(state, { isDown: false, latest: version(3) });
  await latest.refresh();
  await latest.refresh();
  assert.deepEqual(changes, [3]);
  await choice(version(1));
  state.latest = version(4);
  await latest.refresh();
  assert.deepEqual(changes, [3, 4]);
});
