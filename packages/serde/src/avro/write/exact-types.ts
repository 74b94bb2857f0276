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

/** One part of a value, and its place in the value if it has one. */
export type Part = [place: string | undefined, type: Codable, value: unknown];

/** A type of our own, where avsc's would write a value inexactly or slowly. */
export abstract class ExactType extends avro.Type implements Codable {
  override readonly typeName: string;

  /** @param typeName what errors say was expected */
  constructor(typeName: string) {
    super();
    this.typeName = typeName;
  }
  /** The parts to be checked; `undefined` if the value does not fit, whatever its parts are. */
  abstract partsOf(value: unknown): Part[] | undefined;
  abstract _write(tap: Tap, value: unknown): void;

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

/** Ends an encoding. The checker then finds the wrong part and its place: see `mismatch` in writer.ts. */
export function reject(): never {
  throw new TypeError('the value does not fit the schema');
}

/** avsc's own type takes no bigint. `LongType.__with` would, at the price of a Buffer for each value. */
class LongType extends ExactType {
  partsOf(value: unknown): Part[] | undefined {
    return isLong(value) ? [] : undefined;
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value === 'number' && Number.isSafeInteger(value)) writeLong(tap, value);
    else if (typeof value === 'bigint' && isLong(value)) writeBigLong(tap, value);
    else reject();
  }
}

function isLong(value: unknown): value is number | bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value;
  return Number.isSafeInteger(value);
}

/** avsc's own type writes lone surrogates as bytes that no other library reads, and short texts slowly. */
class StringType extends ExactType {
  partsOf(value: unknown): Part[] | undefined {
    return typeof value === 'string' && value.isWellFormed() ? [] : undefined;
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'string' || !writeText(tap, value)) reject();
  }
}

export const exactLong = new LongType('long');
export const exactString = new StringType('string');
