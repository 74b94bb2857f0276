import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { compileProtobuf, type ProtobufFormatOptions } from './index.ts';

const target = Buffer.alloc(100_000);

/** Bodies without their message index, as hexadecimal digits. */
function codecOf(definition: string, options: ProtobufFormatOptions = {}) {
  const codec = compileProtobuf({ definition }, { framing: 'glue' }, options);
  return {
    write: (value: unknown) => target.toString('hex', 1, codec.encode(value, target, 0)),
    read: (hex: string) => codec.decode(Buffer.from(`00${hex}`, 'hex'), 0),
  };
}

const proto3 = (fields: string) => `syntax = "proto3"; message M { ${fields} }`;
const wellKnown = (type: string, file: string) =>
  `syntax = "proto3"; import "google/protobuf/${file}.proto"; message M { repeated google.protobuf.${type} v = 1; }`;

test('packed numbers that a closed enum lacks are kept as fields of their own, as in Java', () => {
  const { read, write } = codecOf(
    'message M { repeated E e = 1 [packed = true]; optional int32 z = 2; enum E { A = 1; B = 2; } }',
  );
  // 1, 5, 2, -1, then z = 7 and an unknown field 3.
  const value = read('0a0d010502ffffffffffffffffff0110071801');
  assert.deepEqual(value, { e: ['A', 'B'], z: 7 });
  const again = '0a0201021007080508ffffffffffffffffff011801';
  assert.equal(write(value), again);
  assert.equal(write(read(again)), again);
});

test('no number of a closed enum is lost, packed or not, and those without a name keep their order', () => {
  const { read, write } = codecOf('message M { repeated E e = 1; enum E { A = 1; } }');
  const open = codecOf(proto3('repeated int32 e = 1;'));
  const numbers = fc.array(
    fc.oneof(fc.constant(1), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  );
  fc.assert(
    fc.property(numbers, numbers, (some, more) => {
      const one = (number: number) => open.write({ e: [number] }).replace(/^0a../, '08');
      const wire = open.write({ e: some }) + more.map(one).join('');
      const { e } = open.read(write(read(wire))) as { e: number[] };
      const given = [...some, ...more];
      assert.deepEqual(e, [
        ...given.filter((number) => number === 1),
        ...given.filter((number) => number !== 1),
      ]);
    }),
  );
});

test('unknown numbers of packed enums cost a small multiple of their bytes', async () => {
  // Four MiB of numbers on a heap that has no room for an object each.
  const read = `
    const { compileProtobuf } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});
    const definition = \`message M { repeated E e = 1 [packed = true]; repeated M m = 2;
      enum E { A = 1; } }\`;
    const codec = compileProtobuf({ definition }, { framing: 'glue' });
    const count = 4 << 20;
    const body = Buffer.alloc(count + 6, 5);
    body.set([0, 0x0a, 0x80, 0x80, 0x80, 0x02]);
    const target = Buffer.alloc(2 * count + 1);
    const end = codec.encode(codec.decode(body, 0), target, 0);
    require('node:worker_threads').parentPort.postMessage(end);`;
  const worker = new Worker(`(async () => {${read}})()`, {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });
  const [end] = await once(worker, 'message');
  assert.equal(end, 1 + 2 * (4 << 20));
});

test('unknown numbers of packed enums and other unknown fields keep their order in each message', () => {
  const { read, write } = codecOf(
    'message M { repeated E e = 1 [packed = true]; repeated M m = 2; enum E { A = 1; } }',
  );
  const value = read('0a0105120618010a02050718010a010612030a01080a0107');
  assert.equal(write(value), '1206180108050807120208080805180108060807');
});

test('an empty list is absent from the JSON mapping', () => {
  const closed = 'message M { repeated E e = 1; repeated int32 r = 2; enum E { A = 1; } }';
  assert.deepEqual(codecOf(closed, { values: 'json' }).read('08051200'), {});
});

for (const size of [2, 9, 10, 300]) {
  test(`a oneof of ${size} members keeps the last, however often it changes`, () => {
    const members = Array.from({ length: size - 1 }, (_, at) => `int32 f${at + 1} = ${at + 1};`);
    const { read } = codecOf(
      proto3(`oneof o { ${members.join(' ')} N n = 400; } message N { int32 a = 1; int32 b = 2; }`),
    );
    const n = (inner: string) => `8219${(inner.length / 2).toString(16).padStart(2, '0')}${inner}`;
    assert.deepEqual(read(`${n('')}0801`.repeat(50_000)), { f1: 1 });
    assert.deepEqual(read(`${n('0801')}0802${n('1005')}`), { n: { a: 0, b: 5 } });
    assert.deepEqual(read(`0802${n('0801')}${n('1005')}`), { n: { a: 1, b: 5 } });
  });
}

test('a required field may be in another piece of its message', () => {
  const { read } = codecOf('message M { optional N n = 1; message N { required int32 a = 1; } }');
  assert.deepEqual(read('0a000a020805'), { n: { a: 5 } });
  assert.throws(() => read('0a00'), { damage: 'bad-body' });
});

test('a message index beyond 32 bits or below zero is damage', () => {
  const definition = proto3('int32 a = 1;');
  const decode = (framing: 'glue' | 'confluent', hex: string) =>
    compileProtobuf({ definition }, { framing }).decode(Buffer.from(hex, 'hex'), 0);
  assert.throws(() => decode('glue', '8080808010'), { damage: 'bad-body' });
  for (const hex of ['01', '0201', '8080808010']) {
    assert.throws(() => decode('confluent', hex), { damage: 'bad-body' });
  }
});

test('a value that would be written as something else is rejected', () => {
  const { write } = codecOf(
    'syntax = "proto3"; message M { bytes b = 1; double d = 2; float f = 3; N n = 4; map<string, int32> m = 5; message N {} }',
  );
  for (const value of [
    ...[
      { b: 'abcde' },
      { b: 'a' },
      { b: 'YWI==' },
      { b: '=' },
      { b: 'Y=Q=' },
      { d: '1e400' },
      { f: '-1e400' },
    ],
    ...[{ n: new Date(0) }, { n: new Map() }, { n: Buffer.alloc(1) }, { m: new Date(0) }],
    ...[{ m: new Set([1]) }, new Map([['b', 'YQ==']])],
  ]) {
    assert.throws(() => write(value), { code: 'schema-mismatch' });
  }
  for (const b of ['YQ', 'YQ=', 'YQ==']) assert.equal(write({ b }), '0a0161');
  // A number that rounds to zero is zero, as in Java.
  assert.equal(write({ f: 1e-50 }), '');
});

test('bytes are accepted as base64 of any length', () => {
  const codec = compileProtobuf({ definition: proto3('bytes b = 1;') }, { framing: 'glue' });
  const bytes = Buffer.alloc(6 * 1024 * 1024, 'bytes');
  const large = Buffer.alloc(bytes.length + 6);
  const end = codec.encode({ b: bytes.toString('base64') }, large, 0);
  assert.ok(large.subarray(end - bytes.length).equals(bytes));
  assert.throws(() => codec.encode({ b: `${bytes.toString('base64')}!` }, large, 0), {
    code: 'schema-mismatch',
  });
});

test('invalid values of well-known types are rejected', () => {
  for (const [type, file, value] of [
    ['Timestamp', 'timestamp', '2021-02-29T00:00:00Z'],
    ['Timestamp', 'timestamp', '2021-02-28T24:00:00Z'],
    ['Timestamp', 'timestamp', '0000-01-01T00:00:00Z'],
    ['StringValue', 'wrappers', null],
    ['Struct', 'struct', { at: new Date(0) }],
    ['Value', 'struct', new Set()],
  ] as const) {
    const { write } = codecOf(wellKnown(type, file));
    assert.throws(() => write({ v: [value] }), { code: 'schema-mismatch' }, type);
  }
  const duration = codecOf(wellKnown('Duration', 'duration'), { values: 'json' });
  const zero = { seconds: 0n, nanos: 0 };
  for (const beyond of [
    { ...zero, seconds: 2n ** 62n },
    { ...zero, nanos: 1_000_000_000 },
    { seconds: 1n, nanos: -1 },
  ]) {
    const hex = codecOf(wellKnown('Duration', 'duration')).write({ v: [beyond] });
    assert.throws(() => duration.read(hex), { damage: 'bad-body' });
  }
  const wrapped = codecOf(wellKnown('Int64Value', 'wrappers'));
  assert.equal(wrapped.write({ v: [0, '5'] }), '0a000a020805');
});

for (const [type, inside, beyond] of [
  [
    'Timestamp',
    ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', new Date(0), { seconds: '-1' }],
    [
      ...['9999-12-31T23:59:59-01:00', '0001-01-01T00:00:00+01:00', new Date(8.64e15)],
      ...[{ seconds: 253_402_300_800n }, { seconds: '-62135596801' }],
      ...[{ nanos: -1 }, { nanos: 1_000_000_000 }],
    ],
  ],
  [
    'Duration',
    ['315576000000s', '-315576000000.999999999s', { nanos: -5 }, { seconds: -1, nanos: -5 }],
    [
      ...['315576000001s', { seconds: -315_576_000_001 }, { nanos: 1_000_000_000 }],
      ...[
        { seconds: 1, nanos: -5 },
        { seconds: -1n, nanos: '5' },
      ],
    ],
  ],
] as const) {
  test(`a ${type} that is written as JSON can be read as JSON, and others are rejected`, () => {
    const definition = wellKnown(type, type.toLowerCase());
    const { write, read } = codecOf(definition, { values: 'json' });
    for (const value of inside) {
      const hex = write({ v: [value] });
      assert.equal(write(read(hex)), hex);
    }
    for (const value of beyond) {
      assert.throws(() => write({ v: [value] }), { code: 'schema-mismatch', pointer: '/v/0' });
    }
    // A value that is not an integer is rejected with its own place.
    for (const seconds of ['x', Symbol('x'), 0.5]) {
      assert.throws(() => write({ v: [{ seconds }] }), { pointer: '/v/0/seconds' });
    }
    for (const value of [null, 5]) assert.throws(() => write({ v: [value] }), { pointer: '/v/0' });
  });
}

test('NaN and infinities of a Value are kept, but neither read nor written as JSON', () => {
  const definition = wellKnown('Value', 'struct');
  const plain = codecOf(definition);
  const json = codecOf(definition, { values: 'json' });
  for (const [number, hex] of [
    [Number.NaN, '0a0911000000000000f87f'],
    [Number.NEGATIVE_INFINITY, '0a0911000000000000f0ff'],
  ] as const) {
    assert.deepEqual(plain.read(hex), { v: [number] });
    assert.equal(plain.write(plain.read(hex)), hex);
    const nested = plain.write({ v: [{ a: [number] }] });
    assert.equal(plain.write(plain.read(nested)), nested);
    assert.throws(() => json.read(hex), { damage: 'bad-body' });
    for (const value of [number, { a: [number] }]) {
      assert.throws(() => json.write({ v: [value] }), { code: 'schema-mismatch' });
    }
  }
});

test('the null of a NullValue is a value, as in Java', () => {
  const { read, write } = codecOf(
    'syntax = "proto3"; import "google/protobuf/struct.proto"; message M { oneof x { google.protobuf.NullValue n = 1; int32 a = 2; } repeated google.protobuf.NullValue r = 3; }',
    { values: 'json' },
  );
  for (const hex of ['08001a020000', '1005']) assert.equal(write(read(hex)), hex);
  assert.deepEqual(read('08001a020000'), { n: null, r: [null, null] });
});

test('an error contains neither the key of a map nor the type that a value names', () => {
  const { write } = codecOf(
    'syntax = "proto3"; import "google/protobuf/struct.proto"; message M { map<string, N> m = 1; google.protobuf.Struct s = 2; message N { int32 a = 1; } }',
  );
  for (const value of [
    { m: { secret: { a: 'x' } } },
    { m: new Map([['secret', { a: 'x' }]]) },
    { s: { secret: { secret: 5n } } },
    { $typeName: 'secret' },
  ]) {
    assert.throws(
      () => write(value),
      (error: { code: string; message: string; pointer: string }) => {
        assert.equal(error.code, 'schema-mismatch');
        assert.doesNotMatch(`${error.message} ${error.pointer}`, /secret/);
        return true;
      },
    );
  }
});
