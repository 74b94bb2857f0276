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
  /** One of the two definitions is no schema to Java. */
  invalid?: string;
  refusal?: string;
  value?: string;
}

let java: ForeignProcess;
before(async () => {
  java = await startJavaProgram('AvroEvolution.java');
});
after(() => java?.close());

const pairs = 1500;
const seed = 20_260_803;
const target = Buffer.alloc(1024 * 1024);

test(`S1-08 ${pairs} random values of random schemas are read as others that came of them as Avro Java reads them, or refused as by it (seed ${seed})`, async () => {
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
      // Java's JSON has no infinity, and prints nothing for a record without fields.
      if (answer.value === '' || /Infinity|NaN/.test(answer.value)) return;
      assert.deepEqual(ours, asValue(readAvroJson(resolveAvro(reader), answer.value)));
    }),
    { seed, numRuns: pairs },
  );
  // What is compared must be more than a few kinds of mistake.
  assert.ok(Math.min(outcomes.refused, outcomes.read) > pairs / 5, JSON.stringify(outcomes));
});

function refusalOf(read: () => unknown): UndecodableError {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof UndecodableError, String(error));
    return error;
  }
  return assert.fail('Java refuses what was read');
}
