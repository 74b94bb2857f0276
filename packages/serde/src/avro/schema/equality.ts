import { isJsonArray, isJsonNumber, isJsonObject, type Json } from '../../json/json-text.ts';
import type { AvroField, AvroSchema, RecordSchema } from './model.ts';

/**
 * Whether two schemas are equal for Avro Java 1.11.4 (`Schema.equals`), which compares names, fields,
 * defaults, order and custom attributes, but not documentation, aliases or the default of an enum.
 */
export function sameSchema(a: AvroSchema, b: AvroSchema): boolean {
  return compare(a, b, true);
}

/**
 * Whether the reader's union equals the writer's branch by branch, so that an index means the same branch in
 * both. Named types are compared without their namespace, as in Avro Java 1.11.4 (`Resolver.unionEquiv`).
 */
export function unionEquivalent(writer: AvroSchema, reader: AvroSchema): boolean {
  return compare(writer, reader, false);
}

function compare(a: AvroSchema, b: AvroSchema, exactly: boolean): boolean {
  const comparing = new Map<RecordSchema, Set<RecordSchema>>();
  return same(a, b);

  function same(a: AvroSchema, b: AvroSchema): boolean {
    if (a === b) return true;
    if (a.type === 'union' || b.type === 'union') {
      return a.type === 'union' && b.type === 'union' && everyPair(a.branches, b.branches, same);
    }
    if (a.type !== b.type || (exactly && !sameProperties(a.properties, b.properties))) return false;
    if (a.type === 'array' && b.type === 'array') return same(a.items, b.items);
    if (a.type === 'map' && b.type === 'map') return same(a.values, b.values);
    if (!('fullName' in a) || !('fullName' in b)) return true;
    if (exactly ? a.fullName !== b.fullName : a.name !== b.name) return false;
    if (a.type === 'fixed' && b.type === 'fixed') return a.size === b.size;
    if (a.type === 'enum' && b.type === 'enum') return everyPair(a.symbols, b.symbols, Object.is);
    return a.type === 'record' && b.type === 'record' && sameRecord(a, b);
  }

  function sameRecord(a: RecordSchema, b: RecordSchema): boolean {
    const others = comparing.get(a) ?? new Set();
    if (others.has(b)) return true; // Recursion: a pair that is being compared counts as equal.
    comparing.set(a, others.add(b));
    return everyPair(a.fields ?? [], b.fields ?? [], sameField);
  }

  function sameField(a: AvroField, b: AvroField): boolean {
    return a.name === b.name && same(a.schema, b.schema) && (!exactly || sameAttributes(a, b));
  }
}

function sameAttributes(a: AvroField, b: AvroField): boolean {
  return (
    a.order === b.order &&
    sameJson(a.defaultValue, b.defaultValue) &&
    sameProperties(a.properties, b.properties)
  );
}

function everyPair<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((item, i) => same(item, b[i] as T));
}

function sameProperties(a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => sameJson(value, b.get(key)));
}

function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (isJsonObject(a)) return isJsonObject(b) && sameProperties(a, b);
  if (isJsonArray(a)) return isJsonArray(b) && everyPair(a, b, sameJson);
  if (isJsonNumber(a)) return isJsonNumber(b) && a.number === b.number;
  return a === b;
}
