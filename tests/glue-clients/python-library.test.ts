import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateRegistryCommand,
  GetSchemaCommand,
  type GlueClient,
  QuerySchemaVersionMetadataCommand,
} from '@aws-sdk/client-glue';
import { createClient } from '../../packages/glue-local/src/testing/start-registry.ts';
import { ForeignError } from '../conformance/foreign-process.ts';
import { histories } from './example-schemas.ts';
import { startJavaSerde } from './java-serde.ts';
import { type PythonLibrary, startRegistryLibrary } from './python-library.ts';
import { type RecordedRegistry, startRecordedRegistry } from './recorded-registry.ts';
import { schemaNamesOf, versionIdOf, versionsOf } from './stored-versions.ts';

const registryName = 'customer';
let registry: RecordedRegistry;
let client: GlueClient;
let python: PythonLibrary;
before(async () => {
  registry = await startRecordedRegistry();
  client = createClient(registry.endpoint);
  await client.send(new CreateRegistryCommand({ RegistryName: registryName }));
  python = await startRegistryLibrary(registry.endpoint, registryName);
});
after(async () => {
  await python?.close();
  client?.destroy();
  await registry?.close();
});

const { first, compatible, incompatible } = histories.AVRO;

test('S0-08 S2-02 S4-07 the Python serializer registers <topic>-value with BACKWARD once and sends its id, for 1000 records; the deserializer fetches once', async () => {
  const topic = 'records';
  registry.takeOperations();
  const frames: Buffer[] = [];
  for (let id = 0; id < 1000; id += 1)
    frames.push(await python.serialize(topic, 'AVRO', first, { id }));
  assert.deepEqual(registry.takeOperations(), [
    ...['GetSchemaByDefinition', 'CreateSchema', 'GetSchemaVersion'],
  ]);
  assert.deepEqual(await schemaNamesOf(client, registryName), ['records-value']);
  const SchemaId = { RegistryName: registryName, SchemaName: 'records-value' };
  const { Compatibility } = await client.send(new GetSchemaCommand({ SchemaId }));
  assert.equal(Compatibility, 'BACKWARD');
  const [version] = await versionsOf(client, registryName, 'records-value');
  registry.takeOperations();
  for (const [id, frame] of frames.entries()) {
    assert.deepEqual([frame[0], frame[1], versionIdOf(frame)], [3, 0, version?.id]);
    assert.deepEqual(await python.deserialize(topic, frame), { id: BigInt(id) });
  }
  assert.deepEqual(registry.takeOperations(), ['GetSchemaVersion']);
});

const modes = [
  ...['NONE', 'DISABLED', 'BACKWARD', 'BACKWARD_ALL'],
  ...['FORWARD', 'FORWARD_ALL', 'FULL', 'FULL_ALL'],
];

test('S0-09 the Python serializer creates a schema with each mode', async () => {
  for (const mode of modes) {
    await python.serialize(`mode-${mode}`, 'AVRO', first, { id: 1 }, mode);
    const SchemaId = { RegistryName: registryName, SchemaName: `mode-${mode}-value` };
    const { Compatibility } = await client.send(new GetSchemaCommand({ SchemaId }));
    assert.equal(Compatibility, mode);
  }
});

test('the Python client registers with metadata, and finds a version by id and by definition', async () => {
  const version = await python.register('described', 'AVRO', first, { owner: 'shop' });
  assert.deepEqual(version, {
    id: version.id,
    name: 'described',
    number: 1n,
    format: 'AVRO',
    status: 'AVAILABLE',
  });
  assert.deepEqual(await python.find(version.id), version);
  assert.equal(await python.findByDefinition('described', first), version.id);
  const query = new QuerySchemaVersionMetadataCommand({ SchemaVersionId: version.id });
  const { MetadataInfoMap = {} } = await client.send(query);
  assert.equal(MetadataInfoMap.owner?.MetadataValue, 'shop');
});

for (const format of ['AVRO', 'JSON'] as const) {
  test(`the Python serializer registers a compatible version of ${format}, and raises for an incompatible one`, async () => {
    const topic = `evolution-${format}`;
    const name = `${topic}-value`;
    const history = histories[format];
    const rows = [{ id: 1n }, { id: 1n, name: 'a' }] as const;
    const frames = [
      await python.serialize(topic, format, history.first, rows[0]),
      await python.serialize(topic, format, history.compatible, rows[1]),
    ];
    const refused = python.serialize(topic, format, history.incompatible, rows[1]);
    const chain = await chainOf(refused);
    const [failed, latest, oldest] = await versionsOf(client, registryName, name);
    assert.deepEqual([failed?.number, failed?.status], [3, 'FAILURE']);
    assert.deepEqual(chain, [
      `${raised}Register schema :: Call failed when registering the schema with the schema registry for schema name = ${name}`,
      `${raised}Schema evolution check failed. schemaVersionId ${failed?.id} is in FAILURE status.`,
    ]);
    const again = await chainOf(python.serialize(topic, format, history.incompatible, rows[1]));
    assert.equal(again.at(-1), `${raised}Schema Found but status is FAILURE`);
    assert.deepEqual(frames.map(versionIdOf), [oldest?.id, latest?.id]);
    for (const [index, frame] of frames.entries())
      assert.deepEqual(await python.deserialize(topic, frame), rows[index]);
  });
}

const pendingCases = [
  { title: 'waits for a PENDING version', pendingMs: 1_000, polls: 1 },
  { title: 'gives up a version that stays PENDING after ten polls', pendingMs: 1e9, polls: 10 },
];

for (const { title, pendingMs, polls } of pendingCases) {
  test(`the Python serializer ${title}`, async () => {
    const slow = await startRecordedRegistry({ pendingMs });
    // The pause comes once, before the first poll. A version that stays PENDING needs none.
    const waitSeconds = polls === 1 ? 3 : 0.1;
    const other = await startRegistryLibrary(slow.endpoint, 'default-registry', waitSeconds);
    try {
      await other.serialize('pending', 'AVRO', first, { id: 1 });
      slow.takeOperations();
      const registered = other.serialize('pending', 'AVRO', compatible, { id: 1, name: null });
      if (polls === 1) await registered;
      else assert.match((await chainOf(registered)).at(-1) ?? '', /: Retries exhausted for schema/);
      assert.deepEqual(slow.takeOperations(), [
        ...['GetSchemaByDefinition', 'RegisterSchemaVersion'],
        ...Array(polls).fill('GetSchemaVersion'),
        // The library reads the accepted version once more.
        ...(polls === 1 ? ['GetSchemaVersion'] : []),
      ]);
    } finally {
      await other.close();
      await slow.close();
    }
  });
}

test('S0-07 S0-08 a Python and a Java producer that create a schema at once, then register a version at once, get one version each', async () => {
  const java = await startJavaSerde(registry.endpoint);
  try {
    const topic = 'raced';
    const schemaName = 'raced-value';
    const settings = { 'registry.name': registryName, schemaName };
    const race = async (schema: string, row: object, value: string) => {
      const ids = await Promise.all([
        python.serialize(topic, 'AVRO', schema, row).then(versionIdOf),
        java.serialize({ topic, schema, value, settings }).then(versionIdOf),
      ]);
      assert.equal(ids[0], ids[1]);
      return ids[0];
    };
    registry.gather('CreateSchema', 2);
    const created = await race(first, { id: 1 }, '{"id":1}');
    registry.gather('RegisterSchemaVersion', 2);
    const row = { id: 1, name: 'a' };
    const second = await race(compatible, row, '{"id":1,"name":{"string":"a"}}');
    assert.deepEqual(await versionsOf(client, registryName, schemaName), [
      { number: 2, status: 'AVAILABLE', id: second },
      { number: 1, status: 'AVAILABLE', id: created },
    ]);
  } finally {
    await java.close();
  }
});

test('S0-07 two Python producers that create a schema with different definitions at once: the later one is a version', async () => {
  const other = await startRegistryLibrary(registry.endpoint, registryName);
  try {
    registry.gather('CreateSchema', 2);
    const results = await Promise.allSettled([
      python.serialize('differ', 'AVRO', first, { id: 1 }, 'NONE'),
      other.serialize('differ', 'AVRO', incompatible, { id: 1, name: 'a' }, 'NONE'),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'fulfilled'],
    );
    const versions = await versionsOf(client, registryName, 'differ-value');
    assert.deepEqual(
      versions.map(({ number, status }) => [number, status]),
      [
        [2, 'AVAILABLE'],
        [1, 'AVAILABLE'],
      ],
    );
  } finally {
    await other.close();
  }
});

test('the Python library’s exceptions for a missing registry, a missing version, a missing schema and a refused name', async () => {
  const elsewhere = await startRegistryLibrary(registry.endpoint, 'nowhere');
  try {
    const none = '00000000-0000-0000-0000-000000000000';
    const botocore = (type: string, operation: string, message: string) =>
      `${type}: An error occurred (${type}) when calling the ${operation} operation: ${message}`;
    assert.deepEqual(await chainOf(elsewhere.serialize('a', 'AVRO', first, { id: 1 })), [
      `${raised}Create schema a-value failed`,
      botocore(
        'EntityNotFoundException',
        'CreateSchema',
        'Registry is not found. RegistryName: nowhere, RegistryArn: null',
      ),
    ]);
    assert.deepEqual(await chainOf(python.find(none)), [
      `${raised}Failed to get schema version by id ${none}`,
      botocore(
        'EntityNotFoundException',
        'GetSchemaVersion',
        `Schema version is not found. SchemaVersionId: ${none}`,
      ),
    ]);
    assert.deepEqual(await chainOf(python.findByDefinition('missing', first)), [
      `${raised}Failed to get schemaVersionId by schema definition for schema name = missing`,
      botocore(
        'EntityNotFoundException',
        'GetSchemaByDefinition',
        'Schema is not found. RegistryName: customer, SchemaName: missing, SchemaArn: null',
      ),
    ]);
    const refused = await chainOf(python.serialize('two words', 'AVRO', first, { id: 1 }));
    assert.match(refused[0] ?? '', /^SchemaRegistryException: Exception occurred while fetching/);
    assert.equal(
      refused.at(-1),
      botocore(
        'InvalidInputException',
        'GetSchemaByDefinition',
        'The parameter value contains one or more characters that are not valid. Parameter Name: schemaName',
      ),
    );
  } finally {
    await elsewhere.close();
  }
});

/** What users of the library catch. */
const raised = 'SchemaRegistryException: ';

/** The exceptions with which the library failed, outermost first: class and message. */
async function chainOf(call: Promise<unknown>): Promise<string[]> {
  const error = await call.then(
    () => assert.fail('the library did not raise'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ForeignError, error as Error);
  return error.message.split(' <- ');
}
