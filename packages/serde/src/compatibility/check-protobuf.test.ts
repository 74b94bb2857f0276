import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProto } from '../protobuf/parse-proto.ts';
import type { CompatibilityMode } from '../registry/compatibility-modes.ts';
import { canonicalProtobuf } from './canonical-protobuf.ts';
import { checkProtobufCompatibility } from './check-protobuf.ts';
import { workLimits } from './comparison-work.ts';
import { createFaultPrinter } from './fault.ts';
import { findProtobufFaults } from './protobuf-faults.ts';

function faults(mode: CompatibilityMode, newSchema: string, ...previous: string[]): string[] {
  return checkProtobufCompatibility({ mode, newSchema, previous }).incompatibilities.map(
    ({ type, newLocation, previousLocation }) => `${type} ${newLocation} ${previousLocation}`,
  );
}

const three = (text: string) => `syntax = "proto3"; ${text}`;
const message = (fields: string) => three(`message M { ${fields} }`);

// [change, new, old, fault under BACKWARD, fault under FORWARD]
const cases: [string, string, string, string | undefined, string | undefined][] = [
  [
    'a field more',
    message('int32 a = 1; string b = 2;'),
    message('int32 a = 1;'),
    undefined,
    undefined,
  ],
  ['a field renamed', message('int32 z = 1;'), message('int32 a = 1;'), undefined, undefined],
  [
    'a field renumbered',
    message('int32 a = 2;'),
    message('int32 a = 1;'),
    'FIELD_NUMBER_CHANGED /M/a /M/a',
    'FIELD_NUMBER_CHANGED /M/a /M/a',
  ],
  ['a wider integer', message('int64 a = 1;'), message('int32 a = 1;'), undefined, undefined],
  [
    'an integer in another encoding',
    message('sint32 a = 1;'),
    message('int32 a = 1;'),
    'FIELD_TYPE_CHANGED /M/a /M/a',
    'FIELD_TYPE_CHANGED /M/a /M/a',
  ],
  ['text as bytes', message('bytes a = 1;'), message('string a = 1;'), undefined, undefined],
  [
    'a list of texts',
    message('repeated string a = 1;'),
    message('string a = 1;'),
    undefined,
    undefined,
  ],
  [
    'a list of numbers',
    message('repeated int32 a = 1;'),
    message('int32 a = 1;'),
    'FIELD_CARDINALITY_CHANGED /M/a /M/a',
    'FIELD_CARDINALITY_CHANGED /M/a /M/a',
  ],
  [
    'a reserved number used',
    message('int32 a = 1; int32 b = 7;'),
    message('reserved 5 to 9; int32 a = 1;'),
    'RESERVED_FIELD_USED /M/b /M',
    undefined,
  ],
  [
    'a message less',
    three('message M {}'),
    three('message M {} message N {}'),
    'MESSAGE_REMOVED  /N',
    undefined,
  ],
  [
    'a field of a nested message',
    three('message M { N n = 1; message N { bool v = 1; float w = 2; } }'),
    three('message M { N n = 1; message N { bool v = 1; double w = 2; } }'),
    'FIELD_TYPE_CHANGED /M/n/w /M/n/w',
    'FIELD_TYPE_CHANGED /M/n/w /M/n/w',
  ],
  [
    'a required field more',
    'message M { required int32 a = 1; }',
    'message M { }',
    'REQUIRED_FIELD_ADDED /M/a /M',
    undefined,
  ],
  [
    'a name less in a closed enum',
    'message M { optional E e = 1; enum E { A = 0; } }',
    'message M { optional E e = 1; enum E { A = 0; B = 1; } }',
    'ENUM_VALUE_REMOVED /M/e /M/e',
    undefined,
  ],
  [
    'a name less in an open enum',
    message('E e = 1; enum E { A = 0; }'),
    message('E e = 1; enum E { A = 0; B = 1; }'),
    undefined,
    undefined,
  ],
  [
    'two fields put into a oneof',
    message('oneof x { int32 a = 1; int32 b = 2; }'),
    message('int32 a = 1; int32 b = 2;'),
    'FIELDS_MOVED_INTO_ONEOF /M/x /M',
    undefined,
  ],
  [
    'one field put into a new oneof',
    message('oneof x { int32 a = 1; }'),
    message('int32 a = 1;'),
    undefined,
    undefined,
  ],
  [
    'an rpc more',
    three('message M {} service S { rpc A (M) returns (M); rpc B (M) returns (M); }'),
    three('message M {} service S { rpc A (M) returns (M); }'),
    undefined,
    'RPC_REMOVED /S/B /S',
  ],
  [
    'an rpc that streams',
    three('message M {} service S { rpc A (M) returns (stream M); }'),
    three('message M {} service S { rpc A (M) returns (M); }'),
    'RPC_SIGNATURE_CHANGED /S/A /S/A',
    'RPC_SIGNATURE_CHANGED /S/A /S/A',
  ],
  [
    'a map of another value',
    message('map<string, int32> m = 1;'),
    message('map<string, string> m = 1;'),
    'FIELD_TYPE_CHANGED /M/m /M/m',
    'FIELD_TYPE_CHANGED /M/m /M/m',
  ],
  [
    'another package',
    three('package b; message M {}'),
    three('package a; message M {}'),
    undefined,
    undefined,
  ],
];

for (const [title, newSchema, old, backward, forward] of cases) {
  test(`Protobuf, ${title}: BACKWARD ${backward ?? 'compatible'}, FORWARD ${forward ?? 'compatible'}`, () => {
    assert.deepEqual([...new Set(faults('BACKWARD', newSchema, old))], backward ? [backward] : []);
    assert.deepEqual([...new Set(faults('FORWARD', newSchema, old))], forward ? [forward] : []);
    assert.equal(faults('FULL', newSchema, old).length === 0, !backward && !forward);
    assert.deepEqual(faults('NONE', newSchema, old), []);
    assert.equal(faults('DISABLED', newSchema, old).length, 1);
  });
}

test('Protobuf, the _ALL modes compare with every version, the plain modes with the last', () => {
  const [text, flag, none] = [message('string a = 1;'), message('bool a = 1;'), message('')];
  for (const mode of ['BACKWARD', 'FORWARD', 'FULL'] as const) {
    assert.deepEqual(faults(mode, text, flag, none), []);
    assert.notDeepEqual(faults(`${mode}_ALL`, text, flag, none), []);
  }
});

test('messages that refer to each other are compared completely', () => {
  const list = (type: string) => message(`${type} v = 1; M next = 2;`);
  assert.deepEqual(faults('FULL', list('int32'), list('int32')), []);
  assert.equal(faults('BACKWARD', list('float'), list('int32')).length, 1);
});

test('cycles of messages are compared as far as the limit of pairs, and their texts are limited', () => {
  const cycle = (length: number, type: string) =>
    parseProto(
      three(
        Array.from(
          { length },
          (_, index) => `message M${index} { M${(index + 1) % length} next = 1; ${type} v = 2; }`,
        ).join(' '),
      ),
    );
  const work = { pairs: 0, steps: 0 };
  assert.deepEqual(
    findProtobufFaults(cycle(97, 'int32'), cycle(89, 'int32'), workLimits, work),
    [],
  );
  assert.equal(work.pairs, 97 * 89);
  const beyond = { pairs: 0, steps: 0 };
  const large = [cycle(300, 'int32'), cycle(299, 'int32')] as const;
  const found = findProtobufFaults(...large, workLimits, beyond);
  assert.deepEqual(
    found.map(({ type }) => type),
    ['TOO_COMPLEX'],
  );
  assert.equal(beyond.pairs, workLimits.pairs + 1);
  const changed = findProtobufFaults(cycle(97, 'int32'), cycle(89, 'string'));
  assert.equal(changed.length, 1000);
  const characters = JSON.stringify(createFaultPrinter()(changed)).length;
  assert.ok(characters < 1_200_000, `${characters} characters`);
});

/** A message whose fields have one enum as their type. */
const enumFields = (values: number, fields: number, more = '') =>
  parseProto(
    `enum E { ${Array.from({ length: values }, (_, index) => `V${index} = ${index};`).join('')} }
    message M { ${Array.from({ length: fields }, (_, index) => `optional E e${index} = ${index + 1} [default = V${index % values}];`).join('')} ${more} }`,
  );

test('an enum of many values is compared once, whatever the number of its fields', () => {
  for (const [values, fields] of [
    [1000, 1001],
    [400, 2600],
    [3500, 1750],
  ] as const) {
    const work = { pairs: 0, steps: 0 };
    const reader = enumFields(values, fields, 'optional int32 n = 5000;');
    assert.deepEqual(findProtobufFaults(reader, enumFields(values, fields), workLimits, work), []);
    assert.deepEqual(work, { pairs: 2, steps: 1 + fields + 1 + fields + (1 + values) });
  }
});

test('every field of a changed enum has its faults, and no enum adds more than the limit', () => {
  const [reader, writer] = [enumFields(3, 2), enumFields(5, 2)];
  assert.deepEqual(
    createFaultPrinter()(findProtobufFaults(reader, writer)).map(
      ({ type, readerLocation, message }) => [type, readerLocation, message],
    ),
    ['e0', 'e1'].flatMap((field) =>
      ['V3 = 3', 'V4 = 4'].map((value) => ['ENUM_VALUE_REMOVED', `/M/${field}`, value]),
    ),
  );
  assert.equal(findProtobufFaults(enumFields(1, 900), enumFields(900, 900)).length, 1000);
});

test('values of enums and reserved numbers count as steps, for each pair', () => {
  const cycle = (length: number) =>
    parseProto(
      three(
        Array.from(
          { length },
          (_, index) => `message M${index} { M${(index + 1) % length} next = 1; E${index} e = 2;
            reserved 10, 20 to 30; reserved "r"; }
          enum E${index} { V${index}_0 = 0; V${index}_1 = 1; }`,
        ).join(' '),
      ),
    );
  const [reader, writer] = [cycle(7), cycle(5)];
  const work = { pairs: 0, steps: 0 };
  assert.deepEqual(findProtobufFaults(reader, writer, workLimits, work), []);
  // A pair of messages has 2 fields on each side and 3 reserved ranges and names, a pair of enums 2 values.
  assert.deepEqual(work, { pairs: 2 * 35, steps: 35 * (1 + 4 + 3) + 35 * (1 + 2) });
  for (const [limits, isBeyond] of [
    [work, false],
    [{ ...work, steps: work.steps - 1 }, true],
    [{ ...work, pairs: work.pairs - 1 }, true],
  ] as const)
    assert.deepEqual(
      findProtobufFaults(reader, writer, limits).map(({ type }) => type),
      isBeyond ? ['TOO_COMPLEX'] : [],
    );
});

test('a file written by hand and its print by Square Wire have one canonical text', () => {
  const written = three(`package p; // a comment
    enum Level { LOW = 0; HIGH = 1; }
    message M { map<string, N> m = 2; int32 a = 1 [deprecated = true]; oneof x { string t = 3; } }
    message N { Level level = 1; }`);
  const printed = `syntax = "proto3";\n\npackage p;\n
    message N { .p.Level level = 1; }
    message M { int32 a = 1 [ deprecated = true ]; repeated .p.M.MEntry m = 2; oneof x { string t = 3; }
      message MEntry { option map_entry = true; string key = 1; .p.N value = 2; } }
    enum Level { HIGH = 1; LOW = 0; }`.replace('HIGH = 1; LOW = 0;', 'LOW = 0; HIGH = 1;');
  assert.equal(canonicalProtobuf(written), canonicalProtobuf(printed));
  for (const other of [
    written.replace('a = 1', 'b = 1'),
    written.replace('deprecated = true', 'deprecated = false'),
    written.replace('package p', 'package q'),
    written.replace('oneof x { string t = 3; }', 'string t = 3;'),
    written.replace('map<string', 'map<int32'),
  ]) {
    assert.notEqual(canonicalProtobuf(written), canonicalProtobuf(other));
  }
  const withDefault = (value: string) =>
    canonicalProtobuf(`message M { optional double a = 1 [default = ${value}]; }`);
  assert.equal(new Set(['inf', '-inf', 'nan', '0'].map(withDefault)).size, 4);
  assert.equal(
    canonicalProtobuf('message M { }'),
    canonicalProtobuf('/* licence */ syntax = "proto2"; message M {}'),
  );
  assert.throws(() => canonicalProtobuf('mesage M {}'), { code: 'invalid-schema' });
});
