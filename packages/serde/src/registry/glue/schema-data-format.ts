import { SchemaRefusedError } from '../../errors.ts';
import type { DataFormat } from '../schema-registry.ts';

// Types that have one name in Avro and in JSON Schema.
const sharedTypes: ReadonlySet<unknown> = new Set(['null', 'boolean', 'string', 'array']);

/**
 * Whether a text can be an Avro schema and a JSON Schema, such as `{"type":"string"}`. Glue accepts it in a schema of
 * either data format.
 */
export function canBeAvroAndJson(definition: string): boolean {
  try {
    const parsed: { type?: unknown } | null = JSON.parse(definition);
    const type = parsed?.type;
    return sharedTypes.has(type) || typeof type === 'object';
  } catch {
    return false;
  }
}

/**
 * A schema in Glue has one data format, and a lookup by definition finds its versions whichever format the caller means.
 * Without this check, a JSON body could be written with the id of an Avro schema.
 *
 * @param found as Glue answers; undefined if the answer does not say
 * @throws SchemaRefusedError the data formats differ
 */
export function checkDataFormat(
  schemaName: string,
  dataFormat: DataFormat,
  found: string | undefined,
): void {
  if (found === undefined || found === dataFormat) return;
  const reason = `its data format is ${found}, that of the definition ${dataFormat}`;
  throw new SchemaRefusedError(
    { schemaName, reason },
    {},
    `schema ${schemaName}: ${reason}; use another schema name`,
  );
}
