import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileJsonSchema } from './index.ts';

/** Characters of the code that is generated for a definition. */
function generatedBy(definition: object, value: unknown): number {
  const original = globalThis.Function;
  let characters = 0;
  globalThis.Function = new Proxy(original, {
    construct(target, parts: string[]) {
      characters += parts.at(-1)?.length ?? 0;
      return Reflect.construct(target, parts);
    },
  });
  try {
    compileJsonSchema(JSON.stringify(definition)).encode(value, Buffer.alloc(1000), 0);
  } finally {
    globalThis.Function = original;
  }
  return characters;
}

/** A chain of definitions each of which refers several times to a large one without references. */
function sharing(references: number): object {
  const members = (count: number, schema: object) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, schema]));
  return {
    definitions: { shared: { properties: members(100, { type: 'string', maxLength: 5 }) } },
    properties: members(references, { $ref: '#/definitions/shared' }),
  };
}

test('the code of a definition that many others refer to is generated once', () => {
  const [once, often] = [generatedBy(sharing(1), {}), generatedBy(sharing(50), {})];
  assert.ok(once > 10_000, `${once} characters`);
  assert.ok(often < 3 * once, `${often} characters for 50 references, ${once} for one`);
});

test('a small definition is checked in place, without a call', () => {
  const id = { type: 'string', maxLength: 5 };
  const inPlace = { properties: { id } };
  const referred = { definitions: { id }, properties: { id: { $ref: '#/definitions/id' } } };
  assert.ok(generatedBy(referred, {}) < 2 * generatedBy(inPlace, {}));
});
