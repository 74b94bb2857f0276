import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileJsonSchema } from './index.ts';

const target = Buffer.alloc(1 << 20);
const kinds = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);

function taggedUnion(count: number, members: object = {}): object {
  const definitions = Object.fromEntries(
    kinds(count).map((kind) => [
      kind,
      { properties: { ...members, kind: { enum: [kind] } }, required: ['kind'] },
    ]),
  );
  const oneOf = kinds(count).map((kind) => ({ $ref: `#/definitions/${kind}` }));
  return { definitions: { ...definitions, text: { type: 'string' } }, items: { oneOf } };
}

test('work proportional to schema times value is allowed', () => {
  const texts = Object.fromEntries(kinds(25).map((name) => [name, { $ref: '#/definitions/text' }]));
  const member = Object.fromEntries(kinds(25).map((name) => [name, 'x']));
  for (const [schema, item, count] of [
    [taggedUnion(100), { kind: 'k99' }, 3000],
    [taggedUnion(40), { kind: 'k39' }, 20_000],
    [taggedUnion(148, texts), { ...member, kind: 'k147' }, 60],
  ] as const) {
    const codec = compileJsonSchema(JSON.stringify(schema));
    const written = codec.encode(Array(count).fill(item), target, 0);
    assert.ok(written > 0);
  }
});

test('work that doubles with each level of the value is rejected', () => {
  const list = { type: 'array', items: { $ref: '#' } };
  const codec = compileJsonSchema(JSON.stringify({ anyOf: [list, list, { type: 'string' }] }));
  const bomb: unknown = JSON.parse('['.repeat(25) + ']'.repeat(25).replace(/^/, '1'));
  assert.throws(() => codec.encode(bomb, target, 0), {
    code: 'schema-mismatch',
    expected: 'value that can be checked in bounded time',
  });
});
