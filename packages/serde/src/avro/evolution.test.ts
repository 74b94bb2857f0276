import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  createDeserializer,
  InvalidSchemaError,
  ReaderSchemaMismatchError,
  type RegisteredSchema,
  RegistryUnavailableError,
  type SchemaRegistry,
} from '../index.ts';
import { fromAvroJson } from '../testing/from-avro-json.ts';
import { compileAvro } from './avro.ts';

interface Vector {
  id: string;
  tags: string[];
  schemaVersionId: string;
  schema: string;
  readerSchema: string;
  readValue?: string;
  readError?: string;
  value: string;
  wire: string;
}

const url = new URL('../../vectors/glue-wire/avro-evolution.json', import.meta.url);
const vectors: Vector[] = JSON.parse(readFileSync(url, 'utf8')).cases;

function registryOf({ schemaVersionId, schema }: Vector): SchemaRegistry {
  const registered: RegisteredSchema = { schemaVersionId, dataFormat: 'AVRO', definition: schema };
  return {
    framing: 'glue',
    schemaById: async () => registered,
    schemaByDefinition: async () => registered,
  };
}

for (const vector of vectors) {
  const { id, tags, readerSchema, readValue, readError } = vector;
  const outcome = readError === undefined ? 'is read as Java reads it' : 'is refused as by Java';
  test(`S1-08 ${id} (${tags.join(', ')}) ${outcome}`, async () => {
    const deserializer = createDeserializer({ registry: registryOf(vector), readerSchema });
    const reading = deserializer.deserialize(Buffer.from(vector.wire, 'base64'));
    if (readValue === undefined) {
      await assert.rejects(reading, {
        name: 'ReaderSchemaMismatchError',
        code: 'reader-schema-mismatch',
        schemaVersionId: vector.schemaVersionId,
      });
    } else {
      const { value, schema } = await reading;
      assert.deepEqual(value, fromAvroJson(readerSchema, readValue));
      assert.equal(schema.definition, vector.schema);
    }
  });
}

type Json = unknown;

function record(name: string, ...fields: object[]) {
  return { type: 'record', name, fields };
}

/** The reader's value of a value that the writer wrote. */
function evolve(writer: Json, value: unknown, reader: Json): unknown {
  const definition = JSON.stringify(writer);
  const target = Buffer.alloc(1024);
  const end = compileAvro(definition).encode(value, target, 0);
  return read(definition, target.subarray(0, end), JSON.stringify(reader));
}

function read(definition: string, bytes: Buffer, readerDefinition: string): unknown {
  return compileAvro(definition, { readerDefinition }).decode(bytes, 0);
}

test('promoted numbers equal those of Java to the last bit', () => {
  const values: [string, number | bigint, string, number][] = [
    ['int', 16777217, 'float', 16777216],
    ['int', -5, 'long', -5],
    ['int', 7, 'double', 7],
    ['long', 2n ** 62n + 1n, 'double', 2 ** 62],
    // Through a double these would be rounded twice, and become the next float.
    ['long', 2n ** 60n + 2n ** 36n + 1n, 'float', 2 ** 60 + 2 ** 37],
    ['long', -(2n ** 60n + 2n ** 36n + 1n), 'float', -(2 ** 60 + 2 ** 37)],
    ['long', 2n ** 60n + 2n ** 36n, 'float', 2 ** 60],
    ['long', -(2n ** 63n), 'float', -(2 ** 63)],
    ['float', 0.5, 'double', 0.5],
  ];
  for (const [from, value, to, expected] of values) {
    assert.equal(evolve(from, value, to), expected, `${value} from ${from} to ${to}`);
  }
});

test('a string is read as its UTF-8 bytes, and bytes as a UTF-8 string', () => {
  assert.deepEqual(evolve('string', 'ü', 'bytes'), Buffer.from('ü'));
  assert.equal(evolve('bytes', Buffer.from('ü'), 'string'), 'ü');
});

test('a branch that the reader does not have fails only the record that uses it', () => {
  const reader = record('R', {
    name: 'u',
    type: ['null', 'double', { type: 'array', items: 'int' }],
  });
  const writer = record('R', {
    name: 'u',
    type: ['string', 'long', { type: 'array', items: 'string' }],
  });
  assert.deepEqual(evolve(writer, { u: 5 }, reader), { u: 5 });
  assert.deepEqual(evolve(writer, { u: [] }, reader), { u: [] });
  assert.throws(() => evolve(writer, { u: 'text' }, reader), ReaderSchemaMismatchError);
  assert.throws(() => evolve(writer, { u: ['text'] }, reader), ReaderSchemaMismatchError);
});

test('a symbol that the reader does not have becomes the default symbol, or fails only the record that uses it', () => {
  const writer = { type: 'enum', name: 'w.E', symbols: ['A', 'B', 'C'] };
  const reader = { type: 'enum', name: 'r.E', symbols: ['C', 'A'] };
  assert.equal(evolve(writer, 'C', reader), 'C');
  assert.throws(() => evolve(writer, 'B', reader), ReaderSchemaMismatchError);
  assert.equal(evolve(writer, 'B', { ...reader, default: 'A' }), 'A');
  assert.throws(() => evolve(writer, 'A', { ...reader, name: 'F' }), ReaderSchemaMismatchError);
  assert.throws(() => read(JSON.stringify(writer), Buffer.from([6]), JSON.stringify(reader)), {
    damage: 'bad-body',
  });
});

test('defaults of every type are made anew for each record', () => {
  const point = record('Point', { name: 'x', type: 'int' }, { name: 'y', type: 'int', default: 2 });
  const fields = [
    { name: 'nothing', type: ['null', 'int'], default: null },
    { name: 'second', type: ['null', 'string'], default: 'Avro 1.12' },
    { name: 'flag', type: 'boolean', default: true },
    { name: 'bytes', type: 'bytes', default: 'a\u00ff\u0100' },
    { name: 'fixed', type: { type: 'fixed', name: 'F', size: 3 }, default: '\u00fe' },
    { name: 'symbol', type: { type: 'enum', name: 'E', symbols: ['A', 'B'] }, default: 'B' },
    { name: 'half', type: 'float', default: 0.1 },
    { name: 'list', type: { type: 'array', items: point }, default: [{ x: 1 }] },
    { name: 'map', type: { type: 'map', values: 'long' }, default: { a: 1, __proto__x: 2 } },
    { name: 'tagged', type: ['int', 'long'], default: 7 },
  ];
  const definition = JSON.stringify(record('W'));
  const codec = compileAvro(definition, {
    readerDefinition: JSON.stringify(record('R', ...fields)),
  });
  const expected = {
    nothing: null,
    second: 'Avro 1.12',
    flag: true,
    bytes: Buffer.from('a\u00ff?', 'latin1'),
    fixed: Buffer.from('fe0000', 'hex'),
    symbol: 'B',
    half: Math.fround(0.1),
    list: [{ x: 1, y: 2 }],
    map: { a: 1, __proto__x: 2 },
    tagged: { int: 7 },
  };
  const first = codec.decode(Buffer.alloc(0), 0) as typeof expected;
  assert.deepEqual(first, expected);
  assert.deepEqual(Object.keys(first), Object.keys(expected));
  first.list.push({ x: 0, y: 0 });
  first.bytes[0] = 0;
  first.map.a = 0;
  assert.deepEqual(codec.decode(Buffer.alloc(0), 0), expected);
});

test('fields have the order of the reader, and those that it does not have are skipped', () => {
  const inner = record('I', { name: 's', type: 'string' }, { name: 'next', type: ['null', 'I'] });
  const gone = [
    { name: 'g0', type: inner },
    { name: 'g1', type: { type: 'array', items: 'double' } },
    { name: 'g2', type: { type: 'map', values: 'bytes' } },
    { name: 'g3', type: ['boolean', { type: 'fixed', name: 'F', size: 2 }] },
    { name: 'g4', type: { type: 'enum', name: 'E', symbols: ['A'] } },
  ];
  const writer = record('R', { name: 'b', type: 'int' }, ...gone, { name: 'a', type: 'float' });
  const value = {
    b: 1,
    g0: { s: 'x', next: { s: 'y', next: null } },
    g1: [1, 2],
    g2: { k: Buffer.from('v') },
    g3: Buffer.from('zz'),
    g4: 'A',
    a: 0.5,
  };
  const reader = record('R', { name: 'a', type: 'double' }, { name: 'b', type: 'long' });
  assert.deepEqual(Object.entries(evolve(writer, value, reader) as object), [
    ['a', 0.5],
    ['b', 1],
  ]);
  const definition = JSON.stringify(writer);
  const bytes = Buffer.from([2, 2, 0x78, 4]); // The union index of g0.next is out of range.
  assert.throws(() => read(definition, bytes, JSON.stringify(reader)), { code: 'damaged-frame' });
});

test('aliases rename types and fields; those of fields apply in a record with the name in the reader schema', () => {
  const writer = record('old.R', { name: 'was', type: { type: 'fixed', name: 'old.F', size: 1 } });
  const field = {
    name: 'is',
    aliases: ['was'],
    type: { type: 'fixed', name: 'new.G', aliases: ['old.F'], size: 1 },
  };
  const value = { was: Buffer.from('f') };
  const reader = { ...record('new.R', field), aliases: ['old.R'] };
  assert.deepEqual(evolve(writer, value, reader), { is: Buffer.from('f') });
  assert.throws(() => evolve(writer, value, record('new.R', field)), /lacks the field 'is'/);
});

test('a chain of renamed fields is read if it ends with the names of the reader schema, and rejected if two become one', () => {
  const writer = record('R', { name: 'b', type: 'int' }, { name: 'c', type: 'int' });
  const fields = [
    { name: 'a', type: 'int', aliases: ['b'] },
    { name: 'b', type: 'int', aliases: ['c'] },
  ];
  assert.deepEqual(evolve(writer, { b: 1, c: 2 }, record('R', ...fields)), { a: 1, b: 2 });
  const more = [...fields, { name: 'd', type: 'int', default: 0 }];
  assert.throws(() => evolve(writer, { b: 1, c: 2 }, record('R', ...more)), /'a' twice/);
});

test('a recursive record evolves at every depth', () => {
  const writer = record(
    'Node',
    { name: 'v', type: 'int' },
    { name: 'next', type: ['null', 'Node'] },
  );
  const reader = record(
    'Node',
    { name: 'next', type: ['null', 'Node'] },
    { name: 'v', type: 'long' },
    { name: 'seen', type: 'boolean', default: false },
  );
  const value = { v: 1, next: { v: 2, next: { v: 3, next: null } } };
  const node = (v: number, next: unknown) => ({ next, v, seen: false });
  assert.deepEqual(evolve(writer, value, reader), node(1, node(2, node(3, null))));
});

test('a record of another name is read at the top, and in a union where its fields fit', () => {
  const writer = record('w.A', { name: 'x', type: 'int' });
  const other = record('r.B', { name: 'y', type: 'string' });
  const similar = record('r.C', { name: 'x', type: 'long' });
  assert.deepEqual(evolve(writer, { x: 1 }, similar), { x: 1 });
  assert.deepEqual(evolve(writer, { x: 1 }, [other, similar]), { 'r.C': { x: 1 } });
  const called = record('r.A', { name: 'x', type: 'double' });
  assert.deepEqual(evolve(writer, { x: 1 }, [similar, called]), { 'r.A': { x: 1 } });
  assert.throws(() => evolve(writer, { x: 1 }, [other, 'null']), ReaderSchemaMismatchError);
});

test('an invalid reader schema is reported when the deserializer is created', () => {
  const registry = registryOf(vectors[0] as Vector);
  assert.throws(() => createDeserializer({ registry, readerSchema: '{' }), InvalidSchemaError);
});

test('a reader schema can be chosen by the writer schema of each record', async () => {
  const vector = vectors.find(({ readValue }) => readValue !== undefined) as Vector;
  const readerSchema = (writer: RegisteredSchema) =>
    writer.schemaVersionId === vector.schemaVersionId ? vector.readerSchema : undefined;
  const deserializer = createDeserializer({ registry: registryOf(vector), readerSchema });
  const { value } = await deserializer.deserialize(Buffer.from(vector.wire, 'base64'));
  assert.deepEqual(value, fromAvroJson(vector.readerSchema, vector.readValue as string));
});

const aString: RegisteredSchema = { schemaId: 1, dataFormat: 'AVRO', definition: '"string"' };

/** A registry that has only this version, and a frame of it with the Avro text `hi`. */
function oneVersion(schema: RegisteredSchema) {
  const registry: SchemaRegistry = {
    framing: 'confluent',
    schemaById: async () => schema,
    schemaByDefinition: async () => schema,
  };
  return { registry, frame: Buffer.from('0000000001046869', 'hex') };
}

test('the version of a registry that was chosen as reader schema comes with every value, its references written out', async () => {
  const reference = { name: 'Text', subject: 'text', version: 1 };
  const reader: RegisteredSchema = Object.freeze({
    schemaId: 2,
    dataFormat: 'AVRO',
    definition: '["null","Text","bytes"]',
    references: [{ ...reference, definition: '{"type":"enum","name":"Text","symbols":[]}' }],
  });
  const { registry, frame } = oneVersion(aString);
  let asked = 0;
  const readerSchema = async () => {
    asked += 1;
    return reader;
  };
  const deserializer = createDeserializer({ registry, readerSchema });
  const first = await deserializer.deserialize(frame);
  assert.deepEqual(first.value, Buffer.from('hi'));
  assert.equal(first.schema, aString);
  assert.equal(first.readerSchema, reader);
  assert.equal(deserializer.deserializeSync(frame)?.readerSchema, reader);
  assert.equal(asked, 1);
});

test('what the choice of a reader schema throws, the record throws with its version, and the next one asks again', async () => {
  const { registry, frame } = oneVersion(aString);
  const failures = [new RegistryUnavailableError('down'), new InvalidSchemaError('no latest')];
  const deserializer = createDeserializer({
    registry,
    readerSchema: () => {
      const failure = failures.shift();
      if (failure) throw failure;
      return undefined;
    },
  });
  await assert.rejects(deserializer.deserialize(frame), { code: 'registry-unavailable' });
  await assert.rejects(deserializer.deserialize(frame), {
    code: 'invalid-schema',
    schemaVersionId: '1',
  });
  const { value, readerSchema } = await deserializer.deserialize(frame);
  assert.deepEqual([value, readerSchema], ['hi', undefined]);
});
