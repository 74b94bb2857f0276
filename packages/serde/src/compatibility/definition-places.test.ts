import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pointerOf } from '../json/json-pointer.ts';
import { checkAvroCompatibility } from './check-avro.ts';
import { checkJsonSchemaCompatibility } from './check-json-schema.ts';
import { checkProtobufCompatibility } from './check-protobuf.ts';
import { definitionPlaces } from './definition-places.ts';

const checks = {
  AVRO: checkAvroCompatibility,
  JSON: checkJsonSchemaCompatibility,
  PROTOBUF: checkProtobufCompatibility,
};

/** The marked texts of each reason: in the new definition and in the previous one. */
function marked(
  format: keyof typeof checks,
  newSchema: string,
  previous: string,
  mode = 'BACKWARD',
) {
  const question = { mode: mode as 'BACKWARD', newSchema, previous: [previous] };
  const places = [newSchema, previous].map((text) => definitionPlaces(format, text));
  return checks[format](question).incompatibilities.map((reason) => [
    reason.type,
    ...[reason.newLocation, reason.previousLocation].map((location, index) => {
      const range = places[index]?.(location);
      return range && [newSchema, previous][index]?.slice(range.start, range.end);
    }),
  ]);
}

test('a reason of Avro is marked in both texts, between comments', () => {
  const previous = `/* "fields": [] */ { "type": "record", "name": "R", // }
    "fields": [ { "name": "a", "type": "string" }, { "name": "b", "type" /* : */ : "long" } ] }`;
  const next = `{"type":"record","name":"R","fields":[{"name":"b","type":"int"},{"name":"c","type":"boolean"}]}`;
  assert.deepEqual(marked('AVRO', next, previous), [
    ['TYPE_MISMATCH', '"type":"int"', '"type" /* : */ : "long"'],
    ['READER_FIELD_MISSING_DEFAULT_VALUE', '{"name":"c","type":"boolean"}', undefined],
  ]);
});

test('a place behind the name of an Avro type is in the definition of the type', () => {
  const record = (inner: string, last: string) =>
    `{"type":"record","name":"R","namespace":"n","fields":[{"name":"x","type":{"type":"record","name":"I","fields":[{"name":"v","type":"${inner}"}]}},{"name":"y","type":${last}}]}`;
  const previous = record('long', '"I"');
  // Read in another order: the previous definition is reached by the field that only names the type.
  const next = `{"type":"record","name":"R","namespace":"n","fields":[{"name":"y","type":{"type":"record","name":"I","fields":[{"name":"v","type":"int"}]}},{"name":"x","type":"n.I"}]}`;
  // Two fields of one type have the same reason.
  const reason = ['TYPE_MISMATCH', '"type":"int"', '"type":"long"'];
  assert.deepEqual(marked('AVRO', next, previous), [reason, reason]);
  const places = definitionPlaces('AVRO', previous);
  const range = places('/fields/1/type/fields/0/type');
  assert.equal(range && previous.slice(range.start, range.end), '"type":"long"');
});

test('a reason of JSON Schema is marked, also behind keys with slashes and tildes', () => {
  const previous = `{"properties":{"a/b~c":{"type":"string"},"d":{"minimum":1}},"required":[]}`;
  const next = `{"properties":{"a/b~c":{"type":"integer"},"d":{"minimum":2}},"required":["d"]}`;
  assert.deepEqual(marked('JSON', next, previous), [
    ['REQUIRED_PROPERTY_ADDED', '"required":["d"]', undefined],
    ['TYPE_NARROWED', '"type":"integer"', '"a/b~c":{"type":"string"}'],
    ['LIMIT_NARROWED', '"minimum":2', '"d":{"minimum":1}'],
  ]);
});

const proto = (body: string) => `syntax = "proto3"; package p.q;\n${body}`;

test('a reason of Protobuf is marked at its declaration, also in the message of a field', () => {
  const previous = proto(`// message Order { string id = 9; }
    option java_package = "message Order {";
    message Order { option deprecated = true; reserved 7; string id = 1 [deprecated = true, json_name = "{"];
      map<string, Line> lines = 2; oneof o { string s = 3; } /* } */
      message Line { int64 /* ; */ n = 1; } enum E { message = 0; B = 1; } E e = 4; }
    message Gone {} service S { rpc R (Order) returns (stream Order) { option deprecated = true; } rpc Q (Order) returns (Order); }`);
  const next = proto(`message Order { bytes id = 5; map<string, .p.q.Order.Line> lines = 2;
      oneof o { int32 s = 3; } message Line { string n = 1; } }
    service S { rpc R (Order) returns (Order); }`);
  assert.deepEqual(marked('PROTOBUF', next, previous), [
    ['FIELD_TYPE_CHANGED', 'string n = 1', 'int64 /* ; */ n = 1'],
    ['FIELD_TYPE_CHANGED', 'int32 s = 3', 'string s = 3'],
    ['FIELD_NUMBER_CHANGED', 'bytes id = 5', 'string id = 1 [deprecated = true, json_name = "{"]'],
    ['MESSAGE_REMOVED', undefined, 'message Gone'],
    [
      'RPC_SIGNATURE_CHANGED',
      'rpc R (Order) returns (Order)',
      'rpc R (Order) returns (stream Order)',
    ],
    ['RPC_REMOVED', 'service S', 'rpc Q (Order) returns (Order)'],
  ]);
});

test('a oneof and a group are declarations, and a path that does not exist ends at the nearest one', () => {
  const text =
    'message M { optional group Part = 1 { optional int32 n = 1; } oneof choice { int32 a = 2; M b = 3; } extensions 100 to 199; } extend M { optional int32 ext = 100; }';
  const places = definitionPlaces('PROTOBUF', text);
  const at = (location: string) => {
    const range = places(location);
    return range && text.slice(range.start, range.end);
  };
  assert.equal(at('/M/choice'), 'oneof choice');
  assert.equal(at('/M/Part'), 'optional group Part = 1');
  assert.equal(at('/M/part/n'), 'optional int32 n = 1');
  assert.equal(at('/M/b/b/a'), 'int32 a = 2');
  assert.equal(at('/M/a/none'), 'int32 a = 2');
  assert.equal(at('/none'), undefined);
  assert.equal(at('/ext'), undefined);
});

test('the place of any value in any JSON text, with blanks and comments, is that value', () => {
  const gap = fc.constantFrom('', ' ', '\n', '/* " } */', '// ]\n');
  fc.assert(
    fc.property(fc.json(), fc.array(gap, { minLength: 1 }), (json, gaps) => {
      let next = 0;
      const tokens = json.match(/"(?:[^"\\]|\\.)*"|[^\s[\]{},:"]+|[[\]{},:]/g) ?? [];
      const parts = tokens.map((token) => `${gaps[next++ % gaps.length]}${token}`);
      const text = parts.join('');
      const find = definitionPlaces('JSON', text);
      check(JSON.parse(json), []);

      function check(value: unknown, path: readonly string[]): void {
        if (path.length > 0) {
          const range = find(pointerOf(path));
          const found = (range && text.slice(range.start, range.end)) ?? '';
          const withoutComments = found.replace(/("(?:[^"\\]|\\.)*")|\/\*.*?\*\/|\/\/.*\n/g, '$1');
          const isMember = /^"(?:[^"\\]|\\.)*"\s*:/.test(withoutComments);
          const read = JSON.parse(isMember ? `{${withoutComments}}` : `[${withoutComments}]`);
          assert.deepEqual(Object.values(read)[0], value);
        }
        if (typeof value !== 'object' || value === null) return;
        for (const [key, member] of Object.entries(value)) check(member, [...path, key]);
      }
    }),
  );
});
