/** The types of a schema of Kafka Connect. */
const types: ReadonlySet<unknown> = new Set([
  ...['int8', 'int16', 'int32', 'int64', 'float', 'double', 'boolean', 'string', 'bytes'],
  ...['array', 'map', 'struct'],
]);

/**
 * The payload of JSON that Connect's JsonConverter writes with `schemas.enable=true`, `{"schema":{…},"payload":…}`; any other value as it
 * is. The schema is around the value as a frame is, so sinks get the value. JsonConverter itself accepts no other member.
 */
export function connectPayload(value: unknown): unknown {
  if (!isObject(value) || !Object.hasOwn(value, 'schema') || !Object.hasOwn(value, 'payload'))
    return value;
  return Object.keys(value).length === 2 && isConnectSchema(value.schema) ? value.payload : value;
}

function isConnectSchema(schema: unknown): boolean {
  if (!isObject(schema) || !types.has(schema.type) || typeof schema.optional !== 'boolean')
    return false;
  return schema.type !== 'struct' || Array.isArray(schema.fields);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
