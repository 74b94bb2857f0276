import avro, { type Type as AvscType } from 'avsc';
import { type Tap, writeLong } from '../tap.ts';
import {
  type CheckHook,
  type Codable,
  type CompileOptions,
  ownLookup,
  refuse,
} from './avsc-type.ts';
import { originalName } from './repaired-names.ts';
import { asBuffer } from './scalars.ts';

const { types } = avro;

/** A mixin: a named type is called by its own name in a tagged union, however its name was repaired. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript asks for these parameters of a mixin
export function named<Base extends new (...parameters: any[]) => AvscType>(base: Base) {
  return class extends base {
    // @ts-expect-error avsc declares its getter as a property
    override get branchName(): string {
      return originalName(this.name as string);
    }
    // avsc builds this from source text, which an arbitrary name could break out of, and for reading, which is not its work.
    _createBranchConstructor() {
      return null;
    }
  };
}

const { _write: writeFixed } = types.FixedType.prototype as unknown as Codable;

export class FixedType extends named(types.FixedType) {
  _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
    const fits = value instanceof Uint8Array && value.length === this.size;
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    writeFixed.call(this, tap, asBuffer(value));
  }
}

export function enumType(schema: { symbols?: unknown }, options: CompileOptions): AvscType {
  const symbols = Array.isArray(schema.symbols) ? (schema.symbols as string[]) : [];
  const indices = new Map<unknown, number>(symbols.map((symbol, i) => [originalName(symbol), i]));

  class EnumType extends named(types.EnumType) {
    set _indices(_: Record<string, number>) {
      ownLookup(this, '_indices');
    }
    _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
      const fits = indices.has(value);
      if (!fits && hook) hook(value, this);
      return fits;
    }
    _write(tap: Tap, value: unknown): void {
      writeLong(tap, indices.get(value) ?? refuse());
    }
  }
  return new EnumType(schema as never, options);
}
