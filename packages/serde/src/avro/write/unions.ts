import avro, { type Type as AvscType } from 'avsc';
import { areTagged, valueKindOf, valueKinds } from '../representation.ts';
import { type Tap, writeLong } from '../tap.ts';
import {
  type CheckHook,
  type Codable,
  type CompileOptions,
  ownLookup,
  refuse,
} from './avsc-type.ts';

const { Type, types } = avro;

class TaggedUnionType extends types.WrappedUnionType {
  set _branchIndices(_: Record<string, number>) {
    ownLookup(this, '_branchIndices');
  }
}

function plainUnion(branches: AvscType[], kinds: string[], options: CompileOptions): AvscType {
  const indices = new Map<string | undefined, number>(kinds.map((kind, i) => [kind, i]));

  class PlainUnionType extends TaggedUnionType {
    _check(value: unknown, flags: unknown, hook?: CheckHook, path?: string[]): boolean {
      const branch = branches[indices.get(valueKindOf(value)) ?? -1] as Codable | undefined;
      if (branch) return branch._check(value, flags, hook, path);
      hook?.(value, this);
      return false;
    }
    _write(tap: Tap, value: unknown): void {
      const index = indices.get(valueKindOf(value)) ?? refuse();
      writeLong(tap, index);
      (branches[index] as Codable)._write(tap, value);
    }
  }
  return new PlainUnionType(branches as never, options);
}

/** A union whose values stand alone or are tagged, as the representation wants. */
export function unionType(schema: unknown[], options: CompileOptions): AvscType {
  const branches = schema.map((branch) => Type.forSchema(branch as never, options) as Codable);
  const kinds = branches.map(
    ({ conversion, typeName }) => conversion?.kind ?? kindOfType(typeName),
  );
  if (areTagged(kinds, options.representation)) {
    return new TaggedUnionType(branches as never, options);
  }
  return plainUnion(branches, kinds, options);
}

function kindOfType(typeName: string) {
  return valueKinds[(typeName === 'error' ? 'record' : typeName) as keyof typeof valueKinds];
}
