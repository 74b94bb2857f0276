import { InvalidSchemaError } from '../errors.ts';
import { parseExactJson } from '../json/exact-json.ts';
import { checkDefinition } from './check-definition.ts';
import { type Draft, draftNamedIn } from './drafts.ts';
import { isObject } from './each-schema.ts';
import { fragmentOf, matchingName } from './each-used-schema.ts';

/** A schema that a `$ref` can name. */
export interface Referred {
  readonly name: string;
  readonly definition: string;
}

export type ReferredDocument = readonly [name: string, schema: unknown];

/** The references that are JSON. Checks the parts that the definition uses. */
export function readReferences(
  references: readonly Referred[],
  draft: Draft,
  outerRefs: readonly string[],
): readonly ReferredDocument[] {
  const schemas = new Map<string, unknown>();
  const faults = new Map<string, Error>();
  for (const { name, definition } of references) {
    try {
      schemas.set(name, parseExactJson(definition));
    } catch (error) {
      faults.set(name, error as Error);
    }
  }
  const known = new Set<string>();
  let open = outerRefs;
  while (open.length > 0) {
    const fresh = [...new Set(open)].filter((ref) => !known.has(ref));
    for (const ref of fresh) known.add(ref);
    const byName = Map.groupBy(fresh, (ref) => nameOf(ref.replace(/#.*/s, '')));
    open = [...byName].flatMap(([name, refs]) => (name === undefined ? [] : check(name, refs)));
  }
  return [...schemas];

  function nameOf(document: string): string | undefined {
    const name = matchingName(document, [...schemas.keys(), ...faults.keys()]);
    return (
      name ?? [...schemas].find(([, schema]) => isObject(schema) && schema.$id === document)?.[0]
    );
  }

  function check(name: string, refs: readonly string[]): readonly string[] {
    try {
      const fault = faults.get(name);
      if (fault) throw fault;
      const schema = schemas.get(name);
      return checkDefinition(schema, draftNamedIn(schema, draft), refs.map(fragmentOf));
    } catch (error) {
      throw new InvalidSchemaError(`reference ${name}: ${reasonOf(error as Error)}`);
    }
  }
}

function reasonOf({ message }: Error): string {
  return message.replace(/^unusable schema: /, '');
}
