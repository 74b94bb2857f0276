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

// Of the JSON-Schema-Test-Suite, for the drafts that Java does not read: references, ids and anchors, and `unevaluated…`.
for (const name of ['references', 'unevaluated']) {
  const file = new URL(`../../vectors/json-schema-suite/${name}.json`, import.meta.url);
  runSuite(JSON.parse(readFileSync(file, 'utf8')));
}

function runSuite({ remotes, groups }: Suite): void {
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
}
