import assert from 'node:assert/strict';
import { test } from 'node:test';
import { avroFormat } from './avro/avro.ts';
import { createDeserializer } from './deserializer.ts';
import { SchemaNotRegisteredError } from './errors.ts';
import { jsonSchemaFormat } from './json-schema/index.ts';
import { protobufFormat } from './protobuf/index.ts';
import type { DataFormat, RegisteredSchema } from './registry/schema-registry.ts';
import { createSerializer } from './serializer.ts';

const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat()];
const record = (...fields: object[]) =>
  JSON.stringify({
    type: 'record',
    name: 'R',
    fields: [{ name: 'id', type: 'string' }, ...fields],
  });
const note = { name: 'note', type: 'string', default: 'none' };
const mandatory = { name: 'cents', type: 'long' };

function registryWith(definition: string | undefined, dataFormat: DataFormat = 'AVRO') {
  const names: string[] = [];
  const schema: RegisteredSchema = {
    ...{ schemaId: 7, name: 't-value', versionNumber: 3, dataFormat },
    definition: definition ?? '',
  };
  return {
    names,
    framing: 'confluent' as const,
    schemaById: async () => schema,
    schemaByDefinition: () => assert.fail('nothing is registered or looked up'),
    async latestSchema(name: string) {
      names.push(name);
      if (definition === undefined) throw new SchemaNotRegisteredError(name);
      return schema;
    },
  };
}

test('a value is written with the newest version of the name', async () => {
  const registry = registryWith(record(note));
  const serializer = createSerializer({ registry });
  for (const choice of [
    { useLatestVersion: true },
    { useLatestVersion: true, schema: record() },
  ] as const) {
    const bytes = await serializer.serialize('t', { id: 'a' }, choice);
    assert.deepEqual(bytes, serializer.serializeSync('t', { id: 'a' }, choice));
    const { value } = await createDeserializer({ registry }).deserialize(bytes);
    assert.deepEqual(value, { id: 'a', note: 'none' });
    assert.equal(serializer.schemaSync('t', choice)?.versionNumber, 3);
  }
  assert.deepEqual(registry.names, ['t-value', 't-value']);
  await serializer.prepare('t', { useLatestVersion: true, part: 'key' });
  assert.equal(registry.names.at(-1), 't-key');
});

test('a definition that the newest version cannot read is refused, unless the comparison is off', async () => {
  const registry = registryWith(record(mandatory));
  const serializer = createSerializer({ registry });
  const choice = { useLatestVersion: true, schema: record() } as const;
  await assert.rejects(serializer.serialize('t', { id: 'a', cents: 1 }, choice), {
    ...{ code: 'schema-refused', schemaName: 't-value', versionNumber: 3 },
    reason: /READER_FIELD_MISSING_DEFAULT_VALUE at .*latestCompatibilityStrict/,
  });
  const lax = { ...choice, latestCompatibilityStrict: false };
  const bytes = await serializer.serialize('t', { id: 'a', cents: 1 }, lax);
  const { value } = await createDeserializer({ registry }).deserialize(bytes);
  assert.deepEqual(value, { id: 'a', cents: 1 });
  // The refusal is not remembered as the writer of the lax choice, or the other way round.
  await assert.rejects(serializer.prepare('t', choice), { code: 'schema-refused' });
});

test('the comparison is that of the data format', async () => {
  const proto = (type: string) => `syntax = "proto3"; message M { ${type} id = 1; }`;
  const json = (type: string) => JSON.stringify({ type: 'object', properties: { id: { type } } });
  for (const [dataFormat, latest, same, other] of [
    ['PROTOBUF', proto('string'), proto('string'), proto('int32')],
    ['JSON', json('string'), json('string'), json('integer')],
  ] as const) {
    const serializer = createSerializer({ registry: registryWith(latest, dataFormat), formats });
    const choose = (schema: string) => ({ useLatestVersion: true, schema }) as const;
    assert.ok(await serializer.serialize('t', { id: 'a' }, choose(same)));
    await assert.rejects(serializer.prepare('t', choose(other)), { code: 'schema-refused' });
    await assert.rejects(serializer.prepare('t', { ...choose(record()), dataFormat: 'AVRO' }), {
      code: 'schema-refused',
      reason: /its data format is (PROTOBUF|JSON)/,
    });
  }
});

test('a plain choice and one of the newest version with the same definition have a writer each', async () => {
  const registry = {
    ...registryWith(record(note)),
    schemaByDefinition: async () =>
      ({ schemaId: 5, dataFormat: 'AVRO', definition: record() }) as const,
  };
  const serializer = createSerializer({ registry });
  const plain = { schema: record() };
  const latest = { useLatestVersion: true, schema: record() } as const;
  for (const [choice, id] of [
    [plain, 5],
    [latest, 7],
    [plain, 5],
    [latest, 7],
  ] as const)
    assert.equal((await serializer.serialize('t', { id: 'a' }, choice))[4], id);
});

test('a name without a version, and a registry that does not know versions, are errors', async () => {
  const choice = { useLatestVersion: true } as const;
  await assert.rejects(
    createSerializer({ registry: registryWith(undefined) }).prepare('t', choice),
    {
      code: 'schema-not-registered',
    },
  );
  const { latestSchema: _, ...registry } = registryWith(record());
  await assert.rejects(createSerializer({ registry }).prepare('t', choice), TypeError);
});
