import { type Draft, draftNamedIn } from '../json-schema/drafts.ts';
import { equalityKey } from '../json-schema/exact-values.ts';
import type { JoinedSchema } from '../json-schema/join-references.ts';
import { createComparison } from './create-json-comparison.ts';
import { maxFaultCharacters, printFault } from './fault.ts';
import { type Found, fault, type SchemaAt } from './json-schema-at.ts';

const maxFaults = 1000;

/**
 * Why some value of the writer schema is not valid in the reader schema; empty if each is.
 *
 * A definition without `$schema` is by default read as draft 07 and as draft 04, its drafts in Confluent's frame and in
 * Glue's: the schemas must be compatible in each of them in which the references of both have targets.
 */
export function findJsonSchemaFaults(
  reader: JoinedSchema,
  writer: JoinedSchema,
  unnamedDrafts: readonly Draft[] = ['07', '04'],
): Found {
  // Equal schemas are compatible even where their keywords cannot be compared.
  if (equalityKey(reader.schema) === equalityKey(writer.schema)) return [];
  const [readerAt, writerAt] = [wholeOf(reader.schema), wholeOf(writer.schema)];
  const frames = unnamedDrafts.filter((unnamed) => {
    return [reader, writer].every(({ schema, drafts }) =>
      drafts.includes(draftNamedIn(schema, unnamed)),
    );
  });
  if (frames.length === 0) {
    const message = 'no draft allows the references of both definitions';
    return [fault('CONDITION_CHANGED', readerAt, writerAt, message)];
  }
  for (const unnamed of frames) {
    const drafts = [reader, writer].map(({ schema }): [unknown, Draft] => [
      schema,
      draftNamedIn(schema, unnamed),
    ]);
    const { compareAll } = createComparison(new Map(drafts));
    const found = compareAll(readerAt, writerAt);
    if (found.length > 0) return withoutRepeats(found).slice(0, maxFaults);
    const isNamed = [reader, writer].every(
      ({ schema }) => draftNamedIn(schema, '07') === draftNamedIn(schema, '04'),
    );
    if (isNamed) break;
  }
  return [];
}

function wholeOf(definition: unknown): SchemaAt {
  return { schema: definition, root: definition, path: undefined };
}

function withoutRepeats(found: Found): Found {
  const byText = new Map<string, Found[number]>();
  let characters = 0;
  for (const one of found) {
    const text = Object.values(printFault(one)).join('\n');
    byText.set(text, one);
    characters += text.length;
    if (characters > maxFaultCharacters) break;
  }
  return [...byText.values()];
}
