import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { avroFormat } from './avro/avro.ts';
import { createDeserializer } from './deserializer.ts';
import { NotAFrameError } from './errors.ts';
import { protobufFormat } from './protobuf/index.ts';
import { createConfluentRegistry } from './registry/confluent/confluent-registry.ts';
import type { DataFormat } from './registry/schema-registry.ts';
import { createSerializer } from './serializer.ts';

/**
 * The registry of these tests answers as the API reference of Confluent Platform 8.0 says, because Apicurio, which
 * tests/registry uses, has no GUIDs. The bytes of Confluent's serializers are in
 * frames/schema-id-header-vectors.test.ts.
 */
const guid = '89791762-2336-4186-9674-299b90a802e2';
const guidBytes = Buffer.from('897917622336418696 74299b90a802e2'.replace(' ', ''), 'hex');
const avroDefinition = '{"type":"record","name":"R","fields":[{"name":"id","type":"string"}]}';
const protoDefinition =
  'syntax = "proto3"; message A { string id = 1; } message B { message C { string id = 1; } }';
const formats = [avroFormat(), protobufFormat()];
const header = Buffer.concat([Buffer.from([1]), guidBytes]);

async function registryOf(
  context: TestContext,
  schema: string,
  schemaType: DataFormat = 'AVRO',
  { hasGuids = true } = {},
) {
  const calls: string[] = [];
  const own = { ...(hasGuids && { guid }), ...(schemaType !== 'AVRO' && { schemaType }) };
  const answers: Record<string, object> = {
    'POST /subjects/t-value': { subject: 't-value', id: 7, version: 3, schema, ...own },
    'POST /subjects/t-key': { subject: 't-key', id: 7, version: 1, schema, ...own },
    [`GET /schemas/guids/${guid}`]: { schema, ...own },
    [`GET /schemas/guids/${guid}/ids`]: [
      { context: '.other', id: 9 },
      { context: '.', id: 7 },
    ],
    'GET /schemas/ids/7': { schema, ...own },
    'GET /schemas/ids/7/versions': [{ subject: 't-value', version: 3 }],
    'GET /subjects/t-value/versions/latest': {
      subject: 't-value',
      id: 7,
      version: 3,
      schema,
      ...own,
    },
  };
  const server = createServer((request, response) => {
    const call = `${request.method} ${request.url}`;
    calls.push(call);
    const answer = answers[call];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error_code: 40403, message: 'Schema not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { calls, registry: createConfluentRegistry({ url: `http://127.0.0.1:${port}` }) };
}

test('the GUID is written to the header of the value or of the key, and the body has no prefix', async (context) => {
  const { registry } = await registryOf(context, avroDefinition);
  const serializer = createSerializer({ registry, schemaIdIn: 'header' });
  const headers: Record<string, unknown> = { trace: 'x' };
  const choice = { schema: avroDefinition, headers };
  const body = await serializer.serialize('t', { id: 'a' }, choice);
  assert.deepEqual(body, Buffer.from([2, 0x61]));
  assert.deepEqual(headers, { trace: 'x', __value_schema_id: header });
  await serializer.prepare('t', { ...choice, part: 'key' });
  assert.deepEqual(serializer.serializeSync('t', { id: 'a' }, { ...choice, part: 'key' }), body);
  assert.deepEqual(headers, { trace: 'x', __value_schema_id: header, __key_schema_id: header });
});

test('a body is read by the GUID of its header, which is asked for once', async (context) => {
  const { registry, calls } = await registryOf(context, avroDefinition);
  const deserializer = createDeserializer({ registry });
  // This body begins with the byte of a frame.
  for (const [body, value] of [
    [Buffer.from([2, 0x61]), { id: 'a' }],
    [Buffer.from([0]), { id: '' }],
  ] as const)
    for (const headers of [
      { __value_schema_id: header },
      { __value_schema_id: [Buffer.from([9]), header] },
      [{ other: null }, { __value_schema_id: Buffer.from([9]) }, { __value_schema_id: header }],
    ]) {
      const read = await deserializer.deserialize(body, { headers });
      assert.deepEqual(read.value, value);
      assert.equal(read.schema.schemaGuid, guid);
      assert.deepEqual(deserializer.deserializeSync(body, { headers })?.value, value);
    }
  const key = { part: 'key', headers: { __key_schema_id: header } } as const;
  assert.deepEqual((await deserializer.deserialize(Buffer.from([2, 0x61]), key)).value, {
    id: 'a',
  });
  assert.deepEqual(calls, [`GET /schemas/guids/${guid}`]);
});

test('a record without the header of its part is read by its prefix', async (context) => {
  const { registry } = await registryOf(context, avroDefinition);
  const deserializer = createDeserializer({ registry });
  const frame = Buffer.from([0, 0, 0, 0, 7, 2, 0x61]);
  for (const headers of [undefined, {}, { __key_schema_id: header }, { __value_schema_id: null }])
    assert.deepEqual((await deserializer.deserialize(frame, { headers })).value, { id: 'a' });
  const idInHeader = { __value_schema_id: frame.subarray(0, 5) };
  const read = await deserializer.deserialize(frame.subarray(5), { headers: idInHeader });
  assert.deepEqual(read.value, { id: 'a' });
});

test('the message indexes of Protobuf are in the header', async (context) => {
  const { registry } = await registryOf(context, protoDefinition, 'PROTOBUF');
  const serializer = createSerializer({ registry, formats, schemaIdIn: 'header' });
  const deserializer = createDeserializer({ registry, formats });
  for (const [message, indexes] of [
    ['A', [0]],
    ['B.C', [4, 2, 0]],
  ] as const) {
    const headers: Record<string, Buffer> = {};
    const choice = { schema: protoDefinition, dataFormat: 'PROTOBUF', message, headers } as const;
    const body = await serializer.serialize('t', { id: 'a' }, choice);
    assert.deepEqual(body, Buffer.from([0x0a, 1, 0x61]));
    assert.deepEqual(headers.__value_schema_id, Buffer.concat([header, Buffer.from(indexes)]));
    const { value } = await deserializer.deserialize(body, { headers });
    assert.deepEqual({ ...(value as object) }, { id: 'a' });
    assert.equal((value as { $typeName: string }).$typeName, message);
  }
});

test('message indexes that are missing, cut or followed by other bytes are a damaged header', async (context) => {
  const others = 'BCDEF'.replace(/./g, ' message $& { bool yes = 1; }');
  const definition = `syntax = "proto3"; message A { string id = 1; }${others}`;
  const { registry } = await registryOf(context, definition, 'PROTOBUF');
  const deserializer = createDeserializer({ registry, formats });
  // Read as the end of the indexes and a body, these bytes are an F.
  const body = Buffer.from('\n\bA%abcdPa');
  const field = [0x0a, 1, 0x62];
  for (const indexes of [[], [2], [4, 0], [2, 0x80], [0, ...field], [2, 0, ...field]])
    for (const bytes of [body, Buffer.alloc(0)]) {
      const headers = { __value_schema_id: Buffer.concat([header, Buffer.from(indexes)]) };
      await assert.rejects(deserializer.deserialize(bytes, { headers }), {
        code: 'damaged-frame',
        damage: 'bad-id-header',
        schemaVersionId: guid,
      });
    }
});

test('a damaged header, and a GUID that the registry does not have, will never decode', async (context) => {
  const { registry } = await registryOf(context, avroDefinition);
  const deserializer = createDeserializer({ registry });
  const body = Buffer.from([2, 0x61]);
  const damaged = [[], [2], header.subarray(0, 16), [0, 0, 0], Buffer.concat([header, body])];
  for (const bytes of damaged)
    await assert.rejects(
      deserializer.deserialize(body, { headers: { __value_schema_id: Buffer.from(bytes) } }),
      { code: 'damaged-frame', damage: 'bad-id-header' },
    );
  const other = Buffer.alloc(17, 1);
  await assert.rejects(deserializer.deserialize(body, { headers: { __value_schema_id: other } }), {
    code: 'unknown-schema',
    schemaVersionId: '01010101-0101-0101-0101-010101010101',
  });
});

test('the latest version of a schema that was found by its GUID is that of the id in the default context', async (context) => {
  const { registry, calls } = await registryOf(context, avroDefinition);
  const readerSchema = registry.latestVersionOf;
  const deserializer = createDeserializer({ registry, readerSchema });
  const headers = { __value_schema_id: header };
  const read = await deserializer.deserialize(Buffer.from([2, 0x61]), { headers });
  assert.equal(read.readerSchema?.versionNumber, 3);
  assert.ok(calls.includes('GET /schemas/ids/7/versions'));
});

test('a deserializer of a Glue registry passes a record with the header to its secondary', async (context) => {
  const definition = `{"type":"record","name":"R","fields":[
    {"name":"n","type":"int"},{"name":"id","type":"string"}]}`;
  const { registry } = await registryOf(context, definition);
  const nothing = () => assert.fail('not asked');
  const glue = { framing: 'glue' as const, schemaById: nothing, schemaByDefinition: nothing };
  const secondary = createDeserializer({ registry });
  const deserializer = createDeserializer({ registry: glue, secondary });
  // This body begins with the byte of a Glue frame.
  const body = Buffer.concat([Buffer.from([3, 6]), Buffer.from('abc')]);
  const headers = { __value_schema_id: header };
  const value = { n: -2, id: 'abc' };
  assert.deepEqual((await deserializer.deserialize(body, { headers })).value, value);
  assert.deepEqual(deserializer.deserializeSync(body, { headers })?.value, value);
  const alone = createDeserializer({ registry: glue });
  await assert.rejects(alone.deserialize(body, { headers }), { damage: 'short-header' });
  const other = Buffer.from([4, 6, 97, 98, 99]);
  await assert.rejects(alone.deserialize(other, { headers }), NotAFrameError);
});

test('writing to headers needs a registry with GUIDs, and the headers of the record', async (context) => {
  const { registry } = await registryOf(context, avroDefinition, 'AVRO', { hasGuids: false });
  const serializer = createSerializer({ registry, schemaIdIn: 'header' });
  const choice = { schema: avroDefinition };
  await assert.rejects(serializer.serialize('t', { id: 'a' }, choice), TypeError);
  await assert.rejects(serializer.serialize('t', { id: 'a' }, { ...choice, headers: {} }), {
    code: 'registry-request',
    message: /Confluent Platform 8\.0/,
  });
  const glue = { ...registry, framing: 'glue' as const };
  assert.throws(() => createSerializer({ registry: glue, schemaIdIn: 'header' }), TypeError);
});
