import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkJsonSchema } from './json-schema.ts';

const of = (draft: string) => `http://json-schema.org/draft-${draft}/schema#`;

test('a reference without a target: the message names the draft, and what to write where ids are of another one', () => {
  const ref = { $ref: 'e.json#/definitions/z' };
  const definitions = { z: {} };
  const document = { definitions, items: ref };
  for (const [definition, draft, help] of [
    [
      { ...document, $id: 'http://x/e.json' },
      '04',
      /; the definition is read as draft 04, because it has no \$schema, in which \$id is not an id: name its draft, such as "\$schema": ".*draft-07\/schema#", or write id$/,
    ],
    [
      { ...document, id: 'http://x/e.json' },
      '07',
      /read as draft 07, because it has no \$schema, in which id is not an id: name its draft, such as "\$schema": ".*draft-04\/schema#", or write \$id$/,
    ],
    [
      { ...document, $schema: of('07'), id: 'http://x/e.json' },
      '04',
      /read as draft 07, in which id is not an id: write \$id$/,
    ],
    [
      { items: ref, definitions: { a: { $id: 'http://x/e.json', definitions } } },
      '04',
      /in which \$id is not an id/,
    ],
    [{ items: ref }, '04', /no target in the definition or its references$/],
    [
      { items: ref, properties: { $id: { type: 'string' } } },
      '04',
      /no target in the definition or its references$/,
    ],
  ] as const)
    assert.throws(() => checkJsonSchema(JSON.stringify(definition), [], draft), { message: help });

  const referred = {
    name: 'a',
    definition: JSON.stringify({ ...document, $id: 'http://x/e.json' }),
  };
  const whole = JSON.stringify({ allOf: [{ $ref: 'a' }, ref] });
  assert.throws(() => checkJsonSchema(whole, [referred]), /; reference a is read as draft 04/);
  const named = JSON.stringify({ ...document, $id: 'http://x/e.json', $schema: of('07') });
  assert.doesNotThrow(() => checkJsonSchema(named, [], '04'));
});
