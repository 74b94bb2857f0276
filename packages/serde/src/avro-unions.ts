import avro, { type Type as AvscType } from 'avsc';
import { type Codable, type CompileOptions, ownLookup } from './avsc-type.ts';

const { Type, types } = avro;

class PlainUnionType extends types.UnwrappedUnionType {
  declare readonly _bucketIndices: Record<string, number>;

  set _branchIndices(_: Record<string, number>) {
    ownLookup(this, '_branchIndices');
  }
  constructor(branches: AvscType[], options: CompileOptions) {
    super(branches as never, options);
    const long = branches.findIndex((branch) => branch.typeName === 'long');
    if (long >= 0) this._bucketIndices.bigint = long;
  }
}

class TaggedUnionType extends types.WrappedUnionType {
  set _branchIndices(_: Record<string, number>) {
    ownLookup(this, '_branchIndices');
  }
  constructor(branches: AvscType[], options: CompileOptions) {
    super(branches as never, options);
    for (const branch of branches as Codable[]) {
      if (branch._branchConstructor) branch._branchConstructor.prototype = Object.prototype;
    }
  }
}

/**
 * A union's values stand alone when JavaScript tells its branches apart, else they are tagged. As in
 * avsc's `wrapUnions: 'auto'`.
 */
export function unionType(schema: unknown[], options: CompileOptions): AvscType {
  const branches = schema.map((branch) => Type.forSchema(branch as never, options));
  const kinds = branches.map((branch) => valueKinds[branch.typeName] ?? branch.typeName);
  const ambiguous = new Set(kinds).size < kinds.length;
  return ambiguous ? new TaggedUnionType(branches, options) : new PlainUnionType(branches, options);
}

// Types whose JavaScript values cannot be told apart.
const valueKinds: Record<string, string> = {
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'text',
  enum: 'text',
  bytes: 'buffer',
  fixed: 'buffer',
  map: 'object',
  record: 'object',
  error: 'object',
};
