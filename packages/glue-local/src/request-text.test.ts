import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations, type Shape, type StructureShape, shapes } from './service-model.ts';
import { openRegistry } from './testing/open-registry.ts';

const half = 'a\ud800';
const surrogate = /^The text has a surrogate without its other half\. Parameter Name: \w+$/;

/** Each member in which a request can have text, as a request that has an ill-formed one there. */
function* illFormed(shape: Shape): Generator<unknown> {
  switch (shape.type) {
    case 'structure':
      for (const [key, member] of Object.entries(shape.members)) {
        for (const value of illFormed(shapeOf(member))) yield { [key]: value };
      }
      break;
    case 'list':
      for (const value of illFormed(shapeOf(shape.member))) yield [value];
      break;
    case 'map':
      yield { [half]: 'x' };
      for (const value of illFormed(shapeOf(shape.value))) yield { x: value };
      break;
    case 'string':
      yield half;
  }
}

const shapeOf = (name: string): Shape => shapes[name as keyof typeof shapes];

test('a surrogate without its other half is refused wherever a request has text', async () => {
  await using registry = openRegistry();
  let tried = 0;
  for (const [operation, shape] of Object.entries<StructureShape>(operations)) {
    for (const request of illFormed(shape)) {
      // As an escape, which is how it can be in UTF-8, and which JSON.stringify writes.
      const { status, answer } = await registry.call(operation, request);
      const shown = `${operation} ${JSON.stringify(request)}`;
      assert.deepEqual([status, answer.__type], [400, 'SerializationException'], shown);
      assert.match(answer.Message, surrogate, shown);
      tried += 1;
    }
  }
  assert.ok(tried > 2 * Object.keys(operations).length, String(tried));
});

test('whole surrogate pairs, and escapes in the text of a definition, are kept as they are', async () => {
  await using registry = openRegistry();
  const RegistryId = { RegistryName: 'r' };
  const Description = '\u{1f600}';
  await registry.call('CreateRegistry', { ...RegistryId, Description });
  const { answer } = await registry.call('GetRegistry', { RegistryId });
  assert.equal(answer.Description, Description);
  const ids = [];
  for (const [SchemaName, SchemaDefinition] of [
    ['a', '{"const":"\\ud800"}'],
    ['b', '{"const":"\u{1f600}"}'],
  ] as const) {
    const schema = { RegistryId, SchemaName, DataFormat: 'JSON', Compatibility: 'NONE' };
    await registry.call('CreateSchema', { ...schema, SchemaDefinition });
    const SchemaId = { RegistryName: 'r', SchemaName };
    const found = await registry.call('GetSchemaByDefinition', { SchemaId, SchemaDefinition });
    const { SchemaVersionId } = found.answer;
    const version = await registry.call('GetSchemaVersion', { SchemaVersionId });
    assert.equal(version.answer.SchemaDefinition, SchemaDefinition);
    ids.push(SchemaVersionId);
  }
  assert.equal(new Set(ids).size, 2);
});

test('a body that is not UTF-8 is refused', async () => {
  await using registry = openRegistry();
  const bytes = Buffer.from('{"RegistryName":"r","Description":"é"}', 'latin1');
  for (const [url, headers] of [
    [
      '/',
      { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSGlue.CreateRegistry' },
    ],
    ['/_local/faults', { 'content-type': 'application/json' }],
  ] as const) {
    const response = await registry.app.inject({ method: 'POST', url, headers, payload: bytes });
    assert.equal(response.statusCode, 400);
    assert.deepEqual(response.json(), {
      __type: 'SerializationException',
      Message: 'The request body is not valid UTF-8',
    });
  }
});
