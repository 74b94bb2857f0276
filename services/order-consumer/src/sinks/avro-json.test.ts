import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAvro } from '@order-stream/serde';
import { compileAvroPrinter } from './avro-json.ts';
import { JsonWriter } from './json-writer.ts';

/** Encodes and decodes the value first, so that the printer gets the decoder's value. */
function printed(schema: unknown, value: unknown): string {
  const definition = JSON.stringify(schema);
  const codec = compileAvro(definition);
  const bytes = Buffer.alloc(4096);
  const end = codec.encode(value, bytes, 0);
  const out = new JsonWriter();
  compileAvroPrinter(definition)(out, codec.decode(bytes.subarray(0, end), 0));
  return out.written().toString();
}

const record = (fields: Record<string, unknown>) => ({
  type: 'record',
  name: 'Everything',
  namespace: 'test',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

test('S0-18 logical timestamps print in ISO form', () => {
  const logical = (logicalType: string) => ({ type: 'long', logicalType });
  const schema = record({
    millis: logical('timestamp-millis'),
    micros: logical('timestamp-micros'),
    nanos: logical('timestamp-nanos'),
    local: logical('local-timestamp-millis'),
    localMicros: logical('local-timestamp-micros'),
    date: { type: 'int', logicalType: 'date' },
    unknown: logical('somebody-elses'),
  });
  const value = {
    millis: 1_680_745_813_045,
    micros: 1_680_745_813_045_678,
    nanos: 1_680_745_813_045_678_901n,
    local: 1_680_745_813_045,
    localMicros: 0,
    date: 19_453,
    unknown: 7,
  };
  assert.equal(
    printed(schema, value),
    '{"millis":"2023-04-06T01:50:13.045Z","micros":"2023-04-06T01:50:13.045678Z",' +
      '"nanos":"2023-04-06T01:50:13.045678901Z","local":"2023-04-06T01:50:13.045",' +
      '"localMicros":"1970-01-01T00:00:00.000000","date":"2023-04-06","unknown":7}',
  );
});

test('timestamps and dates that only connect.name describes print in ISO form, also in a union', () => {
  const named = (type: string, name: string) => ({ type, 'connect.name': name });
  const millis = named('long', 'io.debezium.time.Timestamp');
  const schema = record({
    millis,
    micros: named('long', 'io.debezium.time.MicroTimestamp'),
    nanos: ['null', named('long', 'io.debezium.time.NanoTimestamp')],
    date: ['null', named('int', 'io.debezium.time.Date')],
    list: { type: 'array', items: ['null', millis] },
    ofConnect: named('long', 'org.apache.kafka.connect.data.Timestamp'),
    dateOfConnect: named('int', 'org.apache.kafka.connect.data.Date'),
    infinity: millis,
    time: named('long', 'io.debezium.time.MicroTime'),
    year: named('int', 'io.debezium.time.Year'),
  });
  const value = {
    millis: 1_680_745_813_045,
    micros: 1_680_745_813_045_678,
    nanos: 1_680_745_813_045_678_901n,
    date: 19_453,
    list: [null, -1],
    ofConnect: 1_680_745_813_045,
    dateOfConnect: -1,
    infinity: 2n ** 63n - 1n,
    time: 86_399_999_999,
    year: 2023,
  };
  assert.equal(
    printed(schema, value),
    '{"millis":"2023-04-06T01:50:13.045","micros":"2023-04-06T01:50:13.045678",' +
      '"nanos":"2023-04-06T01:50:13.045678901","date":"2023-04-06",' +
      '"list":[null,"1969-12-31T23:59:59.999"],"ofConnect":"2023-04-06T01:50:13.045Z",' +
      '"dateOfConnect":"1969-12-31","infinity":9223372036854775807,"time":86399999999,"year":2023}',
  );
});

test('64-bit integers print as digits, never rounded and never quoted', () => {
  for (const value of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 5])
    assert.equal(printed('long', value), String(value));
});

test('NaN and infinities print as strings', () => {
  const values = [
    1.5,
    -0.25,
    1e300,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  assert.equal(
    printed({ type: 'array', items: 'double' }, values),
    '[1.5,-0.25,1e+300,"NaN","Infinity","-Infinity"]',
  );
});

test('bytes and fixed print as base64, enums as their symbol', () => {
  const schema = record({
    bytes: 'bytes',
    fixed: { type: 'fixed', name: 'Two', size: 2 },
    enum: { type: 'enum', name: 'Suit', symbols: ['HEARTS'] },
  });
  const value = { bytes: Buffer.from([255, 0]), fixed: Buffer.from([1, 2]), enum: 'HEARTS' };
  assert.equal(printed(schema, value), '{"bytes":"/wA=","fixed":"AQI=","enum":"HEARTS"}');
});

test('a union prints the value of its branch, tagged or not', () => {
  const plain = ['null', 'string', { type: 'long', logicalType: 'timestamp-millis' }, 'boolean'];
  assert.equal(printed(plain, null), 'null');
  assert.equal(printed(plain, 'text'), '"text"');
  assert.equal(printed(plain, 0), '"1970-01-01T00:00:00.000Z"');
  assert.equal(printed(plain, true), 'true');
  const tagged = ['null', 'int', { type: 'long', logicalType: 'timestamp-millis' }];
  assert.equal(printed(tagged, null), 'null');
  assert.equal(printed(tagged, { int: 5 }), '5');
  assert.equal(printed(tagged, { long: 5 }), '"1970-01-01T00:00:00.005Z"');
  const named = [
    { type: 'record', name: 'A', namespace: 'Order V1', fields: [{ name: 'a', type: 'int' }] },
    { type: 'map', values: 'int' },
  ];
  assert.equal(printed(named, { 'Order V1.A': { a: 1 } }), '{"a":1}');
  assert.equal(printed(named, { map: { b: 2 } }), '{"b":2}');
});

test('records nest, refer to each other by name and contain themselves', () => {
  const schema = record({
    child: ['null', 'Everything'],
    item: { type: 'record', name: 'Item', fields: [{ name: 'n', type: 'int' }] },
    again: { type: 'array', items: 'test.Item' },
    empty: { type: 'record', name: 'Empty', fields: [] },
    map: { type: 'map', values: 'Item' },
  });
  const leaf = { child: null, item: { n: 1 }, again: [], empty: {}, map: {} };
  const value = { ...leaf, child: leaf, again: [{ n: 2 }, { n: 3 }], map: { 'a"b': { n: 4 } } };
  const leafText = '{"child":null,"item":{"n":1},"again":[],"empty":{},"map":{}}';
  assert.equal(
    printed(schema, value),
    `{"child":${leafText},"item":{"n":1},"again":[{"n":2},{"n":3}],"empty":{},"map":{"a\\"b":{"n":4}}}`,
  );
});

test('compiling an invalid schema throws', () => {
  assert.throws(() => compileAvroPrinter('{'), { name: 'InvalidAvroSchemaError' });
  assert.throws(() => compileAvroPrinter('"nobody.knows"'), { name: 'InvalidAvroSchemaError' });
});
