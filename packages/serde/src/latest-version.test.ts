import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { avroFormat } from './avro/avro.ts';
import { avroCodec } from './avro/avro-codec.ts';
import { createDeserializer } from './deserializer.ts';
import { InvalidSchemaError, SchemaNotRegisteredError } from './errors.ts';
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
      reason: /its data format is (PROTOBUF|JSON), that of the definition AVRO/,
    });
  }
});

test('a data format without a definition is that which the newest version must have', async () => {
  const registry = registryWith(record());
  const serializer = createSerializer({ registry, formats });
  const choose = (dataFormat: DataFormat) => ({ useLatestVersion: true, dataFormat }) as const;
  const bytes = await serializer.serialize('t', { id: 'a' }, choose('AVRO'));
  assert.deepEqual((await createDeserializer({ registry }).deserialize(bytes)).value, { id: 'a' });
  await assert.rejects(serializer.prepare('t', choose('JSON')), {
    ...{ code: 'schema-refused', reason: 'its data format is AVRO, not JSON' },
    message: 'schema t-value: the newest version cannot be used: its data format is AVRO, not JSON',
  });
  await serializer.prepare('t', { ...choose('JSON'), latestCompatibilityStrict: false });
});

test('a definition is compared with the references of the newest version', async () => {
  const price = { name: 'price', type: 'shop.Price' };
  const priceDefinition =
    '{"type":"record","name":"shop.Price","fields":[{"name":"cents","type":"long"}]}';
  const latest: RegisteredSchema = {
    ...{ schemaId: 7, dataFormat: 'AVRO', definition: record(price, note) },
    references: [{ name: 'shop.Price', definition: priceDefinition }],
  };
  const registry = { ...registryWith(''), latestSchema: async () => latest };
  const serializer = createSerializer({ registry });
  const choose = (schema: string) => ({ useLatestVersion: true, schema }) as const;
  const value = { id: 'a', price: { cents: 5 } };
  assert.ok(await serializer.serialize('t', value, choose(record(price))));
  await assert.rejects(
    serializer.prepare('t', choose(record({ ...price, type: ['null', 'shop.Price'] }))),
    { code: 'schema-refused' },
  );
});

test('the newest version may lack a mandatory field of the definition: only one direction is compared', async () => {
  const proto = (...fields: string[]) =>
    `syntax = "proto2"; message M { optional string id = 1; ${fields.join(' ')} }`;
  const json = (required: string[]) =>
    JSON.stringify({ type: 'object', properties: { id: { type: 'string' } }, required });
  for (const [dataFormat, latest, schema] of [
    ['AVRO', record(), record(mandatory)],
    ['JSON', json([]), json(['id'])],
    ['PROTOBUF', proto(), proto('required int64 cents = 2;')],
  ] as const) {
    const serializer = createSerializer({ registry: registryWith(latest, dataFormat), formats });
    assert.ok(await serializer.serialize('t', { id: 'a' }, { useLatestVersion: true, schema }));
    const reversed = createSerializer({ registry: registryWith(schema, dataFormat), formats });
    await assert.rejects(reversed.prepare('t', { useLatestVersion: true, schema: latest }), {
      code: 'schema-refused',
    });
  }
});

const meta = 'import "confluent/meta.proto"; import "confluent/type/decimal.proto";';
const decimal = (extra = '') =>
  `syntax = "proto3"; ${meta} message M { confluent.type.Decimal sum = 1; ${extra} }`;
const shared = { 'shop/common.proto': 'syntax = "proto3"; message Money { int64 cents = 1; }' };
const importing = (extra = '') =>
  `syntax = "proto3"; import "shop/common.proto"; message M { Money sum = 1; ${extra} }`;
const dashed = (...fields: object[]) =>
  record({ name: 'a-b', type: ['null', 'string'], default: null }, ...fields);
const constant = (...more: object[]) =>
  JSON.stringify({ anyOf: [{ const: 'a' }, { const: 'b' }, ...more] });

/** What a format can write, it can compare: [data format, the format, a definition, a newer one, a value]. */
const writable = [
  ['PROTOBUF', protobufFormat(), decimal(), decimal('string note = 2;'), {}],
  [
    'PROTOBUF',
    protobufFormat({ imports: shared }),
    importing(),
    importing('string note = 2;'),
    { sum: { cents: 5 } },
  ],
  ['AVRO', avroFormat(), dashed(), dashed(note), { id: 'a', 'a-b': 'x' }],
  // Confluent's frame has draft 07, in which `const` is a keyword.
  ['JSON', jsonSchemaFormat(), constant(), constant({ const: 'c' }), 'a'],
  ['JSON', jsonSchemaFormat({ draft: '2020-12' }), constant(), constant({ const: 'c' }), 'a'],
] as const;

test('a definition that the format writes is compared as it is written: imports, names, drafts', async () => {
  for (const [dataFormat, format, schema, newer, value] of writable)
    for (const latest of [schema, `${schema} `, newer]) {
      const registry = registryWith(latest, dataFormat);
      const serializer = createSerializer({ registry, formats: [format] });
      const choice = { useLatestVersion: true, schema } as const;
      assert.ok(await serializer.serialize('t', value, choice));
    }
});

test('the draft of a definition without $schema is that of the format', async () => {
  // In draft 04 `const` means nothing, so each value of the definition is valid in the newest version.
  const choice = { useLatestVersion: true, schema: '{"const":"a"}' } as const;
  const registry = registryWith('{"const":"b"}', 'JSON');
  const prepare = (draft: '04' | '07' | undefined, framing: 'glue' | 'confluent') =>
    createSerializer({
      registry: { ...registry, framing },
      formats: [jsonSchemaFormat(draft && { draft })],
    }).prepare('t', choice);
  assert.ok(await prepare('04', 'confluent'));
  await assert.rejects(prepare(undefined, 'confluent'), { code: 'schema-refused' });
  await assert.rejects(prepare('07', 'confluent'), { code: 'schema-refused' });
});

test('a default that is not a value of its type counts as none, as it does for readers', async () => {
  const registry = registryWith(record({ ...mandatory, default: 'none' }));
  await assert.rejects(
    createSerializer({ registry }).prepare('t', { useLatestVersion: true, schema: record() }),
    { code: 'schema-refused', reason: /READER_FIELD_MISSING_DEFAULT_VALUE/ },
  );
});

test('a definition that cannot be compiled is an InvalidSchemaError in each format', async () => {
  const latest = { AVRO: record(), JSON: '{"type":"object"}', PROTOBUF: decimal() } as const;
  for (const [dataFormat, definition] of Object.entries(latest) as [DataFormat, string][]) {
    const serializer = createSerializer({
      registry: registryWith(definition, dataFormat),
      formats,
    });
    for (const schema of ['{', '{"type":', 'syntax = "proto3"; import "a.proto";', '{"type":5}'])
      await assert.rejects(serializer.prepare('t', { useLatestVersion: true, schema }), (error) => {
        assert.ok(error instanceof InvalidSchemaError, `${dataFormat} ${schema}: ${error}`);
        return true;
      });
  }
});

test('a format that is not loaded, or cannot compare, is said before anything is written', async () => {
  const { findReadFaults: _, ...own } = avroFormat();
  for (const schema of [record(), record(note)]) {
    const choice = { useLatestVersion: true, schema } as const;
    const registry = registryWith(record());
    const without = createSerializer({ registry, formats: [jsonSchemaFormat()] });
    await assert.rejects(without.prepare('t', choice), { code: 'format-not-loaded' });
    const serializer = createSerializer({ registry, formats: [own] });
    if (schema === record()) await serializer.prepare('t', choice);
    else await assert.rejects(serializer.prepare('t', choice), /TypeError: .*AVRO.*compare/);
    await serializer.prepare('t', { ...choice, latestCompatibilityStrict: false });
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
      message:
        'schema t-value has no version, and useLatestVersion never registers one: register the first version',
    },
  );
  const { latestSchema: _, ...registry } = registryWith(record());
  await assert.rejects(
    createSerializer({ registry }).prepare('t', choice),
    /TypeError: .*useLatestVersion.*latestSchema/,
  );
});

test('an error says what was compared, not that the registry refused', async () => {
  const choice = { useLatestVersion: true, schema: record() } as const;
  const registry = registryWith(record(mandatory));
  await assert.rejects(createSerializer({ registry }).prepare('t', choice), {
    message:
      'schema t-value: the newest version cannot read what the definition writes: ' +
      'READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1 (latestCompatibilityStrict: false writes all the same)',
  });
});

test('a typed schema writes its representation with the newest version, which must be able to read it', async () => {
  const at = { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } };
  const logicalTypes = { timestamp: 'Date' } as const;
  const typed = avroCodec<{ id: string; at: Date }>(record(at), { logicalTypes });
  const choice = { useLatestVersion: true, schema: typed } as const;
  const registry = registryWith(record(at, note));
  // The format is that of the typed schema.
  const serializer = createSerializer({ registry, formats: [jsonSchemaFormat()] });
  const bytes = await serializer.serialize('t', { id: 'a', at: new Date(5) }, choice);
  const { value } = await createDeserializer({ registry }).deserialize(bytes);
  assert.deepEqual(value, { id: 'a', at: 5, note: 'none' });
  assert.deepEqual(serializer.serializeSync('t', { id: 'a', at: new Date(5) }, choice), bytes);

  const breaking = createSerializer({ registry: registryWith(record(at, mandatory)) });
  await assert.rejects(breaking.prepare('t', choice), { code: 'schema-refused', versionNumber: 3 });
  await breaking.prepare('t', { ...choice, latestCompatibilityStrict: false });
  // The values of a typed schema have the representation of its data format, so no option allows another one.
  const other = createSerializer({ registry: registryWith('{}', 'JSON'), formats });
  for (const latestCompatibilityStrict of [true, false])
    await assert.rejects(other.prepare('t', { ...choice, latestCompatibilityStrict }), {
      code: 'schema-refused',
      reason: /its data format is JSON, that of the definition AVRO/,
    });
});

test('choices that differ in one ingredient have a writer each', async () => {
  const proto = 'syntax = "proto3"; message M { string id = 1; } message N { int64 id = 1; }';
  const registry = registryWith(proto, 'PROTOBUF');
  const serializer = createSerializer({ registry, formats });
  const choose = (message: string) => ({ useLatestVersion: true, schema: proto, message }) as const;
  for (const message of ['M', 'N', 'M', 'N']) {
    const bytes = await serializer.serialize('t', { id: '5' }, choose(message));
    const { value } = await createDeserializer({ registry, formats }).deserialize(bytes);
    assert.equal((value as { $typeName: string }).$typeName, message);
  }
  const own = { ...choose('M'), dataFormat: 'PROTOBUF' } as const;
  await serializer.prepare('t', own);
  await assert.rejects(serializer.prepare('t', { ...own, dataFormat: 'AVRO' }), {
    code: 'schema-refused',
    reason: /data format/,
  });
});

test('a newer version is asked for in the background, and used unless it cannot read the definition', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let latest: RegisteredSchema = { schemaId: 1, dataFormat: 'AVRO', definition: record() };
  const registry = { ...registryWith(record()), latestSchema: async () => latest };
  const serializer = createSerializer({ registry });
  const strict = { useLatestVersion: true, schema: record() } as const;
  const any = { useLatestVersion: true } as const;
  const idOf = async (choice: typeof strict | typeof any) => {
    const bytes = await serializer.serialize('t', { id: 'a', cents: 1 }, choice);
    return bytes[4];
  };
  const afterAMinute = async () => {
    context.mock.timers.tick(60_000);
    for (const choice of [strict, any]) await idOf(choice);
    await turn();
    return [await idOf(strict), await idOf(any)];
  };
  assert.deepEqual([await idOf(strict), await idOf(any)], [1, 1]);
  latest = { schemaId: 2, dataFormat: 'AVRO', definition: record(note) };
  assert.deepEqual([await idOf(strict), await idOf(any)], [1, 1]);
  assert.deepEqual(await afterAMinute(), [2, 2]);
  latest = { schemaId: 3, dataFormat: 'AVRO', definition: record(mandatory) };
  assert.deepEqual(await afterAMinute(), [2, 3]);
});
