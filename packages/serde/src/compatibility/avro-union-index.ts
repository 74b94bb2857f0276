import type { AvroSchema, UnionSchema } from '../avro/schema/model.ts';

/**
 * Finds the branches of a reader's union that may read values of a type, by their indexes in the order of the union. Named
 * types are found by name: the fields of two types with other names need no comparison.
 */
export function createUnionIndex() {
  const unions = new Map<UnionSchema, ReadonlyMap<string, readonly number[]>>();

  return (reader: UnionSchema, writer: AvroSchema): readonly number[] => {
    const known = unions.get(reader) ?? indexOf(reader);
    unions.set(reader, known);
    if (!('fullName' in writer)) return known.get(unnamed) ?? [];
    const { type, name, fullName } = writer;
    const byName = known.get(nameKey(type, name)) ?? [];
    const byAlias = known.get(aliasKey(type, fullName)) ?? [];
    if (byAlias.length === 0) return byName;
    return [...new Set([...byName, ...byAlias])].sort((one, other) => one - other);
  };
}

const unnamed = 'unnamed';
const nameKey = (type: string, name: string) => `${type} ${name}`;
const aliasKey = (type: string, fullName: string) => `${type} alias ${fullName}`;

function indexOf({ branches }: UnionSchema): ReadonlyMap<string, readonly number[]> {
  const indexes = new Map<string, number[]>();
  for (const [index, branch] of branches.entries()) {
    for (const key of keysOf(branch)) {
      const known = indexes.get(key) ?? [];
      known.push(index);
      indexes.set(key, known);
    }
  }
  return indexes;
}

function keysOf(branch: AvroSchema): ReadonlySet<string> {
  if (!('fullName' in branch)) return new Set([unnamed]);
  const { type, name, aliases } = branch;
  return new Set([nameKey(type, name), ...aliases.map((alias) => aliasKey(type, alias))]);
}
