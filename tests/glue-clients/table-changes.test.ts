import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateRegistryCommand,
  DeleteSchemaVersionsCommand,
  GetSchemaVersionCommand,
  type GlueClient,
  ListSchemaVersionsCommand,
  UpdateSchemaCommand,
} from '@aws-sdk/client-glue';
import { createDeserializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { createClient } from '../../packages/glue-local/src/testing/start-registry.ts';
import { ForeignError } from '../conformance/foreign-process.ts';
import { type RecordedRegistry, startRecordedRegistry } from './recorded-registry.ts';
import { type ConnectTask, startConnectTask, type TableColumn } from './table-changes.ts';

// The schemas are those that Debezium makes of a table, before and after an ALTER TABLE.

const registryName = 'legopoc';
let registry: RecordedRegistry;
let client: GlueClient;
let task: ConnectTask;
before(async () => {
  registry = await startRecordedRegistry();
  client = createClient(registry.endpoint);
  await client.send(new CreateRegistryCommand({ RegistryName: registryName }));
  task = await startConnectTask(registry.endpoint, registryName);
});
after(async () => {
  await task?.close();
  client?.destroy();
  await registry?.close();
});

const id: TableColumn = { name: 'id', type: 'INT', isNullable: false, value: 1 };
const price: TableColumn = { name: 'price', type: 'DECIMAL', isNullable: false, value: '12.30' };
const note: TableColumn = { name: 'note', type: 'VARCHAR', isNullable: true, value: 'a' };
const city: TableColumn = { name: 'city', type: 'VARCHAR', isNullable: false, value: 'Brno' };
const table = [id, price];

const schemaId = (name: string) => ({
  RegistryName: registryName,
  SchemaName: `fullfillment.test_db.${name}`,
});

/** Each version of the schema with its status, the newest first. */
async function versionsOf(name: string) {
  const SchemaId = schemaId(name);
  const { Schemas = [] } = await client.send(new ListSchemaVersionsCommand({ SchemaId }));
  return Schemas.map(({ VersionNumber, Status }) => [VersionNumber, Status]);
}

/** The row of a record as this project reads it, with the latest schema or the record's own. */
async function readRow(name: string, isFlat: boolean, frame: Buffer, withLatest = false) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const glue = createGlueRegistry({
    registryName,
    region: 'us-east-1',
    endpoint: registry.endpoint,
    credentials,
  });
  try {
    const latest = await client.send(
      new GetSchemaVersionCommand({
        SchemaId: schemaId(name),
        SchemaVersionNumber: { LatestVersion: true },
      }),
    );
    const readerSchema = withLatest ? latest.SchemaDefinition : undefined;
    const deserializer = createDeserializer({
      registry: glue,
      ...(readerSchema !== undefined && { readerSchema }),
    });
    const { value } = await deserializer.deserialize(frame);
    const row = isFlat ? value : (value as { after: unknown }).after;
    const { __op, __source_ts_ms, ...columns } = row as Record<string, unknown>;
    return columns;
  } finally {
    glue.close();
  }
}

const forms = [
  { form: 'flat', isFlat: true },
  { form: 'with its envelope', isFlat: false },
];

for (const { form, isFlat } of forms) {
  const priceValue = Buffer.from([4, 206]);

  test(`S4-02 BACKWARD, Debezium’s row ${form}: a dropped column is accepted, and old rows are read with the new schema`, async () => {
    const name = `dropped_${isFlat}`;
    const old = await task.insert(name, table, isFlat);
    const latest = await task.insert(name, [id], isFlat);
    assert.deepEqual(await versionsOf(name), [
      [2, 'AVAILABLE'],
      [1, 'AVAILABLE'],
    ]);
    assert.deepEqual(await readRow(name, isFlat, latest), { id: 1 });
    assert.deepEqual(await readRow(name, isFlat, old), { id: 1, price: priceValue });
    assert.deepEqual(await readRow(name, isFlat, old, true), { id: 1 });
  });

  test(`S4-03 BACKWARD, Debezium’s row ${form}: a new nullable column is accepted, and null in old rows`, async () => {
    const name = `nullable_${isFlat}`;
    const old = await task.insert(name, table, isFlat);
    const latest = await task.insert(name, [...table, note], isFlat);
    assert.deepEqual(await versionsOf(name), [
      [2, 'AVAILABLE'],
      [1, 'AVAILABLE'],
    ]);
    const row = { id: 1, price: priceValue };
    assert.deepEqual(await readRow(name, isFlat, latest), { ...row, note: 'a' });
    assert.deepEqual(await readRow(name, isFlat, old, true), { ...row, note: null });
  });

  test(`S4-04 BACKWARD, Debezium’s row ${form}: a new NOT NULL column without a default is refused, and its row is written once the operator decided`, async () => {
    const name = `required_${isFlat}`;
    const changed = [...table, city];
    await task.insert(name, table, isFlat);
    const refusal = await refusalOf(task.insert(name, changed, isFlat));
    const failed = await versionsOf(name);
    assert.deepEqual(failed, [
      [2, 'FAILURE'],
      [1, 'AVAILABLE'],
    ]);
    // What Connect logs before it ends the task. The position of the row is not committed then.
    assert.match(refusal, /^org\.apache\.kafka\.connect\.errors\.DataException: Converting Kafka/);
    assert.match(refusal, new RegExp(`for schema name = fullfillment\\.test_db\\.${name} <- `));
    assert.match(refusal, /Schema evolution check failed\. schemaVersionId \S+ is in FAILURE/);

    // Rows of the old table are still written.
    await task.insert(name, table, isFlat);
    // The operator accepts the change. The failed version is found again until it is deleted.
    const SchemaId = schemaId(name);
    const SchemaVersionNumber = { VersionNumber: 1 };
    const update = { SchemaId, SchemaVersionNumber, Compatibility: 'NONE' } as const;
    await client.send(new UpdateSchemaCommand(update));
    const again = await refusalOf(task.insert(name, changed, isFlat));
    assert.match(again, /AWSSchemaRegistryException: Schema Found but status is FAILURE$/);
    await client.send(new DeleteSchemaVersionsCommand({ SchemaId, Versions: '2' }));
    const frame = await task.insert(name, changed, isFlat);
    const row = { id: 1, price: priceValue, city: 'Brno' };
    assert.deepEqual(await readRow(name, isFlat, frame), row);
  });
}

test('S4-04 the same column with a default is accepted, and old rows have the default', async () => {
  const old = await task.insert('defaulted', table, true);
  await task.insert('defaulted', [...table, { ...city, default: 'Praha' }], true);
  const row = await readRow('defaulted', true, old, true);
  assert.equal(row.city, 'Praha');
});

test('S4-04 the registry says which column a refused version would need in old rows', async () => {
  await task.insert('reasons', table, true);
  const refusal = await refusalOf(task.insert('reasons', [...table, city], true));
  const version = /schemaVersionId (\S+) is/.exec(refusal)?.[1];
  const url = `${registry.endpoint}/_local/schema-versions/${version}/reasons`;
  const { incompatibilities } = (await (await fetch(url)).json()) as {
    incompatibilities: object[];
  };
  assert.equal(incompatibilities.length, 1);
  assert.match(JSON.stringify(incompatibilities), /"\/fields\/2"/);
});

test('S0-07 two tasks that write the first row of a table at once use one version', async () => {
  const other = await startConnectTask(registry.endpoint, registryName);
  try {
    registry.gather('CreateSchema', 2);
    const tasks = [task, other];
    const frames = await Promise.all(tasks.map((writer) => writer.insert('raced', table, true)));
    assert.deepEqual(frames[0], frames[1]);
    assert.deepEqual(await versionsOf('raced'), [[1, 'AVAILABLE']]);
  } finally {
    await other.close();
  }
});

test('a task with a registry that is missing fails with Connect’s DataException, which names the registry', async () => {
  const lost = await startConnectTask(registry.endpoint, 'nowhere');
  try {
    const refusal = await refusalOf(lost.insert('lost', table, true));
    assert.match(refusal, /^org\.apache\.kafka\.connect\.errors\.DataException: /);
    assert.match(refusal, /EntityNotFoundException: Registry is not found\. RegistryName: nowhere/);
  } finally {
    await lost.close();
  }
});

async function refusalOf(insertion: Promise<Buffer>): Promise<string> {
  const error = await insertion.then(
    () => assert.fail('the row was written'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof ForeignError, error as Error);
  return error.message;
}
