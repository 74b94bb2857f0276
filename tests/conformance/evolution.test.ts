import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compileAvro, UndecodableError } from '@order-stream/serde';
import fc from 'fast-check';
import { resolveAvro } from './avro-type.ts';
import { asValue } from './datum.ts';
import { drawDatum } from './draw-datum.ts';
import { drawDefinition } from './draw-schema.ts';
import { evolveSchema } from './evolve-schema.ts';
import type { ForeignProcess } from './foreign-process.ts';
import { startJavaProgram } from './java-library.ts';
import { readAvroJson } from './read-avro-json.ts';

interface Answer {
  /** Java rejects one of the two definitions. */
  invalid?: string;
  refusal?: string;
  value?: string;
}

let java: ForeignProcess;
before(async () => {
  java = await startJavaProgram('AvroEvolution.java');
});
after(() => java?.close());

const pairs = 750;
const seed = 20_260_803;
const target = Buffer.alloc(1024 * 1024);

test(`S1-08 ${pairs} random values are read with evolved schemas, or rejected, as by Avro for Java (seed ${seed})`, async () => {
  const outcomes = { invalid: 0, refused: 0, read: 0 };
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const writer = drawDefinition(g);
      const reader = evolveSchema(g, writer);
      const value = asValue(drawDatum(g, resolveAvro(writer), { noNaN: true }));
      const end = compileAvro(writer).encode(value, target, 0);
      const body = target.subarray(0, end);
      const request = { writer, reader, body: body.toString('base64') };
      const answer = await java.call<Answer>(request);
      if (answer.invalid !== undefined) {
        outcomes.invalid++;
        return;
      }
      const read = () => compileAvro(writer, { readerDefinition: reader }).decode(body, 0);
      if (answer.value === undefined) {
        outcomes.refused++;
        const { name } = refusalOf(read);
        assert.match(name, /^(ReaderSchemaMismatchError|InvalidSchemaError)$/, answer.refusal);
        return;
      }
      outcomes.read++;
      const ours = read();
      // Java's JSON has no infinity, and is empty for a record without fields.
      if (answer.value === '' || /Infinity|NaN/.test(answer.value)) return;
      assert.deepEqual(ours, asValue(readAvroJson(resolveAvro(reader), answer.value)));
    }),
    { seed, numRuns: pairs },
  );
  // Both outcomes must be frequent.
  assert.ok(Math.min(outcomes.refused, outcomes.read) > pairs / 5, JSON.stringify(outcomes));
});

function refusalOf(read: () => unknown): UndecodableError {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof UndecodableError, String(error));
    return error;
  }
  return assert.fail('expected an error, as in Java');
}
