import { types as builtins } from 'node:util';
import avro from 'avsc';
import { isBuiltinObject } from '../../json/builtin-objects.ts';
import { type Tap, writeLong } from '../tap.ts';
import { writeText } from '../text.ts';
import { type CheckHook, type Codable, refuse } from './avsc-type.ts';
import { StringType } from './scalars.ts';

const { types } = avro;
const keyType: Codable = new StringType() as never;

/** A map of a plain object's own properties, or of a `Map`'s entries. */
export class MapType extends types.MapType {
  _check(value: unknown, flags: unknown, hook?: CheckHook, path: string[] = []): boolean {
    if (!(value instanceof Map) && !isPlain(value)) {
      hook?.(value, this);
      return false;
    }
    const valuesType: Codable = this.valuesType;
    let fits = true;
    // A map's keys are part of the value, of which no error holds any.
    path.push('*');
    for (const [key, member] of value instanceof Map ? value : Object.entries(value)) {
      fits = keyType._check(key, flags, hook, path) && fits;
      fits = valuesType._check(member, flags, hook, path) && fits;
    }
    path.pop();
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    if (value instanceof Map) {
      writeEntries(tap, [...value], this.valuesType);
      return;
    }
    if (!isPlain(value)) refuse();
    const keys = Object.keys(value);
    if (keys.length > 0) writeLong(tap, keys.length);
    for (const key of keys) {
      if (!writeText(tap, key)) refuse();
      this.valuesType._write(tap, value[key]);
    }
    writeLong(tap, 0);
  }
}

function writeEntries(tap: Tap, entries: readonly [unknown, unknown][], valuesType: Codable): void {
  if (entries.length > 0) writeLong(tap, entries.length);
  for (const [key, member] of entries) {
    keyType._write(tap, key);
    valuesType._write(tap, member);
  }
  writeLong(tap, 0);
}

/** As `isDictionary`, and no Date, Promise or other builtin either, which has no members and would be written as empty. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isDictionary(value)) return false;
  // A class may name itself as it likes; asking for each builtin takes longer.
  if (Object.prototype.toString.call(value) === '[object Object]') return true;
  return !builtins.isDate(value) && !isBuiltinObject(value);
}

/** An object whose own properties are its members: no array, Map, Set or bytes. */
export function isDictionary(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}
