import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateRegistryCommand,
  type DataFormat,
  GetSchemaCommand,
  type GlueClient,
} from '@aws-sdk/client-glue';
import { createSerializer, topicName } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { createClient } from '../../packages/glue-local/src/testing/start-registry.ts';
import { ForeignError } from '../conformance/foreign-process.ts';
import { histories } from './example-schemas.ts';
import { type JavaSerde, type JavaValue, startJavaSerde } from './java-serde.ts';
import { type RecordedRegistry, startRecordedRegistry } from './recorded-registry.ts';
import { schemaNamesOf, versionIdOf, versionsOf } from './stored-versions.ts';

const registryName = 'customer';
const here = { 'registry.name': registryName };
let registry: RecordedRegistry;
let client: GlueClient;
let java: JavaSerde;
before(async () => {
  registry = await startRecordedRegistry();
  client = createClient(registry.endpoint);
  await client.send(new CreateRegistryCommand({ RegistryName: registryName }));
  java = await startJavaSerde(registry.endpoint);
});
after(async () => {
  await java?.close();
  client?.destroy();
  await registry?.close();
});

const person = { schema: histories.AVRO.first, value: '{"id":1}' };
const namedPerson = {
  schema: histories.AVRO.compatible,
  value: '{"id":1,"name":{"string":"a"}}',
};

test('S2-02 S4-07 the Java serializer registers once and sends the id in a header, for 1000 records; the deserializer fetches once', async () => {
  registry.takeOperations();
  for (const [compression, byte] of [
    ['none', 0],
    ['zlib', 5],
  ] as const) {
    const topic = `records-${compression}`;
    const frames: Buffer[] = [];
    for (let id = 0; id < 1000; id += 1) {
      const value = JSON.stringify({ id });
      frames.push(await java.serialize({ topic, ...person, value, compression, settings: here }));
    }
    assert.deepEqual(registry.takeOperations(), [
      ...['GetSchemaByDefinition', 'CreateSchema', 'PutSchemaVersionMetadata'],
    ]);
    const [version] = await versionsOf(client, registryName, topic);
    registry.takeOperations();
    for (const [id, frame] of frames.entries()) {
      assert.deepEqual([frame[0], frame[1], versionIdOf(frame)], [3, byte, version?.id]);
      const read = JSON.parse(await java.deserialize(topic, frame, here));
      assert.deepEqual(read.value, { id });
    }
    // One deserializer for both topics.
    assert.deepEqual(registry.takeOperations(), ['GetSchemaVersion']);
  }
});

test('S3-04 the Java serializer names a schema for its topic or by schemaName; ours with the same naming finds the version', async () => {
  const topic = 'order';
  const frame = await java.serialize({ topic, ...person, settings: here });
  const settings = { ...here, schemaName: 'order.of.shop' };
  await java.serialize({ topic, ...person, settings });
  const names = await schemaNamesOf(client, registryName);
  assert.deepEqual(
    names.filter((name) => name?.startsWith('order')),
    ['order', 'order.of.shop'],
  );
  const glue = createGlueRegistry({
    registryName,
    region: 'us-east-1',
    endpoint: registry.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const serializer = createSerializer({ registry: glue, schemaName: topicName });
  assert.deepEqual(await serializer.serialize(topic, { id: 1 }, { schema: person.schema }), frame);
  glue.close();
});

/** What users of the library catch. */
const thrown = 'AWSSchemaRegistryException: ';

const modes = [
  ...['NONE', 'DISABLED', 'BACKWARD', 'BACKWARD_ALL'],
  ...['FORWARD', 'FORWARD_ALL', 'FULL', 'FULL_ALL'],
];

test('S0-09 the Java serializer creates a schema with the mode of its settings, BACKWARD by default', async () => {
  const modeOf = async (topic: string, settings: object) => {
    await java.serialize({ topic, ...person, settings });
    const SchemaId = { RegistryName: registryName, SchemaName: topic };
    return (await client.send(new GetSchemaCommand({ SchemaId }))).Compatibility;
  };
  for (const compatibility of modes)
    assert.equal(await modeOf(`mode-${compatibility}`, { ...here, compatibility }), compatibility);
  assert.equal(await modeOf('mode', here), 'BACKWARD');
});

test('the Java library stores description, tags and metadata, and reads tags and metadata', async () => {
  const topic = 'described';
  const settings = {
    ...here,
    description: 'orders of the shop',
    tags: { team: 'orders' },
    metadata: { owner: 'shop' },
  };
  const frame = await java.serialize({ topic, ...person, settings });
  const SchemaId = { RegistryName: registryName, SchemaName: topic };
  const { Description } = await client.send(new GetSchemaCommand({ SchemaId }));
  assert.equal(Description, 'orders of the shop');
  assert.deepEqual(await java.tags(person.schema, topic, here), { team: 'orders' });
  assert.deepEqual(await java.metadata(versionIdOf(frame), here), {
    owner: 'shop',
    'x-amz-meta-transport': topic,
  });
});

/** The values of a history, in the mapping that the Java program reads. */
const values: Record<DataFormat, [first: string, compatible: string, incompatible: string]> = {
  AVRO: [person.value, namedPerson.value, '{"id":1,"name":"a"}'],
  JSON: ['{"id":1}', '{"id":1,"name":"a"}', '{"id":1,"name":"a"}'],
  PROTOBUF: ['{"id":1}', '{"id":1,"name":"a"}', '{"id":1,"name":"a"}'],
};

for (const format of ['AVRO', 'JSON', 'PROTOBUF'] as const) {
  test(`the Java serializer registers a compatible version of ${format}, and throws for an incompatible one`, async () => {
    const topic = `evolution-${format}`;
    const { first, compatible, incompatible } = histories[format];
    const serialize = (schema: string, value: string) =>
      java.serialize({ topic, schema, value, format, message: 'Person', settings: here });
    const [firstValue, compatibleValue, incompatibleValue] = values[format];
    const frames = [
      await serialize(first, firstValue),
      await serialize(compatible, compatibleValue),
    ];
    // The library polls a version that is not AVAILABLE, after 3 s.
    const refused = serialize(incompatible, incompatibleValue);
    const chain = await chainOf(refused);
    const versions = await versionsOf(client, registryName, topic);
    assert.deepEqual(
      versions.map(({ number, status }) => [number, status]),
      [
        [3, 'FAILURE'],
        [2, 'AVAILABLE'],
        [1, 'AVAILABLE'],
      ],
    );
    const [failed, latest, oldest] = versions;
    assert.deepEqual(chain, [
      `${thrown}Register schema :: Call failed when registering the schema with the schema registry for schema name = ${topic}`,
      `${thrown}Exception occurred, while performing schema evolution check for schemaVersionId = ${failed?.id}`,
      `${thrown}Schema evolution check failed. schemaVersionId ${failed?.id} is in FAILURE status.`,
    ]);
    // The failed version is found by its definition from now on.
    const again = await chainOf(serialize(incompatible, incompatibleValue));
    assert.equal(again.at(-1), `${thrown}Schema Found but status is FAILURE`);

    assert.deepEqual(frames.map(versionIdOf), [oldest?.id, latest?.id]);
    for (const [index, frame] of frames.entries()) {
      const text = await java.deserialize(topic, frame, here);
      const read = format === 'AVRO' ? JSON.parse(text).value : JSON.parse(text);
      assert.deepEqual(read, JSON.parse(index === 0 ? firstValue : compatibleValue));
    }
  });
}

const pendingCases = [
  { title: 'waits 3 s for a PENDING version', pendingMs: 1_000, polls: 1 },
  { title: 'gives up a version that stays PENDING after ten polls', pendingMs: 1e9, polls: 10 },
];

for (const { title, pendingMs, polls } of pendingCases) {
  test(`the Java serializer ${title}`, async () => {
    const slow = await startRecordedRegistry({ pendingMs });
    try {
      const settings = { endpoint: slow.endpoint, 'registry.name': 'default-registry' };
      const serialize = (value: JavaValue) =>
        java.serialize({ topic: 'pending', ...value, settings });
      await serialize(person);
      slow.takeOperations();
      const registered = serialize(namedPerson);
      if (polls === 1) await registered;
      else
        assert.match(
          (await chainOf(registered)).at(-1) ?? '',
          /^AWSSchemaRegistryException: Retries exhausted for schema/,
        );
      assert.deepEqual(slow.takeOperations(), [
        ...['GetSchemaByDefinition', 'RegisterSchemaVersion'],
        ...Array(polls).fill('GetSchemaVersion'),
        ...(polls === 1 ? ['PutSchemaVersionMetadata'] : []),
      ]);
    } finally {
      await slow.close();
    }
  });
}

test('S0-07 S0-08 two Java producers that create a schema at once, then register a version at once, get one version each', async () => {
  const other = await startJavaSerde(registry.endpoint);
  try {
    const topic = 'raced';
    const race = async (value: JavaValue) => {
      const frames = await Promise.all(
        [java, other].map((serde) => serde.serialize({ topic, ...value, settings: here })),
      );
      assert.deepEqual(frames[0], frames[1]);
      return versionIdOf(frames[0] as Buffer);
    };
    registry.takeOperations();
    registry.gather('CreateSchema', 2);
    const first = await race(person);
    // The loser gets AlreadyExistsException and registers the definition, which finds the winner's version.
    const count = (operation: string, operations: string[]) =>
      operations.filter((name) => name === operation).length;
    const creation = registry.takeOperations();
    assert.deepEqual(
      ['CreateSchema', 'RegisterSchemaVersion'].map((name) => count(name, creation)),
      [2, 1],
    );
    registry.gather('RegisterSchemaVersion', 2);
    const second = await race(namedPerson);
    assert.equal(count('RegisterSchemaVersion', registry.takeOperations()), 2);
    const versions = await versionsOf(client, registryName, topic);
    assert.deepEqual(versions, [
      { number: 2, status: 'AVAILABLE', id: second },
      { number: 1, status: 'AVAILABLE', id: first },
    ]);
  } finally {
    await other.close();
  }
});

const service = /^(.*) \(Service: Glue, Status Code: (\d+), Request ID: [\w-]+\)/;
const refusals: {
  what: string;
  settings: object;
  topic?: string;
  chain: RegExp[];
}[] = [
  {
    what: 'a schema that is missing while auto-registration is off',
    settings: { schemaAutoRegistrationEnabled: 'false' },
    chain: [
      /^AWSSchemaRegistryException: Failed to auto-register schema\. Auto registration of schema is not enabled\.$/,
      /^AWSSchemaRegistryException: Failed to get schemaVersionId by schema definition for schema name = missing $/,
      /^EntityNotFoundException: Schema is not found\. RegistryName: customer, SchemaName: missing, SchemaArn: null/,
    ],
  },
  {
    what: 'a registry that is missing',
    settings: { 'registry.name': 'nowhere' },
    chain: [
      /^AWSSchemaRegistryException: Create schema :: Call failed when creating the schema with the schema registry for schema name = missing\. Error = Registry is not found/,
      /^EntityNotFoundException: Registry is not found\. RegistryName: nowhere, RegistryArn: null/,
    ],
  },
  {
    what: 'a name that Glue refuses',
    settings: { schemaName: 'two words' },
    chain: [
      /^AWSSchemaRegistryException: Exception occurred while fetching or registering schema definition = /,
      /^AWSSchemaRegistryException: Failed to get schemaVersionId by schema definition for schema name = two words $/,
      /^InvalidInputException: The parameter value contains one or more characters that are not valid\. Parameter Name: /,
    ],
  },
];

for (const { what, settings, chain } of refusals) {
  test(`the Java serializer’s exceptions for ${what}`, async () => {
    const request = { topic: 'missing', ...person, settings: { ...here, ...settings } };
    const messages = await chainOf(java.serialize(request));
    assert.equal(messages.length, chain.length, messages.join('\n'));
    for (const [index, pattern] of chain.entries()) assert.match(messages[index] ?? '', pattern);
    // The exception of AWS's SDK, with the status that AWS answers.
    assert.equal(service.exec(messages.at(-1) ?? '')?.[2], '400');
  });
}

test('the Java deserializer’s exceptions for an id that the registry does not have', async () => {
  const frame = Buffer.concat([Buffer.of(3, 0), Buffer.alloc(16, 7), Buffer.of(2)]);
  const id = versionIdOf(frame);
  const messages = await chainOf(java.deserialize('missing', frame, here));
  // The deserializer's exception has the text of its cause in its own.
  assert.equal(messages[0], `${thrown}${thrown}Failed to get schema version Id = ${id}`);
  assert.match(
    messages.at(-1) ?? '',
    /^EntityNotFoundException: Schema version is not found\. SchemaVersionId: 0707/,
  );
});

/** The exceptions with which the library failed, outermost first: class and message. */
async function chainOf(call: Promise<unknown>): Promise<string[]> {
  const error = await call.then(
    () => assert.fail('the library did not throw'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ForeignError, error as Error);
  return error.message
    .split(' <- ')
    .map((exception) =>
      exception.replace(/(?:[a-z]\w*\.){2,}(?=[A-Z]\w*(?:Exception|Error): )/g, ''),
    );
}
