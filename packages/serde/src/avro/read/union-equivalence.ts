import type { AvroSchema, RecordSchema } from '../schema/model.ts';

/**
 * Whether the reader's union equals the writer's branch by branch, so that an index means the same branch in
 * both. Named types are compared without their namespace, as in Avro Java 1.11.4 (`Resolver.unionEquiv`).
 */
export function unionEquivalent(writer: AvroSchema, reader: AvroSchema): boolean {
  const seen = new Map<RecordSchema, Map<RecordSchema, boolean>>();
  return equivalent(writer, reader);

  function equivalent(a: AvroSchema, b: AvroSchema): boolean {
    if ('fullName' in a && 'fullName' in b && a.name !== b.name) return false;
    if (a.type === 'array' && b.type === 'array') return equivalent(a.items, b.items);
    if (a.type === 'map' && b.type === 'map') return equivalent(a.values, b.values);
    if (a.type === 'fixed' && b.type === 'fixed') return a.size === b.size;
    if (a.type === 'enum' && b.type === 'enum') return a.symbols.join() === b.symbols.join();
    if (a.type === 'record' && b.type === 'record') return equivalentRecords(a, b);
    if (a.type === 'union' && b.type === 'union') {
      const { branches } = b;
      return (
        a.branches.length === branches.length &&
        a.branches.every((branch, i) => equivalent(branch, branches[i] as AvroSchema))
      );
    }
    return a.type === b.type;
  }

  function equivalentRecords(a: RecordSchema, b: RecordSchema): boolean {
    const verdicts = seen.get(a) ?? new Map<RecordSchema, boolean>();
    seen.set(a, verdicts);
    const known = verdicts.get(b);
    if (known !== undefined) return known;
    verdicts.set(b, true); // Recursion: a pair that is being compared counts as equivalent.
    const fields = b.fields ?? [];
    const verdict =
      a.fields?.length === fields.length &&
      a.fields.every(({ name, schema }, i) => {
        const other = fields[i];
        return other !== undefined && name === other.name && equivalent(schema, other.schema);
      });
    verdicts.set(b, verdict);
    return verdict;
  }
}
