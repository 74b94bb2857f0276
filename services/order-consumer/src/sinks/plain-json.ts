import type { JsonWriter } from './json-writer.ts';

/** Prints values that came without an Avro schema: as JSON, integers with all their digits. */
export function printJson(out: JsonWriter, value: unknown): void {
  out.raw(Buffer.from(JSON.stringify(value, exactInteger)));
}

function exactInteger(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return (JSON as unknown as { rawJSON(text: string): object }).rawJSON(String(value));
}
