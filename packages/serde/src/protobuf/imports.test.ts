import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalProtobuf } from '../compatibility/canonical-protobuf.ts';
import { checkProtobufCompatibility } from '../compatibility/check-protobuf.ts';
import { createDeserializer, createSerializer, type RegisteredSchema } from '../index.ts';
import { compileProtobuf, protobufFormat } from './index.ts';

const money = 'syntax = "proto3"; package shop; message Money { int64 cents = 1; }';
const imports = {
  'shop/money.proto': money,
  'shop/common.proto':
    'syntax = "proto3"; package shop; import public "shop/money.proto"; message Id { string id = 1; }',
};
const definition = `syntax = "proto3"; package shop; import "shop/common.proto";
  message Order { Id id = 1; Money price = 2; }`;
const value = { id: { id: 'o-1' }, price: { cents: 5 } };

test('files of the option can be imported, by every serializer and deserializer of the format', async () => {
  const schema: RegisteredSchema = {
    schemaVersionId: 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63',
    dataFormat: 'PROTOBUF',
    definition,
  };
  const registry = {
    framing: 'glue' as const,
    schemaById: async () => schema,
    schemaByDefinition: async () => schema,
  };
  const formats = [protobufFormat({ imports })];
  const choice = { schema: definition, dataFormat: 'PROTOBUF' } as const;
  const bytes = await createSerializer({ registry, formats }).serialize('t', value, choice);
  const read = await createDeserializer({ registry, formats }).deserialize(bytes);
  assert.deepEqual(read.value, value);
  assert.throws(() => compileProtobuf({ definition }, { framing: 'glue' }), {
    code: 'invalid-schema',
    message: /import "shop\/common.proto" is not among the references/,
  });
});

test('a reference of the schema comes before a file of the option, and this before a known file', () => {
  const other = 'syntax = "proto3"; package shop; message Money { string text = 1; }';
  const references = [{ name: 'shop/money.proto', subject: 's', version: 1, definition: other }];
  const codec = compileProtobuf({ definition, references }, { framing: 'glue' }, { imports });
  const target = Buffer.alloc(50);
  const end = codec.encode({ price: { text: 'x' } }, target, 0);
  assert.deepEqual(codec.decode(target.subarray(0, end), 0), { price: { text: 'x' } });
  const date = 'syntax = "proto3"; package mine; message Date {}';
  compileProtobuf(
    { definition: 'import "google/type/date.proto"; message M { optional mine.Date d = 1; }' },
    { framing: 'glue' },
    { imports: { 'google/type/date.proto': date } },
  );
});

test('the reader schema, verdicts and the canonical text take the same files', () => {
  const codec = compileProtobuf(
    { definition },
    { framing: 'glue', readerDefinition: definition.replace('Id id = 1;', '') },
    { imports },
  );
  assert.deepEqual(codec.decode(Buffer.from('0012020805', 'hex'), 0), { price: { cents: 5 } });

  const spelled = definition.replace('Money price', '.shop.Money price');
  assert.equal(canonicalProtobuf(definition, { imports }), canonicalProtobuf(spelled, { imports }));
  const question = { mode: 'FULL', newSchema: spelled, previous: [definition] } as const;
  assert.equal(checkProtobufCompatibility(question, { imports }).compatible, true);
  for (const refused of [
    () => canonicalProtobuf(definition),
    () => checkProtobufCompatibility(question),
  ]) {
    assert.throws(refused, { code: 'invalid-schema' });
  }
  const confluent = 'import "confluent/meta.proto"; message M {}';
  assert.throws(() => canonicalProtobuf(confluent), { code: 'invalid-schema' });
  assert.ok(canonicalProtobuf(confluent, { framing: 'confluent' }));
});
