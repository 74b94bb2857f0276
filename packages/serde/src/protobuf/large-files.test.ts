import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalProtobuf, checkProtobufCompatibility } from '../compatibility/index.ts';
import { compileProtobuf } from './index.ts';

const header = 'syntax = "proto3";';
const list = (count: number, print: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => print(index)).join(' ');

const extended = (field: string) =>
  `import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions { ${field} = 50001; }`;

/** Compiles a definition, writes and reads an empty value, prints it and compares it with itself. */
function useOf(definition: string): void {
  for (const framing of ['glue', 'confluent'] as const) {
    const codec = compileProtobuf({ definition }, { framing });
    const target = Buffer.alloc(10);
    codec.decode(target.subarray(0, codec.encode({}, target, 0)), 0);
  }
  canonicalProtobuf(definition);
  const question = { mode: 'FULL', newSchema: definition, previous: [definition] } as const;
  assert.equal(checkProtobufCompatibility(question).compatible, true);
}

// Quadratic work on these takes minutes, which is longer than the suite may take.
const large: Record<string, string> = {
  'repeated options': `${extended('repeated int32 a')} ${list(10_000, () => 'option (a) = 1;')} message M {}`,
  'values of one option': `${extended('optional V a')} option (a) = { ${list(10_000, () => 'b: 1')} };
    message V { repeated int32 b = 1; }`,
  'custom options': `import "google/protobuf/descriptor.proto"; message M {}
    extend google.protobuf.FileOptions { ${list(10_000, (index) => `bool o${index} = ${index + 50_000};`)} }
    ${list(10_000, (index) => `option (o${index}) = true;`)}`,
  'values of an enum': `message M {} enum E { ${list(10_000, (index) => `V${index} = ${2 * index};`)}
    reserved ${list(10_000, (index) => `${index ? ',' : ''} ${2 * index + 1}`)}; }`,
  messages: list(10_000, (index) => `message M${index} {}`),
  'members of a oneof each': `message M { ${list(10_000, (index) => `oneof o${index} { bool f${index} = ${index + 20_000}; }`)} }`,
  'reserved numbers': `message M {
    ${list(10_000, (index) => `bool f${index} = ${2 * index + 20_000};`)}
    reserved ${list(10_000, (index) => `${index ? ',' : ''} ${2 * index + 20_001}`)};
  }`,
  'procedures of a service': `message M {} service S { ${list(10_000, (index) => `rpc R${index} (M) returns (M);`)} }`,
};

for (const [name, body] of Object.entries(large)) {
  test(`a file with thousands of ${name} is read in time in proportion to it`, () => {
    useOf(`${header} ${body}`);
  });
}

test('a chain of thousands of messages is read, whatever the stack', () => {
  const definition = `${header} ${list(3000, (index) => `message M${index} { M${(index + 1) % 3000} next = 1; }`)}`;
  const codec = compileProtobuf({ definition }, { framing: 'glue', message: 'M0' });
  const target = Buffer.alloc(10);
  const value = { next: { next: { next: {} } } };
  const end = codec.encode(value, target, 0);
  assert.deepEqual(codec.decode(target.subarray(0, end), 0), value);
  canonicalProtobuf(definition);
});

test('what nests without end is an invalid schema, in reading and in canonical text', () => {
  for (const [body, message] of [
    [`option a${'.a'.repeat(100_000)} = 1;`, /the option nests too deeply/],
    [`option a = { b: ${'['.repeat(100_000)} };`, /the option nests too deeply/],
    [`option a = ${'{ b: '.repeat(100_000)};`, /the option nests too deeply/],
    ['message M {'.repeat(100_000), /the messages nest too deeply/],
  ] as const) {
    const definition = `${header} ${body} message M {}`;
    const expected = { code: 'invalid-schema', message };
    assert.throws(() => compileProtobuf({ definition }, { framing: 'glue' }), expected);
    assert.throws(() => canonicalProtobuf(definition), expected);
  }
});

test('a reserved number or name is refused, also where ranges overlap', () => {
  const withReserved = (reserved: string) => `${header} message M { bool f = 50; ${reserved} }`;
  for (const reserved of [
    'reserved 50;',
    'reserved 60, 1 to 9, 20 to max;',
    'reserved 10 to 80, 20 to 30;',
    'reserved "g", "f";',
  ]) {
    assert.throws(() => canonicalProtobuf(withReserved(reserved)), { code: 'invalid-schema' });
  }
  canonicalProtobuf(withReserved('reserved 51 to max, 1 to 49; reserved "g";'));
});
