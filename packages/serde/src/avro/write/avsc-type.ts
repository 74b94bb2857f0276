import type avro from 'avsc';
import type { Type as AvscType } from 'avsc';
import type { Conversion } from '../logical-types.ts';
import type { Representation } from '../representation.ts';
import type { Tap } from '../tap.ts';

/**
 * What every type of avsc has besides its public methods. Like `Tap` it is no public interface:
 * avsc's version is pinned exactly.
 */
export interface Codable extends AvscType {
  _write(tap: Tap, value: unknown): void;
  _check(value: unknown, flags?: unknown, hook?: CheckHook, path?: string[]): boolean;
  /** Of a logical type whose values are not the underlying ones. */
  conversion?: Conversion;
  /** What such a type is called where a value does not fit. */
  expected?: string;
}

/** Called by `_check` for each part of a value that does not fit. */
export type CheckHook = (value: unknown, type: AvscType) => void;

/** avsc's options of a compilation, and ours. */
export type CompileOptions = Parameters<typeof avro.Type.forSchema>[1] & {
  registry: Record<string, AvscType>;
  representation: Representation;
  /** The bodies of a record's defaults by field, all names as in the definition. */
  defaultsOf(recordName: string): ReadonlyMap<string, Buffer>;
};

/**
 * Gives a type a lookup of its own under this name, in place of the `{}` that avsc assigns: there
 * `constructor` is found before it was ever set, and `__proto__` changes what else is found.
 */
export function ownLookup(type: object, name: string): void {
  Object.defineProperty(type, name, { value: Object.create(null) });
}

/** Ends an encoding. The checker finds the wrong part again, with its place: see `mismatch` in writer.ts. */
export function refuse(): never {
  throw new TypeError('the value does not fit the schema');
}
