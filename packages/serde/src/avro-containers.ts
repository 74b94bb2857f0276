import avro from 'avsc';
import { type Tap, writeLong } from './avro-tap.ts';
import { writeText } from './avro-text.ts';
import { type CheckHook, type Codable, refuse } from './avsc-type.ts';

const { types } = avro;

const { _check: checkMap } = types.MapType.prototype as unknown as Codable;

export class MapType extends types.MapType {
  _check(value: unknown, flags: unknown, hook?: CheckHook, path?: string[]): boolean {
    // A Map or Set has no own properties and would be written as an empty map.
    if (isDictionary(value)) return checkMap.call(this, value, flags, hook, path);
    hook?.(value, this);
    return false;
  }
  _write(tap: Tap, value: unknown): void {
    if (!isDictionary(value)) refuse();
    const keys = Object.keys(value);
    if (keys.length > 0) writeLong(tap, keys.length);
    for (const key of keys) {
      if (!writeText(tap, key)) refuse();
      this.valuesType._write(tap, value[key]);
    }
    writeLong(tap, 0);
  }
}

/** An object whose own properties are its entries: no array, Map, Set or bytes. */
export function isDictionary(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}
