import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compileAvro } from '@order-stream/serde';
import type { startRegistry } from './registry.ts';

/** What Kafka Connect's S3 sink stored of three topics. vectors/README.md says how. */
interface Recorded {
  topics: Record<string, RecordedTopic>;
  /** The lines of each file, by its key. */
  files: Files;
}
interface RecordedTopic {
  partitions: number;
  schemas: object[];
  /** `schema`: its index in `schemas`. `body`: in base64, without a frame. */
  records: (
    | { partition: number; value: null }
    | { partition: number; schema: number; body: string }
  )[];
}
export type Files = Record<string, string[]>;

export const recorded: Recorded = JSON.parse(
  readFileSync(new URL('vectors/connect-s3.json', import.meta.url), 'utf8'),
);

export function filesOf(files: Files, topic: string): Files {
  const entries = Object.entries(files).filter(([key]) => key.startsWith(`topics/${topic}/`));
  return Object.fromEntries(entries);
}

/** The values of a recorded topic with the frames of a test's registry, written to `topic`. */
export async function framedValues(
  { serialize }: Awaited<ReturnType<typeof startRegistry>>,
  topic: string,
  { schemas, records }: RecordedTopic,
): Promise<{ partition: number; value: Buffer | null }[]> {
  const definitions = schemas.map((schema) => JSON.stringify(schema));
  const codecs = definitions.map((definition) => compileAvro(definition));
  const values: { partition: number; value: Buffer | null }[] = [];
  for (const record of records) {
    if ('value' in record) {
      values.push(record);
      continue;
    }
    const { partition, schema, body } = record;
    const bytes = Buffer.from(body, 'base64');
    const value = codecs[schema]?.decode(bytes, 0);
    const frame = await serialize(topic, definitions[schema] as string, value);
    assert.deepEqual(frame.subarray(18), bytes);
    values.push({ partition, value: frame });
  }
  return values;
}
