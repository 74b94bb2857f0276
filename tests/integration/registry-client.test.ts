import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type Compatibility,
  CreateRegistryCommand,
  CreateSchemaCommand,
  GetSchemaCommand,
  GlueClient,
  QuerySchemaVersionMetadataCommand,
} from '@aws-sdk/client-glue';
import { createGlueLocal, type GlueLocalOptions } from '@order-stream/glue-local';
import { avroFormat, createDeserializer, createSerializer, topicName } from '@order-stream/serde';
import { createGlueRegistry, type GlueRegistryOptions } from '@order-stream/serde/glue';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';

const orderFields = [
  { name: 'order_id', type: 'string' },
  { name: 'ordered_at', type: { type: 'long', logicalType: 'timestamp-millis' } },
];
const order = { order_id: '53263c42-81b3-4a53-8067-fcdb44fa5479', ordered_at: 1680745813045 };

function definitionOf(...more: object[]): string {
  const fields = [...orderFields, ...more];
  return JSON.stringify({ type: 'record', name: 'Order', namespace: 'order.v1', fields });
}

/** Holds the answers to one action until this number of callers has requested it. */
interface Barrier {
  action: string;
  callers: number;
}

async function glueLocal(
  context: TestContext,
  options: Partial<GlueLocalOptions> = {},
  barrier?: Barrier,
) {
  const app = createGlueLocal({ databaseFile: ':memory:', ...options });
  const calls: string[] = [];
  const held: (() => void)[] = [];
  app.addHook('onSend', async (request) => {
    const action = String(request.headers['x-amz-target']).replace('AWSGlue.', '');
    calls.push(action);
    if (action !== barrier?.action || held.length >= barrier.callers) return;
    const opened = new Promise<void>((resolve) => held.push(resolve));
    if (held.length === barrier.callers) for (const open of held) open();
    await opened;
  });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const client = { region: 'us-east-1', endpoint, credentials };
  const glue = new GlueClient(client);
  const registries: { close(): void }[] = [];
  context.after(async () => {
    for (const registry of registries) registry.close();
    glue.destroy();
    await app.close();
  });
  function registryOf(more: Partial<GlueRegistryOptions> = {}) {
    const registry = createGlueRegistry({ registryName: 'customer', ...client, ...more });
    registries.push(registry);
    return registry;
  }
  return { registryOf, glue, calls, endpoint };
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

test('S0-08 the first send registers <topic>-value with BACKWARD', async (context) => {
  const { registryOf, glue } = await glueLocal(context);
  const serializer = createSerializer({ registry: registryOf({ autoRegistration: true }) });
  await serializer.serialize('orders', order, { schema: definitionOf() });
  const SchemaId = { RegistryName: 'customer', SchemaName: 'orders-value' };
  const schema = await glue.send(new GetSchemaCommand({ SchemaId }));
  assert.equal(schema.Compatibility, 'BACKWARD');
  assert.equal(schema.LatestSchemaVersion, 1);
});

test('S0-08 without auto-registration a new schema is rejected and a registered schema is used', async (context) => {
  const { registryOf, calls } = await glueLocal(context);
  const choice = { schema: definitionOf() };
  const reading = createSerializer({ registry: registryOf() });
  const refusal = { code: 'schema-not-registered', schemaName: 'orders-value' };
  await assert.rejects(reading.serialize('orders', order, choice), refusal);
  assert.ok(!calls.some((action) => /^(Create|Register)/.test(action)));

  const registering = createSerializer({ registry: registryOf({ autoRegistration: true }) });
  const { schemaVersionId } = await registering.prepare('orders', choice);
  assert.equal((await reading.prepare('orders', choice)).schemaVersionId, schemaVersionId);
});

test('S0-08 a version’s metadata has its first topic, as with the Java library', async (context) => {
  const { registryOf, glue } = await glueLocal(context);
  const registry = registryOf({ autoRegistration: true, metadata: { team: 'orders' } });
  const serializer = createSerializer({ registry, schemaName: topicName });
  const { schemaVersionId } = await serializer.prepare('orders', { schema: definitionOf() });
  const query = new QuerySchemaVersionMetadataCommand({ SchemaVersionId: schemaVersionId });
  const { MetadataInfoMap } = await glue.send(query);
  assert.equal(MetadataInfoMap?.['x-amz-meta-transport']?.MetadataValue, 'orders');
  assert.equal(MetadataInfoMap?.team?.MetadataValue, 'orders');
});

test('S0-09 a schema can be created with each of the eight modes', async (context) => {
  const { registryOf, glue } = await glueLocal(context);
  const modes: Compatibility[] = [
    'NONE',
    'DISABLED',
    'BACKWARD',
    'BACKWARD_ALL',
    'FORWARD',
    'FORWARD_ALL',
    'FULL',
    'FULL_ALL',
  ];
  for (const compatibility of modes) {
    const registry = registryOf({ autoRegistration: true, compatibility });
    await registry.schemaByDefinition(compatibility, 'AVRO', definitionOf());
    const SchemaId = { RegistryName: 'customer', SchemaName: compatibility };
    assert.equal(
      (await glue.send(new GetSchemaCommand({ SchemaId }))).Compatibility,
      compatibility,
    );
  }
});

for (const pendingMs of [0, 300]) {
  test(`S0-10 S0-11 a required field is rejected, a field with a default is accepted, both versions can be read (PENDING for ${pendingMs} ms)`, async (context) => {
    const { registryOf } = await glueLocal(context, { pendingMs });
    const serializer = createSerializer({ registry: registryOf({ autoRegistration: true }) });
    const prime = { name: 'is_prime', type: 'boolean' };
    const first = await serializer.serialize('orders', order, { schema: definitionOf() });

    const required = { schema: definitionOf(prime) };
    await assert.rejects(serializer.serialize('orders', { ...order, is_prime: true }, required), {
      code: 'schema-refused',
      schemaName: 'orders-value',
      versionNumber: 2,
      reason: /is in FAILURE status/,
    });
    assert.equal(serializer.serializeSync('orders', order, required), undefined);

    const optional = { schema: definitionOf({ ...prime, default: false }) };
    const second = await serializer.serialize('orders', { ...order, is_prime: true }, optional);
    const deserializer = createDeserializer({ registry: registryOf() });
    assert.deepEqual((await deserializer.deserialize(first)).value, order);
    assert.deepEqual((await deserializer.deserialize(second)).value, { ...order, is_prime: true });
  });
}

test('a thousand concurrent first records make one call, when writing and when reading', async (context) => {
  const { registryOf, calls } = await glueLocal(context);
  const choice = { schema: definitionOf() };
  await createSerializer({ registry: registryOf({ autoRegistration: true }) }).prepare(
    'orders',
    choice,
  );
  calls.length = 0;

  const serializer = createSerializer({ registry: registryOf() });
  const thousand = Array.from({ length: 1000 });
  const frames = await Promise.all(
    thousand.map(() => serializer.serialize('orders', order, choice)),
  );
  assert.deepEqual(calls, ['GetSchemaByDefinition']);

  const deserializer = createDeserializer({ registry: registryOf() });
  const read = await Promise.all(frames.map((frame) => deserializer.deserialize(frame)));
  assert.deepEqual(calls, ['GetSchemaByDefinition', 'GetSchemaVersion']);
  assert.equal(new Set(read.map(({ schema }) => schema)).size, 1);
});

test('the registry has the definition’s text byte for byte', async (context) => {
  const { registryOf } = await glueLocal(context);
  const text = `{ "type":"record", "namespace" : "Order V1","name":"Order",
    "compatibility":"BACKWARD", "fields":[{"name":"n","type":"long"}] }`;
  const registry = registryOf({ autoRegistration: true });
  const frame = await createSerializer({ registry }).serialize('t', { n: 1 }, { schema: text });
  const read = await createDeserializer({ registry: registryOf() }).deserialize(frame);
  assert.equal(read.schema.definition, text);
  assert.deepEqual(read.value, { n: 1 });
  assert.deepEqual([read.schema.name, read.schema.versionNumber], ['t-value', 1]);
});

test('registerVersion creates a missing schema and returns an existing version', async (context) => {
  const { registryOf } = await glueLocal(context);
  const registry = registryOf();
  await registry.ensureRegistry();
  const first = await registry.registerVersion('legopoc.test_db.person', definitionOf());
  const again = await registry.registerVersion('legopoc.test_db.person', definitionOf());
  assert.equal(again.schemaVersionId, first.schemaVersionId);
});

test('S4-08 a registry can be named by its ARN, and its schemas are listed 23 at a time', async (context) => {
  const { registryOf, calls } = await glueLocal(context);
  const registryName = 'arn:aws:glue:us-east-1:000000000000:registry/legopoc';
  const registry = registryOf({ registryName, autoRegistration: true });
  const names = Array.from({ length: 50 }, (_, i) => `fullfillment.test_db.person${100 + i}`);
  for (const name of names) await registry.schemaByDefinition(name, 'AVRO', definitionOf());
  const field = { name: 'n', type: 'long', default: 0 };
  await registry.registerVersion(names[0] as string, definitionOf(field));
  const listed = [];
  for await (const name of registry.schemaNames({ pageSize: 23 })) listed.push(name);
  assert.deepEqual(listed.sort(), names);
  assert.equal(calls.filter((action) => action === 'ListSchemas').length, 3);
  assert.deepEqual(await registry.versionNumbers(names[0] as string), [1, 2]);
  assert.equal((await registry.latestSchema(names[0] as string)).definition, definitionOf(field));
  const first = await registryOf({ registryName: 'legopoc' }).schemaVersion(names[0] as string, 1);
  assert.equal(first.definition, definitionOf());
  assert.equal(await registry.compatibilityOf(names[0] as string), 'BACKWARD');
});

test('S0-07 two processes can create the registry at the same time', async (context) => {
  const { endpoint, calls } = await glueLocal(context, {}, { action: 'GetRegistry', callers: 2 });
  await inTwoProcesses(endpoint, 'await registry.ensureRegistry(); console.log("ready");');
  assert.equal(calls.filter((action) => action === 'CreateRegistry').length, 2);
});

test('two processes that register one definition at the same time get one version', async (context) => {
  const barrier = { action: 'GetSchemaByDefinition', callers: 2 };
  const { endpoint, calls } = await glueLocal(context, {}, barrier);
  const register = `
    const schema = await registry.schemaByDefinition('s', 'AVRO', ${JSON.stringify(definitionOf())});
    console.log(schema.schemaVersionId);`;
  const [one, other] = await inTwoProcesses(endpoint, register);
  assert.equal(one, other);
  assert.equal(calls.filter((action) => action === 'CreateSchema').length, 2);
});

/** Runs the script in two processes at once. Returns the first line of each. */
async function inTwoProcesses(endpoint: string, script: string): Promise<(string | undefined)[]> {
  const program = `
    import { createGlueRegistry } from '@order-stream/serde/glue';
    const registry = createGlueRegistry({
      registryName: 'customer', region: 'us-east-1', endpoint: ${JSON.stringify(endpoint)},
      credentials: ${JSON.stringify(credentials)}, autoRegistration: true,
    });
    ${script}
    registry.close();`;
  const run = async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) lines.push(line);
    assert.deepEqual(await exited, [0, null]);
    return lines[0];
  };
  return await Promise.all([run(), run()]);
}

test('many records of a data format that is not loaded cause one request', async (context) => {
  const { registryOf, glue, calls } = await glueLocal(context);
  await glue.send(new CreateRegistryCommand({ RegistryName: 'customer' }));
  const { SchemaVersionId } = await glue.send(
    new CreateSchemaCommand({
      RegistryId: { RegistryName: 'customer' },
      SchemaName: 'foreign',
      DataFormat: 'JSON',
      Compatibility: 'NONE',
      SchemaDefinition: '{"type":"object"}',
    }),
  );
  const deserializer = createDeserializer({ registry: registryOf() });
  const header = `0300${String(SchemaVersionId).replaceAll('-', '')}`;
  for (let i = 0; i < 50; i += 1)
    await assert.rejects(deserializer.deserialize(Buffer.from(`${header}7b7d`, 'hex')), {
      code: 'format-not-loaded',
    });
  assert.equal(calls.filter((action) => action === 'GetSchemaVersion').length, 1);
});

// Texts that are an Avro schema and a JSON Schema.
const texts = [
  '{"type":"string"}',
  '{ "type": "array", "items": { "type": "string" } }',
  '{"type":"null","$schema":"http://json-schema.org/draft-07/schema#"}',
];
const bothFormats = [
  ['AVRO', 'JSON'],
  ['JSON', 'AVRO'],
] as const;

test('a definition whose text is registered in another data format is rejected', async (context) => {
  const { registryOf, calls } = await glueLocal(context);
  const formats = [avroFormat(), jsonSchemaFormat()];
  for (const [registered, dataFormat] of bothFormats)
    for (const [index, schema] of texts.entries()) {
      const topic = `${registered}-${index}`;
      const registry = registryOf({ autoRegistration: true });
      await registry.schemaByDefinition(`${topic}-value`, registered, schema);
      calls.length = 0;
      // The first client has an answer for the other data format, the second has none.
      for (const client of [registry, registryOf({ autoRegistration: true }), registryOf()]) {
        const serializer = createSerializer({ registry: client, formats });
        await assert.rejects(serializer.prepare(topic, { schema, dataFormat }), {
          ...{ name: 'SchemaRefusedError', code: 'schema-refused', schemaName: `${topic}-value` },
          message: new RegExp(`${registered}.*${dataFormat}`),
          reason: `its data format is ${registered}, that of the definition ${dataFormat}`,
        });
      }
      assert.deepEqual(new Set(calls), new Set(['GetSchemaByDefinition']));
    }
});

test('a definition is not registered as a version of a schema of another data format', async (context) => {
  const { registryOf } = await glueLocal(context);
  const others = { AVRO: '"string"', JSON: '{"type":"string","maxLength":9}' };
  for (const [registered, dataFormat] of bothFormats)
    for (const [index, schema] of texts.entries()) {
      const registry = registryOf({ autoRegistration: true, compatibility: 'NONE' });
      const name = `${registered}-${index}`;
      await registry.schemaByDefinition(
        name,
        registered,
        others[registered].replace('string', 'boolean'),
      );
      const refusal = {
        code: 'schema-refused',
        reason: `its data format is ${registered}, that of the definition ${dataFormat}`,
      };
      await assert.rejects(registry.schemaByDefinition(name, dataFormat, schema), refusal);
      await assert.rejects(registry.registerVersion(name, schema, dataFormat), refusal);
      assert.deepEqual(await registry.versionNumbers(name), [1]);
      // The data format of the schema can still be registered.
      assert.equal((await registry.schemaByDefinition(name, registered, schema)).versionNumber, 2);
    }
});

const note = { name: 'note', type: 'string', default: 'none' };

test('useLatestVersion writes with the newest version of a Glue schema, and never registers one', async (context) => {
  const { registryOf, calls } = await glueLocal(context);
  const owner = registryOf({ autoRegistration: true });
  await owner.schemaByDefinition('orders-value', 'AVRO', definitionOf());
  const newest = await owner.schemaByDefinition('orders-value', 'AVRO', definitionOf(note));
  // The registry rejects this version, and the newest version stays.
  const required = definitionOf(note, { name: 'is_prime', type: 'boolean' });
  await assert.rejects(owner.schemaByDefinition('orders-value', 'AVRO', required), {
    code: 'schema-refused',
  });
  calls.length = 0;

  const registry = registryOf({ autoRegistration: true });
  const serializer = createSerializer({ registry, formats: [avroFormat(), jsonSchemaFormat()] });
  const deserializer = createDeserializer({ registry: registryOf() });
  for (const choice of [
    { useLatestVersion: true },
    { useLatestVersion: true, schema: definitionOf() },
  ] as const) {
    const { value, schema } = await deserializer.deserialize(
      await serializer.serialize('orders', order, choice),
    );
    assert.deepEqual(value, { ...order, note: 'none' });
    assert.equal(schema.schemaVersionId, newest.schemaVersionId);
    assert.equal(serializer.schemaSync('orders', choice)?.versionNumber, 2);
  }

  const other = definitionOf().replace('"order_id","type":"string"', '"order_id","type":"long"');
  const misfit = { useLatestVersion: true, schema: other } as const;
  await assert.rejects(serializer.serialize('orders', { ...order, order_id: 1 }, misfit), {
    ...{ name: 'SchemaRefusedError', schemaName: 'orders-value', versionNumber: 2 },
    reason: /^TYPE_MISMATCH at \/fields\/0\/type/,
  });
  const json = { useLatestVersion: true, schema: '{"type":"object"}', dataFormat: 'JSON' } as const;
  await assert.rejects(serializer.prepare('orders', json), {
    code: 'schema-refused',
    reason: 'its data format is AVRO, that of the definition JSON',
  });
  const lax = { ...misfit, latestCompatibilityStrict: false };
  assert.ok(await serializer.serialize('orders', order, lax));
  await assert.rejects(serializer.prepare('payments', { useLatestVersion: true }), {
    code: 'schema-not-registered',
    schemaName: 'payments-value',
  });
  assert.deepEqual(new Set(calls), new Set(['GetSchemaVersion']));
});

test('useLatestVersion uses a newer version of a Glue schema within 6 minutes', async (context) => {
  const { registryOf } = await glueLocal(context);
  const owner = registryOf({ autoRegistration: true, compatibility: 'NONE' });
  const register = (...more: object[]) =>
    owner.schemaByDefinition('orders-value', 'AVRO', definitionOf(...more));
  await register();
  let nowMs = performance.now();
  context.mock.method(performance, 'now', () => nowMs);
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const registry = registryOf();
  const serializer = createSerializer({ registry });
  const any = { useLatestVersion: true } as const;
  const strict = { useLatestVersion: true, schema: definitionOf() } as const;
  const written = async () => {
    const numbers = [];
    for (const choice of [any, strict]) {
      await serializer.serialize('orders', { ...order, is_prime: true }, choice);
      numbers.push(serializer.schemaSync('orders', choice)?.versionNumber);
    }
    return numbers;
  };
  const afterMinutes = async (minutes: number) => {
    nowMs += minutes * 60_000;
    context.mock.timers.tick(60_000);
    await written();
    await turn();
    return await written();
  };
  assert.deepEqual(await written(), [1, 1]);

  await register(note);
  // The registry's answer is kept for 5 minutes, and then refreshed in the background.
  assert.deepEqual(await afterMinutes(4), [1, 1]);
  assert.deepEqual(await afterMinutes(1), [1, 1]);
  const answered = async (number: number) => {
    while ((await registry.latestSchema('orders-value')).versionNumber !== number) await turn();
  };
  await answered(2);
  assert.deepEqual(await afterMinutes(1), [2, 2]);

  // A version that cannot read the definition is not used for it.
  await register(note, { name: 'is_prime', type: 'boolean' });
  await afterMinutes(5);
  await answered(3);
  assert.deepEqual(await afterMinutes(1), [3, 2]);
});
