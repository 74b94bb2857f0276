import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GetSchemaVersionsDiffCommand } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { diffJson } from './json-patch.ts';
import type { JsonValue } from './json-value.ts';
import { diffDefinitions } from './schema-diff.ts';
import {
  createOrders,
  isPrimeOrFalse,
  orderSchema,
  register,
  SchemaId,
  startRegistry,
} from './testing/start-registry.ts';

test('GetSchemaVersionsDiff answers with the JSON Patch from the first to the second version', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createOrders(client, 'BACKWARD');
  await register(client, orderSchema(isPrimeOrFalse));
  const diff = async (first: number, second?: number) =>
    JSON.parse(
      (
        await client.send(
          new GetSchemaVersionsDiffCommand({
            ...{ SchemaId, SchemaDiffType: 'SYNTAX_DIFF' },
            FirstSchemaVersionNumber: { VersionNumber: first },
            SecondSchemaVersionNumber: second ? { VersionNumber: second } : { LatestVersion: true },
          }),
        )
      ).Diff ?? '',
    );
  assert.deepEqual(await diff(1, 2), [{ op: 'add', path: '/fields/1', value: isPrimeOrFalse }]);
  assert.deepEqual(await diff(2, 1), [{ op: 'remove', path: '/fields/1' }]);
  assert.deepEqual(await diff(2), []);
});

test('numbers keep their digits, and definitions that are not JSON are one string', () => {
  const number = (text: string) => `{"type":"integer","maximum":${text}}`;
  assert.equal(
    diffDefinitions('JSON', number('9007199254740992'), number('9007199254740993')),
    '[{"op":"replace","path":"/maximum","value":9007199254740993}]',
  );
  assert.equal(diffDefinitions('JSON', number('1'), ` ${number('1')}`), '[]');
  assert.equal(
    diffDefinitions('PROTOBUF', 'message A {}', 'message B {}'),
    '[{"op":"replace","path":"","value":"message B {}"}]',
  );
});

test('members below a long key are replaced with the whole document, and a few of them are not', () => {
  const members = (value: number, count: number) => {
    const named = Array.from({ length: 8000 }, (_, index) => [
      `a${index.toString(36)}`,
      index < count ? value : 1,
    ]);
    return JSON.stringify({ ['k'.repeat(80_000)]: Object.fromEntries(named) });
  };
  const diff = diffDefinitions('JSON', members(1, 8000), members(2, 8000));
  assert.equal(diff, `[{"op":"replace","path":"","value":${members(2, 8000)}}]`);
  assert.equal(JSON.parse(diffDefinitions('JSON', members(1, 8000), members(2, 1))).length, 1);
});

test('arrays inside arrays are compared without reading the inner ones again for each level', () => {
  let reads = 0;
  const leaf = {
    get a() {
      reads += 1;
      return true;
    },
  };
  const nested = (last: JsonValue) => {
    let value: JsonValue = [...Array<JsonValue>(100).fill(leaf), last];
    for (let depth = 0; depth < 100; depth += 1) value = [value];
    return value;
  };
  const operations = diffJson(nested(null), nested(true));
  const path = `${'/0'.repeat(100)}/100`;
  assert.deepEqual(operations, [{ op: 'replace', path, value: true }]);
  assert.ok(reads < 1000, `${reads} reads`);
});

test('the patch makes the second value of the first, for any two values', () => {
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(null, true, '', 'a', 'b'),
      fc.array(tie('value'), { maxLength: 6 }),
      fc.dictionary(fc.constantFrom('', 'a', 'b', '~', '/', '~1', '__proto__'), tie('value'), {
        noNullPrototype: true,
      }),
    ),
  }));
  fc.assert(
    fc.property(value, value, (from, to) => {
      assert.deepEqual(applyPatch(from, diffJson(from, to) ?? []), to);
    }),
    { numRuns: 2000 },
  );
});

/** RFC 6902, by its text: the operations in order. */
function applyPatch(document: JsonValue, patch: readonly object[]): unknown {
  const root: { document: unknown } = { document: structuredClone(document) };
  for (const operation of patch as { op: string; path: string; value?: unknown }[]) {
    const keys = `/document${operation.path}`
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let parent = root as unknown as Record<string, unknown>;
    for (const key of keys) {
      assert.ok(Object.hasOwn(parent, key), operation.path);
      parent = Object.getOwnPropertyDescriptor(parent, key)?.value;
    }
    if (operation.op !== 'add') assert.ok(Object.hasOwn(parent, last), operation.path);
    if (Array.isArray(parent)) {
      const index = Number(last);
      assert.ok(index <= parent.length, operation.path);
      const added = operation.op === 'remove' ? [] : [operation.value];
      parent.splice(index, operation.op === 'add' ? 0 : 1, ...added);
    } else if (operation.op === 'remove') {
      delete parent[last];
    } else {
      const property = { value: operation.value, enumerable: true, writable: true };
      Object.defineProperty(parent, last, { ...property, configurable: true });
    }
  }
  return root.document;
}
