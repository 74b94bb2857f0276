import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { peek } from '@order-stream/serde';
import {
  avroCodecs,
  createAvroFormat,
} from '../../services/order-consumer/src/sinks/s3/avro-file.ts';
import { GrowingBytes } from '../../services/order-consumer/src/sinks/s3/growing-bytes.ts';
import { resolveAvro } from './avro-type.ts';
import { type Fixture, fixturesOf } from './fixtures.ts';
import type { ForeignProcess } from './foreign-process.ts';
import { knownPythonFailures } from './known-python-failures.ts';
import { startPythonLibrary } from './python-library.ts';
import { asPython, type PythonValue } from './python-value.ts';
import { readAvroJson } from './read-avro-json.ts';

let python: ForeignProcess;
before(async () => {
  // Files need no registry.
  python = await startPythonLibrary('http://127.0.0.1:9');
});
after(() => python?.close());

const copies = 3;

/** A container file with the record that Java wrote, several times. */
function fileOf({ wire, schema }: Fixture, codec: (typeof avroCodecs)[number]): Buffer {
  const frame = Buffer.from(wire, 'base64');
  const header = peek(frame);
  assert.equal(header.frame, 'glue');
  const delivery = {
    record: { value: frame } as never,
    value: undefined,
    schema: { dataFormat: 'AVRO', definition: schema, versionId: header.schemaVersionId },
  } as const;
  const encoder = createAvroFormat(codec).begin(delivery);
  const file = new GrowingBytes();
  for (let i = 0; i < copies; i += 1) encoder.append(delivery, file);
  encoder.finish(file);
  return file.drain();
}

for (const fixture of fixturesOf('avro')) {
  const datum = readAvroJson(resolveAvro(fixture.schema), fixture.value);
  if (knownPythonFailures.reads.some(({ applies }) => applies(datum))) continue;
  test(`S2-07 ${fixture.id}: fastavro reads the file that holds what Java wrote, with each codec`, async () => {
    for (const codec of avroCodecs) {
      const answer = await python.call<{ values: PythonValue[]; codec: string }>({
        do: 'read_container',
        bytes: fileOf(fixture, codec).toString('base64'),
      });
      assert.equal(answer.codec, codec);
      assert.deepEqual(answer.values, Array(copies).fill(asPython(datum, 'plain')));
    }
  });
}
