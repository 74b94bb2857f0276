import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  avroFormat,
  createDeserializer,
  type DeserializerOptions,
  type RegisteredSchema,
  type SchemaReference,
} from './index.ts';
import { jsonSchemaFormat } from './json-schema/index.ts';
import { protobufFormat } from './protobuf/index.ts';

const formats = [avroFormat(), jsonSchemaFormat({ validateOnRead: true }), protobufFormat()];

const from = (name: string, definition: unknown): SchemaReference => ({
  ...{ name, subject: name, version: 1 },
  definition: typeof definition === 'string' ? definition : JSON.stringify(definition),
});
const enumOf = (...symbols: string[]) => ({ type: 'enum', name: 'Color', symbols });
const recordOf = (...fields: object[]) =>
  JSON.stringify({ type: 'record', name: 'Car', fields: [...fields] });
const color = { name: 'color', type: 'Color' };
const doors = { name: 'doors', type: 'int', default: 4 };

const text = 'syntax = "proto3"; import "common.proto"; message M { common.X x = 1; }';
const common = (field: string) =>
  from('common.proto', `syntax = "proto3"; package common; message X { int32 ${field} = 1; }`);

const objectOf = (properties: object) =>
  JSON.stringify({ type: 'object', properties, additionalProperties: false });
const money = (limit: object) => from('money.json', { type: 'integer', ...limit });
const price = { price: { $ref: 'money.json' } };

/** Writer schemas that are built on references, with a record of each. */
const written = {
  AVRO: {
    schema: { definition: recordOf(color), references: [from('Color', enumOf('RED', 'BLUE'))] },
    body: '02',
    value: { color: 'BLUE' },
  },
  PROTOBUF: {
    schema: { definition: text, references: [common('n')] },
    body: '000a020805',
    value: { x: { n: 5 } },
  },
  JSON: {
    schema: { definition: objectOf(price), references: [money({})] },
    body: Buffer.from('{"price":7}').toString('hex'),
    value: { price: 7 },
  },
} as const;
type DataFormat = keyof typeof written;

/** Reads the record of a data format with the option `readerSchema`. */
async function read(
  dataFormat: DataFormat,
  readerSchema: DeserializerOptions['readerSchema'],
  only = formats,
) {
  const { schema, body } = written[dataFormat];
  const writer: RegisteredSchema = Object.freeze({ schemaId: 1, dataFormat, ...schema });
  const deserializer = createDeserializer({
    registry: {
      ...{ framing: 'confluent', schemaById: async () => writer },
      schemaByDefinition: async () => writer,
    },
    formats: only,
    ...(readerSchema !== undefined && { readerSchema }),
  });
  return await deserializer.deserialize(Buffer.from(`0000000001${body}`, 'hex'));
}

for (const dataFormat of ['AVRO', 'PROTOBUF', 'JSON'] as const) {
  test(`${dataFormat}: the writer schema itself, its parts and its text are reader schemas that read a record as written`, async () => {
    const { value } = written[dataFormat];
    for (const readerSchema of [
      undefined,
      (writer: RegisteredSchema) => writer,
      (writer: RegisteredSchema) => writer.definition,
      ({ definition, references }: RegisteredSchema) => ({ definition, references }),
      { dataFormat, ...written[dataFormat].schema },
    ])
      assert.deepEqual((await read(dataFormat, readerSchema)).value, value);
    const { schema } = written[dataFormat];
    const format = formats.filter((one) => one.dataFormat === dataFormat);
    const { value: one, readerSchema: kept } = await read(dataFormat, schema, format);
    assert.deepEqual([one, kept], [value, { dataFormat, ...schema }]);
  });
}

test('Avro resolves a record to a reader schema with references of its own', async () => {
  const reader = {
    definition: recordOf(doors, color),
    references: [from('Color', enumOf('BLUE'))],
  };
  assert.deepEqual((await read('AVRO', reader)).value, { doors: 4, color: 'BLUE' });
  const other = { ...reader, references: [from('Color', enumOf('RED'))] };
  await assert.rejects(read('AVRO', other), { code: 'reader-schema-mismatch' });
});

test('a reader text that the function returns has the references of the writer schema', async () => {
  assert.deepEqual((await read('AVRO', () => recordOf(doors, color))).value, {
    ...{ doors: 4, color: 'BLUE' },
  });
  const wider = text.replace('= 1; }', '= 1; bool fresh = 2; }');
  assert.deepEqual((await read('PROTOBUF', () => wider)).value, { x: { n: 5 }, fresh: false });
});

test('Protobuf reads a record as the message of a reader schema with references of its own', async () => {
  const reader = { definition: text, references: [common('renamed')] };
  assert.deepEqual((await read('PROTOBUF', () => reader)).value, { x: { renamed: 5 } });
  const absent = read('PROTOBUF', () => ({ definition: text }));
  await assert.rejects(absent, { code: 'invalid-schema' });
});

test('JSON is checked by a reader schema with references of its own, where reading checks values', async () => {
  const reader = (limit: object) => () => ({
    ...{ definition: objectOf(price), references: [money(limit)] },
  });
  assert.deepEqual((await read('JSON', reader({ maximum: 7 }))).value, { price: 7 });
  const refused = { code: 'damaged-frame', schemaVersionId: '1' };
  await assert.rejects(read('JSON', reader({ maximum: 6 })), refused);
});

test('a reader schema of one data format leaves the records of the others as written', async () => {
  for (const dataFormat of ['JSON', 'PROTOBUF'] as const) {
    const { value, readerSchema } = await read(dataFormat, '"string"');
    assert.deepEqual([value, readerSchema], [written[dataFormat].value, undefined]);
  }
  const crossed = read('JSON', () => ({ dataFormat: 'AVRO', definition: '"string"' }));
  await assert.rejects(crossed, /invalid|data format AVRO, the writer schema JSON/);
});

test('one reader schema that cannot be compiled is reported when the deserializer is created', async () => {
  const { definition } = written.AVRO.schema;
  await assert.rejects(read('AVRO', { definition }), { code: 'invalid-schema' });
  const only = [protobufFormat()];
  await assert.rejects(read('PROTOBUF', { definition: text }, only), { code: 'invalid-schema' });
  await assert.rejects(read('AVRO', { dataFormat: 'AVRO', definition: '"int"' }, only), {
    code: 'format-not-loaded',
  });
});
