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
            assert.ok(path !== pages[0] || page.text.split('\n').length > 2000, 'is not laid out');
          }
        }),
      );
    }
    const [half = 0, whole = 0] = steps;
    assert.ok(half > 85_000 && whole < 2.5 * half, `${half} and ${whole} steps`);
  });
}

test('the form takes the text that it offers, and no page of a deep definition is longer than a few megabytes', async () => {
  const fields = Array.from({ length: 1300 }, (_, index) => {
    const record = { type: 'record', name: `R${index}`, fields: [{ name: 'a', type: 'string' }] };
    return { name: `field_${index}`, type: ['null', record], default: null };
  });
  const deep = (type: string) =>
    `{"type":"${type}","x":${'['.repeat(480)}${Array(70_000).fill(1).join(',')}${']'.repeat(480)}}`;
  for (const [DataFormat, first, second] of [
    [
      'AVRO',
      JSON.stringify({ type: 'record', name: 'Big', fields }),
      JSON.stringify({ type: 'record', name: 'Big', fields: fields.slice(1) }),
    ],
    ['JSON', deep('object'), deep('array')],
  ] as const) {
    await using registry = openRegistry();
    const schema = { SchemaName: 's', DataFormat, Compatibility: 'NONE', SchemaDefinition: second };
    await registry.call('CreateSchema', schema);
    const { answer } = await registry.call('RegisterSchemaVersion', {
      ...{ SchemaId: { RegistryName: 'default-registry', SchemaName: 's' } },
      SchemaDefinition: first,
    });
    assert.equal(answer.VersionNumber, 2, answer.Message);
    const form = await browse(registry, `${base}/check`);
    const [, offered = ''] = /<textarea[^>]*>\n([^<]*)<\/textarea>/.exec(form.text) ?? [];
    const definition = offered.replaceAll('&#34;', '"');
    const checked = await registry.app.inject({
      ...{ method: 'POST', url: `${base}/check` },
      headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ definition, mode: '' }).toString(),
    });
    assert.match(checked.body, /<h2>Registered already/);
    for (const page of ['', '/versions/2', '/check', '/compare?from=1&to=2']) {
      const { status, text } = await browse(registry, `${base}${page}`);
      assert.equal(status, 200);
      assert.ok(text.length < 4_000_000, `${page}: ${text.length} characters`);
    }
  }
});
