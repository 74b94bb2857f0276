import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalProtobuf } from '@order-stream/serde/compatibility';
import fc from 'fast-check';
import { layOut, maxReadable, readableText } from './text-layout.ts';

test('JSON is laid out in lines that fit, with every token as it was', () => {
  assert.equal(
    layOut(
      'AVRO',
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":1.50e3},{"name":"bbbbbbbbbbbbbbbbbbbbbbb","type":"string"}]} // x',
      maxReadable,
    ),
    `{
  "type": "record",
  "name": "R",
  "fields": [
    { "name": "a", "type": "int", "default": 1.50e3 },
    { "name": "bbbbbbbbbbbbbbbbbbbbbbb", "type": "string" }
  ]
}// x`,
  );
  fc.assert(
    fc.property(fc.json(), (text) => {
      const printed = layOut('JSON', text, maxReadable) ?? '';
      assert.equal(JSON.stringify(JSON.parse(printed)), JSON.stringify(JSON.parse(text)));
      assert.equal(printed.replace(/\s/g, ''), text.replace(/\s/g, ''));
    }),
  );
});

test('a .proto file on one line is laid out, and means the same', () => {
  const text =
    'syntax = "proto3"; package p; message M { string s = 1 [json_name = "a;b{"]; /* ; */ enum E { A = 0; } E e = 2; } message N {}';
  const printed = layOut('PROTOBUF', text, maxReadable) ?? '';
  assert.equal(canonicalProtobuf(printed), canonicalProtobuf(text));
  assert.match(printed, /\n {2}string s = 1 \[json_name = "a;b\{"\];\n/);
});

test('a text that has lines, or is short, is shown as it was registered', () => {
  for (const text of ['{"a":1,\n"b":2}', '{"a":1,"b":2}', '']) {
    assert.equal(readableText('JSON', text), text);
  }
});

test('definitions of the largest size are laid out', { timeout: 10_000 }, () => {
  const digits = Array.from({ length: 80_000 }, (_, index) => index % 10);
  assert.equal(
    layOut('JSON', `{"a":[${digits.join(',')}]}`, maxReadable)?.split('\n').length,
    80_004,
  );
  const fields = Array.from({ length: 9000 }, (_, index) => `int32 a${index} = ${index + 1};`);
  const file = `syntax = "proto3"; message M { ${fields.join(' ')} }`;
  assert.equal(layOut('PROTOBUF', file, maxReadable)?.split('\n').length, 9003);
});

test('a text that would be longer than the limit when it is laid out is left as it is', () => {
  const json = `{"a":[${Array(40).fill(true).join(',')}],"b":{}}`;
  const proto = 'message M { optional string a = 1; message N { optional string b = 1; } }';
  for (const [format, text] of [
    ['JSON', json],
    ['AVRO', json],
    ['PROTOBUF', proto],
  ] as const) {
    const printed = layOut(format, text, maxReadable) ?? '';
    assert.ok(printed.length > text.length && printed.includes('\n'));
    assert.equal(layOut(format, text, printed.length), printed);
    assert.equal(layOut(format, text, printed.length - 1), undefined);
    assert.equal(layOut(format, text, 10), undefined);
  }
  const deep = `${'['.repeat(480)}${Array(70_000).fill(1).join(',')}${']'.repeat(480)}`;
  assert.equal(readableText('JSON', deep), deep);
});
