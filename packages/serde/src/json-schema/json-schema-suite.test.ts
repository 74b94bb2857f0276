import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileJsonSchema, type Draft } from './index.ts';

interface Suite {
  /** By URI. */
  remotes: Record<string, unknown>;
  groups: {
    draft: Draft;
    file: string;
    description: string;
    schema: unknown;
    tests: { description: string; data: unknown; valid: boolean }[];
  }[];
}

// Of the JSON-Schema-Test-Suite: references, ids and anchors of the drafts that Java does not read.
const file = new URL('../../vectors/json-schema-suite/references.json', import.meta.url);
const { remotes, groups }: Suite = JSON.parse(readFileSync(file, 'utf8'));
const references = Object.entries(remotes).map(([name, schema]) => ({
  name,
  definition: JSON.stringify(schema),
}));

for (const { draft, file, description, schema, tests } of groups) {
  test(`draft ${draft}, ${file}: ${description}`, () => {
    const codec = compileJsonSchema(JSON.stringify(schema), { draft }, references);
    for (const { description, data, valid } of tests) {
      const encode = () => codec.encode(data, Buffer.alloc(1_000), 0);
      if (valid) assert.ok(encode() > 0, description);
      else assert.throws(encode, { code: 'schema-mismatch' }, description);
    }
  });
}
