import { type Draft, draftNamedIn } from '../json-schema/drafts.ts';
import { equalityKey } from '../json-schema/exact-values.ts';
import { createComparison } from './create-json-comparison.ts';
import type { Found } from './json-schema-at.ts';

const maxFaults = 1000;

/**
 * Why some value of the writer schema is not valid in the reader schema; empty if each is.
 *
 * A definition without `$schema` is by default read as draft 07 and as draft 04, its drafts in Confluent's frame and in
 * Glue's: the schemas must be compatible in both.
 */
export function findJsonSchemaFaults(
  reader: unknown,
  writer: unknown,
  unnamedDrafts: readonly Draft[] = ['07', '04'],
): Found {
  // Equal schemas are compatible even where their keywords cannot be compared.
  if (equalityKey(reader) === equalityKey(writer)) return [];
  for (const unnamed of unnamedDrafts) {
    const drafts = new Map<unknown, Draft>([
      [reader, draftNamedIn(reader, unnamed)],
      [writer, draftNamedIn(writer, unnamed)],
    ]);
    const { compare } = createComparison(drafts);
    const found = compare({ schema: reader, root: reader, path: [] }, [
      { schema: writer, root: writer, path: [] },
    ]);
    if (found.length > 0) return withoutRepeats(found).slice(0, maxFaults);
    const isNamed = [reader, writer].every(
      (one) => draftNamedIn(one, '07') === draftNamedIn(one, '04'),
    );
    if (isNamed) break;
  }
  return [];
}

function withoutRepeats(found: Found): Found {
  return [...new Map(found.map((fault) => [Object.values(fault).join('\n'), fault])).values()];
}
