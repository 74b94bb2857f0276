import avro from 'avsc';
import { readBlockCount, type Tap, writeLong } from './avro-tap.ts';
import { readText, writeText } from './avro-text.ts';
import { type CheckHook, type Codable, refuse, truncated } from './avsc-type.ts';
import { DamagedFrameError } from './errors.ts';

const { types } = avro;

// Items that take no bytes (null, empty records) may outnumber the bytes of a body, but not without
// bound: else one megabyte would decode to millions of them.
const maxEmptyItems = 100_000;

export class ArrayType extends types.ArrayType {
  _read(tap: Tap & { emptyItems?: number }): unknown[] {
    const items = this.itemsType as Codable;
    const value: unknown[] = [];
    for (let count = readBlockCount(tap); count > 0; count = readBlockCount(tap)) {
      const start = tap.pos;
      if (count > tap.buf.length - start && count > maxEmptyItems) truncated();
      for (let left = count; left > 0; left--) {
        value.push(items._read(tap));
        if (tap.pos > tap.buf.length) truncated();
      }
      if (tap.pos === start) {
        tap.emptyItems = (tap.emptyItems ?? 0) + count;
        if (tap.emptyItems > maxEmptyItems) throw new DamagedFrameError('bad-body');
      }
    }
    return value;
  }
}

const { _check: checkMap } = types.MapType.prototype as unknown as Codable;

export class MapType extends types.MapType {
  _check(value: unknown, flags: unknown, hook?: CheckHook, path?: string[]): boolean {
    // A Map or Set has no own properties and would be written as an empty map.
    if (isDictionary(value)) return checkMap.call(this, value, flags, hook, path);
    hook?.(value, this);
    return false;
  }
  _read(tap: Tap): Record<string, unknown> {
    const values = this.valuesType as Codable;
    const value: Record<string, unknown> = {};
    for (let count = readBlockCount(tap); count > 0; count = readBlockCount(tap)) {
      if (count > tap.buf.length - tap.pos) truncated();
      while (count-- > 0) {
        const key = readText(tap);
        const entry = values._read(tap);
        if (key === '__proto__') defineOwn(value, key, entry);
        else value[key] = entry;
        if (tap.pos > tap.buf.length) truncated();
      }
    }
    return value;
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

// Invariant: no key or field name of a record changes an object's prototype.
function defineOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
