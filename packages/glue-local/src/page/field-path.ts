import type { DataFormat } from '@order-stream/serde';
import { definitionJson } from '@order-stream/serde/compatibility';
import { resultOrFault } from '../definition.ts';

/**
 * The names of fields or properties on the way to a place, such as `order_items.product_id`: a JSON pointer of an Avro
 * schema has only their indexes.
 *
 * @returns a function from a location to the path; empty where there is no name on the way, or no valid definition
 */
export function fieldPaths(
  dataFormat: DataFormat,
  definition: string,
): (location: string) => string {
  const json = resultOrFault(() =>
    dataFormat === 'PROTOBUF' ? undefined : definitionJson(definition),
  );
  const root = json.fault === undefined ? json.result : undefined;
  return (location) => {
    const keys = location
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (dataFormat === 'PROTOBUF') return keys.join('.');
    const names: string[] = [];
    let value: unknown = root;
    for (const [index, key] of keys.entries()) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) break;
      value = (value as Record<string, unknown>)[key];
      const list = keys[index - 1];
      if (dataFormat === 'JSON' && list === 'properties') names.push(key);
      const name = (value as { name?: unknown } | null)?.name;
      if (dataFormat === 'AVRO' && list === 'fields' && typeof name === 'string') names.push(name);
    }
    return names.join('.');
  };
}
