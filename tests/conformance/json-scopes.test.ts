import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compileJsonSchema } from '@order-stream/serde/json-schema';
import fc from 'fast-check';
import { drawScopedSchema, type ScopedSchema } from './draw-json-ids.ts';
import type { ForeignProcess } from './foreign-process.ts';
import { startJavaProgram } from './java-library.ts';

let java: ForeignProcess;
before(async () => {
  java = await startJavaProgram('JsonScopes.java');
});
after(() => java?.close());

const seed = 20_261_130;
const schemas = 1_500;

test(`S1-08 references of ${schemas} random JSON Schemas have the targets that Everit finds (seed ${seed})`, async (t) => {
  const counts = new Map<string, number>();
  const property = fc.asyncProperty(fc.gen(), fc.boolean(), async (g, withReferences) => {
    const drawn = drawScopedSchema(g, withReferences);
    const { verdicts } = await java.call<{ verdicts: string[] }>({ ...drawn });
    for (const [index, value] of drawn.values.entries()) {
      const byJava = verdicts[index] as string;
      const byUs = verdictOf(drawn, value);
      // README: a reference that Java cannot resolve may have a target, and a circle is invalid.
      const isComparable = byJava === 'valid' || byJava === 'invalid';
      if (isComparable) assert.equal(byUs, byJava, JSON.stringify({ ...drawn, value }));
      counts.set(`${byJava}, here ${byUs}`, (counts.get(`${byJava}, here ${byUs}`) ?? 0) + 1);
    }
  });
  await fc.assert(property, { seed, numRuns: schemas, endOnFailure: true });
  t.diagnostic([...counts].map(([verdict, count]) => `${verdict}: ${count}`).join('; '));
  assert.ok((counts.get('valid, here valid') ?? 0) > schemas / 3);
});

const target = Buffer.alloc(1_000);

function verdictOf({ schema, references }: ScopedSchema, value: unknown): string {
  try {
    compileJsonSchema(schema, {}, references).encode(value, target, 0);
    return 'valid';
  } catch (error) {
    const { code } = error as { code: string };
    if (code === 'schema-mismatch') return 'invalid';
    assert.equal(code, 'invalid-schema', String(error));
    return 'refused';
  }
}
