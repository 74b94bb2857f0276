import avro, { type Type as AvscType } from 'avsc';
import { type Tap, writeBigLong, writeLong } from '../tap.ts';
import { writeText } from '../text.ts';

/**
 * What avsc's types call on the types inside them. Not part of its documented API: its version is pinned exactly.
 */
export interface Codable extends AvscType {
  _write(tap: Tap, value: unknown): void;
  /** Calls `hook` for each part of the value that does not fit. */
  _check(value: unknown, flags: unknown, hook?: CheckHook, path?: string[]): boolean;
}

type CheckHook = (value: unknown, type: AvscType) => void;

/** Ends an encoding. The checker then finds the wrong part and its place: see `mismatch` in writer.ts. */
export function reject(): never {
  throw new TypeError('the value does not fit the schema');
}

/** avsc's own type takes no bigint. `LongType.__with` would, at the price of a Buffer for each value. */
class LongType extends avro.types.LongType {
  _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
    const fits = isLong(value);
    if (!fits) hook?.(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    if (!isLong(value)) reject();
    if (typeof value === 'number') writeLong(tap, value);
    else writeBigLong(tap, value);
  }
}

function isLong(value: unknown): value is number | bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value;
  return Number.isSafeInteger(value);
}

/** avsc's own type writes lone surrogates as bytes that no other library reads, and short texts slowly. */
class StringType extends avro.types.StringType {
  _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
    const fits = typeof value === 'string' && value.isWellFormed();
    if (!fits) hook?.(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'string' || !writeText(tap, value)) reject();
  }
}

export const exactLong = new LongType() as unknown as Codable;
export const exactString = new StringType() as unknown as Codable;

/** One part of a value, and its place in it where it has one. */
export type Part = [place: string | undefined, type: Codable, value: unknown];

/** A type made of others that avsc's own does not write exactly. */
export abstract class CompositeType extends avro.Type {
  /** What errors say was expected. */
  readonly expected: string;

  constructor(expected: string) {
    super();
    this.expected = expected;
  }
  /** `undefined`: the value does not fit, whatever its parts are. */
  abstract partsOf(value: unknown): Part[] | undefined;

  _check(value: unknown, flags: unknown, hook?: CheckHook, path: string[] = []): boolean {
    const parts = this.partsOf(value);
    if (!parts) hook?.(value, this);
    let fits = parts !== undefined;
    for (const [place, type, part] of parts ?? []) {
      if (place !== undefined) path.push(place);
      fits = type._check(part, flags, hook, path) && fits;
      if (place !== undefined) path.pop();
    }
    return fits;
  }
}
