import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileProtobuf, type ProtobufFormatOptions } from './index.ts';

const glue = { framing: 'glue' } as const;

function codecOf(definition: string, options: ProtobufFormatOptions & { message?: string } = {}) {
  const { message, ...formatOptions } = options;
  return compileProtobuf({ definition }, { ...glue, message }, formatOptions);
}

/** The body without its message index, as hexadecimal digits. */
function write(definition: string, value: unknown, message?: string): string {
  const target = Buffer.alloc(10_000);
  const codec = codecOf(definition, message === undefined ? {} : { message });
  return target.toString('hex', 1, codec.encode(value, target, 0));
}

function read(definition: string, hex: string, options?: ProtobufFormatOptions): unknown {
  return codecOf(definition, options).decode(Buffer.from(`00${hex}`, 'hex'), 0);
}

const proto3 = (fields: string) => `syntax = "proto3"; message M { ${fields} }`;

test('64-bit integers are numbers if safe, else bigints, in every encoding', () => {
  const types = ['int64', 'sint64', 'sfixed64'];
  const file = proto3(types.map((type, i) => `${type} f${i} = ${i + 1};`).join(' '));
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (n) => {
      const value = Number.isSafeInteger(Number(n)) ? Number(n) : n;
      for (const given of [value, n, n.toString()]) {
        const hex = write(file, { f0: given, f1: given, f2: given });
        assert.deepEqual(read(file, hex), { f0: value, f1: value, f2: value });
      }
    }),
  );
  const unsigned = proto3('uint64 a = 1; fixed64 b = 2;');
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (n) => {
      const value = Number.isSafeInteger(Number(n)) ? Number(n) : n;
      assert.deepEqual(read(unsigned, write(unsigned, { a: n, b: n })), { a: value, b: value });
    }),
  );
});

test('strings of integers are accepted as in the JSON mapping and never rounded', () => {
  const file = proto3('int64 a = 1; map<int32, bool> m = 2;');
  for (const [text, integer] of [
    ['1.0', 1n],
    ['1e2', 100n],
    ['+1', 1n],
    ['-1.50E+1', -15n],
    ['10e-1', 1n],
    ['9007199254740993.00', 9007199254740993n],
    ['-9.223372036854775808e18', -(2n ** 63n)],
  ] as const) {
    assert.equal(write(file, { a: text }), write(file, { a: integer }), text);
  }
  assert.equal(write(file, { m: { '1e1': true } }), write(file, { m: { 10: true } }));
  for (const a of ['9007199254740993.5', '9.223372036854775808e18', '.5', '1e', '+-1', '']) {
    assert.throws(() => write(file, { a }), { code: 'schema-mismatch', pointer: '/a' }, a);
  }
});

// Bytes that the Java library 1.1.27 wrote for these values.
for (const [title, fields, value, hex] of [
  [
    'entries of maps with the defaults of their key and value',
    'map<string, int64> a = 1; map<int32, N> b = 2; message N { int32 v = 1; }',
    {
      a: { '': '0', x: '0' },
      b: new Map([
        [0, {}],
        [7, {}],
        [-3, { v: 1 }],
      ]),
    },
    '0a040a0010000a050a01781000120408001200120408071200120f08fdffffffffffffffff0112020801',
  ],
  [
    'minus zero, optional zero and unpacked integers',
    'float f = 1; double d = 2; optional int32 o = 3; repeated int32 r = 4 [packed = false]; repeated float rf = 5;',
    { f: -0, d: 0, o: 0, r: [0, 1], rf: [0.1, 1e30] },
    '0d000000801800200020012a08cdcccc3dcaf24971',
  ],
  [
    'the widest unsigned integers, bytes as URL-safe base64 and maps of bools',
    'uint32 u = 1; fixed32 f = 2; uint64 v = 3; sint32 s = 4; bool b = 5; bytes y = 6; map<bool, bool> mb = 7; map<uint64, string> mu = 8;',
    {
      u: 4294967295,
      f: 4294967295,
      v: '18446744073709551615',
      s: -2147483648,
      b: true,
      y: '_-8',
      mb: { true: false, false: true },
      mu: { '18446744073709551615': 'x' },
    },
    '08ffffffff0f15ffffffff18ffffffffffffffffff0120ffffffff0f28013202ffef3a04080110003a0408001001420e08ffffffffffffffffff01120178',
  ],
] as const) {
  test(`${title} are Java's bytes`, () => {
    const file = proto3(fields);
    assert.equal(write(file, value), hex);
    assert.equal(write(file, read(file, hex)), hex);
  });
}

const wellKnown = `syntax = "proto3";
  import "google/protobuf/struct.proto"; import "google/protobuf/duration.proto";
  import "google/protobuf/field_mask.proto"; import "google/protobuf/empty.proto";
  import "google/protobuf/timestamp.proto"; import "google/protobuf/wrappers.proto";
  message M { google.protobuf.Struct s = 2; google.protobuf.Duration d = 3;
    google.protobuf.FieldMask m = 4; google.protobuf.Value v = 5; google.protobuf.ListValue l = 7;
    google.protobuf.Empty e = 8; google.protobuf.Timestamp t = 9; google.protobuf.Int64Value w = 10; }`;

test('well-known types are read and written in their JSON form', () => {
  const json = {
    s: { a: 1, b: [null, true, 'x'] },
    d: '-1.500s',
    m: 'a.bC,d',
    v: null,
    l: [1],
    e: {},
    t: '1969-12-31T23:59:59.000001Z',
    w: '9007199254740993',
  };
  const hex = write(wellKnown, json);
  assert.ok(
    hex.startsWith(
      '12260a0e0a0161120911000000000000f03f0a140a0162120f320d0a0208000a0220010a031a01781a1608ffffffffffffffffff011080b6ca91feffffffff01220a0a05612e625f630a01642a0208003a0b0a0911000000000000f03f4200',
    ),
  );
  assert.deepEqual(read(wellKnown, hex, { values: 'json' }), json);
  assert.deepEqual(read(wellKnown, hex), {
    ...json,
    d: { seconds: -1, nanos: -500_000_000 },
    m: { paths: ['a.b_c', 'd'] },
    t: { seconds: -1, nanos: 1000 },
    w: 9007199254740993n,
  });
  assert.equal(write(wellKnown, read(wellKnown, hex)), hex);
  assert.equal(
    write(wellKnown, { t: new Date(-1) }),
    write(wellKnown, { t: '1969-12-31T23:59:59.999Z' }),
  );
});

test('absent fields without presence have their default, others are left out', () => {
  const file = proto3(
    'int32 a = 1; string b_c = 2; optional int32 o = 3; repeated int32 r = 4; map<string, int32> m = 5; N n = 6; oneof x { int32 p = 7; } E e = 8; bytes y = 9; message N {} enum E { ZERO = 0; }',
  );
  const absent = { a: 0, bC: '', r: [], m: {}, e: 'ZERO', y: Buffer.alloc(0) };
  assert.deepEqual(read(file, ''), absent);
  assert.equal(write(file, absent), '');
  assert.equal(write(file, { a: null, o: null, r: null, m: undefined, n: null }), '');
  assert.deepEqual(read(file, '', { values: 'json' }), {});
  assert.deepEqual(Object.keys(read(file, '', { fieldNames: 'proto' }) as object)[1], 'b_c');
  assert.equal(write(file, { b_c: 'x' }), write(file, { bC: 'x' }));
});

test('in JSON a default on the wire is left out if the field has no presence', () => {
  const file = proto3(
    'int32 i = 1; int64 l = 2; float f = 3; double d = 4; bool b = 5; string s = 6; bytes y = 7; E e = 8; optional int32 o = 9; oneof x { int32 p = 10; } enum E { ZERO = 0; }',
  );
  const sent = '08001000' + '1d00000000' + '210000000000000000' + '280032003a004000';
  assert.deepEqual(read(file, sent, { values: 'json' }), {});
  assert.deepEqual(read(file, '08050800', { values: 'json' }), {});
  assert.deepEqual(read(file, '48005000', { values: 'json' }), { o: 0, p: 0 });
  // Minus zero is not the default.
  const minus = read(file, '1d00000080210000000000000080', { values: 'json' });
  assert.deepEqual(minus, { f: -0, d: -0 });
});

test('unknown fields are kept and written again', () => {
  const hex = '0801120178';
  const value = read(proto3('int32 a = 1;'), hex);
  assert.deepEqual(value, { a: 1 });
  assert.equal(write(proto3('int32 a = 1;'), value), hex);
  // A field with another wire type is unknown too, and so is a number that a closed enum lacks.
  assert.deepEqual(read(proto3('string a = 1;'), '0801'), { a: '' });
  const closed = 'message M { optional E e = 1; enum E { A = 1; } }';
  assert.deepEqual(read(closed, '0805'), {});
  assert.deepEqual(read(proto3('E e = 1; enum E { A = 0; }'), '0805'), { e: 5 });
  // A group, from another library.
  assert.deepEqual(read(proto3('int32 a = 1;'), '1b08011c0807'), { a: 7 });
});

test('unknown fields cost no more than their bytes', () => {
  const file = proto3('M m = 1;');
  const unknown = '2800'.repeat(100_000);
  const merged = '0a022801'.repeat(100_000);
  const codec = codecOf(file);
  const target = Buffer.alloc(1_000_000);
  const value = read(file, `${unknown}${merged}`);
  const end = codec.encode(value, target, 0);
  assert.equal(end, 1 + 4 + 200_000 + 200_000);
});

test('fields of proto2 that share a JSON name use their own names', () => {
  const file = 'message M { optional int32 a_b = 1; optional int32 aB = 2; }';
  assert.deepEqual(read(file, '08011002'), { a_b: 1, aB: 2 });
  assert.equal(write(file, { a_b: 1, aB: 2 }), '08011002');
});

test('the enum of a map must begin with 0, also in proto2', () => {
  const file = (first: number) =>
    `message M { enum K { A = ${first}; } map<int32, K> m = 1; optional K k = 2; }`;
  assert.throws(() => codecOf(file(1)), /M\.m: the enum of a map must begin with the number 0/);
  assert.deepEqual(read(file(0), '0a0408051000'), { m: { 5: 'A' } });
});

test('for repeated occurrences the last value wins, messages merge, and a oneof keeps one member', () => {
  const file = proto3(
    'N n = 1; oneof x { int32 a = 2; N b = 3; } message N { int32 p = 1; int32 q = 2; }',
  );
  assert.deepEqual(read(file, '0a0208010a021002'), { n: { p: 1, q: 2 } });
  assert.deepEqual(read(file, '10051a00'), { b: { p: 0, q: 0 } });
  assert.deepEqual(read(proto3('repeated int32 r = 1;'), '08010a0202030804'), { r: [1, 2, 3, 4] });
});

test('a mismatch is rejected with its place', () => {
  const file = proto3(
    'int32 a = 1; repeated N ns = 2; map<string, N> m = 3; oneof x { int32 p = 4; int32 q = 5; } float f = 6; string s = 7; E e = 8; message N { uint64 v = 1; } enum E { A = 0; }',
  );
  for (const [value, pointer] of [
    [{ a: 2 ** 31 }, '/a'],
    [{ a: 1.5 }, '/a'],
    [{ a: '1.01' }, '/a'],
    [{ a: '1e-1' }, '/a'],
    [{ a: '1e99' }, '/a'],
    [{ ns: [{}, { v: -1 }] }, '/ns/1/v'],
    [{ ns: [null] }, '/ns/0'],
    // A key of a map is content of the record, which errors never repeat.
    [{ m: { 'k/1': { v: 2n ** 64n } } }, '/m/*/v'],
    [{ p: 1, q: 1 }, '/q'],
    [{ f: 1e39 }, '/f'],
    [{ s: '\ud800' }, '/s'],
    [{ e: 'B' }, '/e'],
    ['text', ''],
  ] as const) {
    assert.throws(() => write(file, value), { code: 'schema-mismatch', pointer });
  }
  assert.throws(() => write('message M { required int32 a = 1; }', {}), { pointer: '/a' });
  const endless: Record<string, unknown> = {};
  endless.m = endless;
  assert.throws(() => write(proto3('M m = 1;'), endless), { code: 'schema-mismatch' });
});

test('damaged bodies are rejected', () => {
  const file = proto3('int64 a = 1; string s = 2; M m = 3; repeated fixed64 f = 4;');
  for (const [hex, damage] of [
    ['08', 'truncated-body'],
    ['0880', 'truncated-body'],
    [`08${'80'.repeat(10)}01`, 'bad-body'],
    ['12ffffffff0f78', 'truncated-body'],
    ['1201ff', 'bad-body'],
    ['00', 'bad-body'],
    ['0f', 'bad-body'],
    ['3308', 'truncated-body'],
    ['34', 'bad-body'],
    ['2207000000000000', 'truncated-body'],
    ['3b'.repeat(200), 'nested-too-deeply'],
  ] as const) {
    assert.throws(() => read(file, hex), { code: 'damaged-frame', damage }, hex);
  }
  let nested = '';
  for (let level = 0; level < 99; level += 1) nested = `1a${varint(nested.length / 2)}${nested}`;
  assert.ok(read(file, nested));
  assert.throws(() => read(file, `1a${varint(nested.length / 2)}${nested}`), {
    damage: 'nested-too-deeply',
  });
  assert.throws(() => read('message M { required int32 a = 1; }', ''), { damage: 'bad-body' });
  assert.throws(() => codecOf(file).decode(Buffer.from([7]), 0), { damage: 'bad-body' });
  assert.throws(() => codecOf(file).decode(Buffer.alloc(0), 0), { damage: 'truncated-body' });
});

test('random bytes are read, or rejected as damaged', () => {
  const file = proto3(
    'int64 a = 1; string s = 2; M m = 3; repeated fixed64 f = 4; map<string, M> e = 5; repeated sint32 p = 6; oneof x { bytes y = 7; bool b = 8; }',
  );
  const codec = codecOf(file);
  const target = Buffer.alloc(10_000);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      let value: unknown;
      try {
        value = codec.decode(Buffer.from([0, ...bytes]), 0);
      } catch (error) {
        assert.equal((error as { code: string }).code, 'damaged-frame');
        return;
      }
      // A value that was read is written and read again unchanged.
      const end = codec.encode(value, target, 0);
      assert.deepEqual(codec.decode(target.subarray(0, end), 0), value);
    }),
    { numRuns: 20_000 },
  );
});

test('writing a record inside the writing of another leaves both intact', () => {
  const file = proto3('string a = 1; string b = 2; repeated string c = 3;');
  const plain = { a: 'x', b: 'y', c: ['z'] };
  const value = {
    a: 'x',
    get b() {
      write(file, { a: 'in between', c: ['long'.repeat(2000)] });
      return 'y';
    },
    c: ['z'],
  };
  assert.equal(write(file, value), write(file, plain));
});

test('keys named __proto__ change no prototype', () => {
  const file = proto3('map<string, string> m = 1;');
  const hex = write(file, { m: new Map([['__proto__', 'x']]) });
  const { m } = read(file, hex) as { m: object };
  assert.deepEqual(Object.keys(m), ['__proto__']);
  assert.equal(Object.getPrototypeOf(m), Object.prototype);
  assert.equal(write(file, { m }), hex);
  const names = proto3('string constructor = 1; string toString = 2;');
  assert.equal(write(names, {}), '');
});

const several = `syntax = "proto3"; package p;
  message First { message Inner { map<string, int32> of_many = 1; message Deep { int32 v = 1; } } }
  message A { int32 v = 1; } message B { A a = 1; }`;

test('a Glue frame names the message by its index among all full names', () => {
  // A, B, First, First.Inner, First.Inner.Deep, First.Inner.OfManyEntry
  for (const [message, index] of [
    [undefined, 2],
    ['A', 0],
    ['p.B', 1],
    ['First.Inner.Deep', 4],
  ] as const) {
    const codec = compileProtobuf({ definition: several }, { ...glue, message });
    const target = Buffer.alloc(10);
    codec.encode({}, target, 0);
    assert.equal(target[0], index);
    const value = codec.decode(target.subarray(0, 1), 0) as { $typeName: string };
    assert.ok(value.$typeName.endsWith(message ?? 'First'));
  }
  assert.throws(() => codecOf(several).decode(Buffer.from([5]), 0), { code: 'damaged-frame' });
  assert.throws(() => codecOf(several, { message: 'C' }), { code: 'invalid-schema' });
});

test('the index counts entries of maps by the names that Java gives them', () => {
  // Only by that name does the entry sort between the two.
  for (const [field, sooner, later] of [
    ['order_items', 'OrderItemsEntrx', 'OrderItemsEntrz'],
    ['fooBar', 'FooBarEntrx', 'FooBarEntrz'],
    ['_labels', 'LabelsEntrx', 'LabelsEntrz'],
    ['aB_c', 'AbCEntrx', 'AbCEntrz'],
    ['aBC_dEF', 'AbcDefEntrx', 'AbcDefEntrz'],
    ['x1y_2z_', 'X1y2zEntrx', 'X1y2zEntrz'],
  ] as const) {
    const definition = `syntax = "proto3"; message A { map<string, string> ${field} = 1;
      message ${sooner} {} message ${later} {} }`;
    const indexOf = (message: string) => {
      const target = Buffer.alloc(1);
      compileProtobuf({ definition }, { ...glue, message }).encode({}, target, 0);
      return target[0];
    };
    assert.deepEqual([indexOf(`A.${sooner}`), indexOf(`A.${later}`)], [1, 3], field);
  }
});

test('a Confluent frame names the message by its path in zigzag varints', () => {
  for (const [message, prefix] of [
    ['First', '00'],
    ['A', '0202'],
    ['First.Inner', '040000'],
    ['First.Inner.Deep', '06000000'],
  ] as const) {
    const codec = compileProtobuf({ definition: several }, { framing: 'confluent', message });
    const target = Buffer.alloc(10);
    const end = codec.encode({}, target, 0);
    assert.equal(target.toString('hex', 0, end), prefix);
    const value = codec.decode(target.subarray(0, end), 0) as { $typeName: string };
    assert.equal(value.$typeName, `p.${message}`);
  }
});

test('a record is read as the message of the same name in another definition', () => {
  const codec = compileProtobuf(
    { definition: proto3('int32 a = 1; string old = 2;') },
    { ...glue, readerDefinition: proto3('int64 renamed = 1; bool fresh = 3;') },
  );
  assert.deepEqual(codec.decode(Buffer.from('000805120178', 'hex'), 0), {
    renamed: 5,
    fresh: false,
  });
});

test('a file that imports another is read with it', () => {
  const references = [
    {
      name: 'other.proto',
      subject: 's',
      version: 1,
      definition: 'syntax = "proto3"; package o; message N { int32 v = 1; }',
    },
  ];
  const definition = 'syntax = "proto3"; import "other.proto"; message M { o.N n = 1; }';
  const codec = compileProtobuf({ definition, references }, glue);
  assert.deepEqual(codec.decode(Buffer.from('000a020805', 'hex'), 0), { n: { v: 5 } });
  assert.throws(() => compileProtobuf({ definition }, glue), { code: 'invalid-schema' });
});

test("each of Google's files can be imported alone and beside every other", () => {
  const types = {
    ...{ any: 'Any', api: 'Api', descriptor: 'FileDescriptorSet', duration: 'Duration' },
    ...{ empty: 'Empty', field_mask: 'FieldMask', source_context: 'SourceContext' },
    ...{ struct: 'Struct', timestamp: 'Timestamp', type: 'Type', wrappers: 'StringValue' },
  };
  const files = Object.keys(types).map((file) => `import "google/protobuf/${file}.proto";`);
  for (const all of [files, files.toReversed()]) {
    assert.equal(write(`syntax = "proto3"; ${all.join(' ')} message M {}`, {}), '');
  }
  for (const [file, type] of Object.entries(types)) {
    const definition = `syntax = "proto3"; import "google/protobuf/${file}.proto";
      message M { google.protobuf.${type} v = 1; }`;
    assert.equal(write(definition, {}), '');
  }
  const api = `syntax = "proto3"; import "google/protobuf/api.proto"; message M { google.protobuf.Api v = 1; }`;
  const value = { v: { name: 'x', options: [{ name: 'y' }], sourceContext: { fileName: 'z' } } };
  assert.equal(write(api, value), '0a0d0a01781a030a01792a030a017a');
});

test('a definition that cannot be used is an invalid schema', () => {
  for (const definition of [
    'mesage M {}',
    proto3('Missing m = 1;'),
    proto3('int32 a = 1; int32 b = 1;'),
    proto3('int32 a = 0;'),
    proto3('E e = 1; enum E { A = 1; }'),
    'message M { optional group G = 1 { optional int32 x = 1; } }',
  ]) {
    assert.throws(() => codecOf(definition), { code: 'invalid-schema' }, definition);
  }
  assert.throws(() => write('', {}), { code: 'invalid-schema' });
});

function varint(value: number): string {
  return value < 128
    ? value.toString(16).padStart(2, '0')
    : Buffer.from([(value & 127) | 128, value >> 7]).toString('hex');
}
