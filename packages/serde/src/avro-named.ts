import avro, { type Type as AvscType } from 'avsc';
import { originalName } from './avro-names.ts';
import { type Tap, writeLong } from './avro-tap.ts';
import { type CheckHook, ownLookup, refuse } from './avsc-type.ts';

const { types } = avro;

/** A mixin: a named type is called by its own name in a tagged union, however its name was repaired. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript asks for these parameters of a mixin
export function named<Base extends new (...parameters: any[]) => AvscType>(base: Base) {
  return class extends base {
    // @ts-expect-error avsc declares its getter as a property
    override get branchName(): string {
      return originalName(this.name as string);
    }
    // avsc builds this from source text, which an arbitrary name could break out of.
    _createBranchConstructor() {
      const name = this.branchName;
      function Branch(this: Record<string, unknown>, value: unknown) {
        this[name] = value;
      }
      // Here and not in the union: a record may be a branch of a union inside itself.
      Branch.prototype = Object.prototype;
      return Object.assign(Branch, { type: this });
    }
  };
}

export class FixedType extends named(types.FixedType) {}

export class EnumType extends named(types.EnumType) {
  declare readonly symbols: string[];

  set _indices(_: Record<string, number>) {
    ownLookup(this, '_indices');
  }
  _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
    const fits = typeof value === 'string' && Object.hasOwn(this._indices, value);
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    if (!this._check(value, 0)) refuse();
    writeLong(tap, this._indices[value as string] as number);
  }
}
