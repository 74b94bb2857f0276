import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browse } from '../testing/browse.ts';
import { countSteps } from '../testing/count-steps.ts';
import { openRegistry } from '../testing/open-registry.ts';

const base = '/registries/default-registry/schemas/s';

/** A definition on one line, of about as many characters as asked for and never more. */
const largest = {
  JSON: (characters: number) =>
    `{"type":"object","x-digits":[${Array.from({ length: (characters - 40) / 2 }, (_, index) => index % 10).join(',')}]}`,
  AVRO: (characters: number) =>
    JSON.stringify({
      ...{ type: 'record', name: 'R' },
      fields: Array.from({ length: (characters - 60) / 34 }, (_, index) => ({
        ...{ name: `f${index}`.padEnd(8, '_'), type: 'int' },
      })),
    }),
  PROTOBUF: (characters: number) =>
    `syntax = "proto3"; message M { ${Array.from({ length: (characters - 60) / 24 }, (_, index) => `int32 a${index} = ${index < 18_000 ? index + 1 : index + 2001};`).join(' ')} }`,
};

for (const [DataFormat, definition] of Object.entries(largest)) {
  test(`the pages of a ${DataFormat} definition of 170 000 characters on one line take twice the steps of half of it`, async () => {
    const steps: number[] = [];
    for (const characters of [85_000, 170_000]) {
      await using registry = openRegistry();
      const SchemaDefinition = definition(characters);
      assert.ok(
        SchemaDefinition.length > 0.8 * characters && SchemaDefinition.length <= characters,
      );
      const schema = { SchemaName: 's', DataFormat, Compatibility: 'NONE', SchemaDefinition };
      const { status, answer } = await registry.call('CreateSchema', schema);
      assert.equal(status, 200, answer.Message);
      const pages = [`${base}/versions/1`, `${base}/check`];
      // Once before, so that what is made on first use is not counted.
      for (const path of pages) await browse(registry, path);
      steps.push(
        await countSteps(async () => {
          for (const path of pages) {
            const page = await browse(registry, path);
            assert.equal(page.status, 200);
            assert.ok(page.text.split('\n').length > 2000, `${path} is not laid out`);
          }
        }),
      );
    }
    const [half = 0, whole = 0] = steps;
    assert.ok(half > 85_000 && whole < 2.5 * half, `${half} and ${whole} steps`);
  });
}
