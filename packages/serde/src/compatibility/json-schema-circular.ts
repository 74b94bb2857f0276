import { isObject } from '../json-schema/each-schema.ts';
import { keywordsOf, type SchemaAt, targetOf } from './json-schema-at.ts';
import { childOf, schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { effectiveSchema } from './json-schema-effective.ts';

interface Visit {
  readonly schema: object;
  readonly open: SchemaAt[];
}

/**
 * A function that says whether a schema applies, to one value, a schema that applies itself to the same value: a check of
 * the value may not end.
 */
export function createCircleSearch(draftOf: Comparison['draftOf']): (at: SchemaAt) => boolean {
  // Undefined while the schemas that a schema applies are visited.
  const circular = new Map<object, boolean | undefined>();

  return (at) => {
    const visits: Visit[] = [];
    enter(at);
    for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
      const next = visit.open.pop();
      if (next) {
        if (!enter(next)) continue;
        for (const { schema } of visits) circular.set(schema, true);
        return true;
      }
      circular.set(visit.schema, false);
      visits.pop();
    }
    return isObject(at.schema) && circular.get(at.schema) === true;

    /** Whether the schema is on the way to itself. */
    function enter(place: SchemaAt): boolean {
      const { schema } = place;
      if (!isObject(schema)) return false;
      if (circular.has(schema)) return circular.get(schema) !== false;
      circular.set(schema, undefined);
      visits.push({
        schema,
        open: appliedBy({ ...place, schema: effectiveSchema(schema, draftOf(place)) }),
      });
      return false;
    }
  };
}

/** The schemas that a schema applies to the whole value. */
function appliedBy(at: SchemaAt): SchemaAt[] {
  const keywords = keywordsOf(at);
  const found = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => schemasIn(at, keyword));
  if (typeof keywords.$ref === 'string') found.push(targetOf(at));
  for (const keyword of ['not', 'if', 'then', 'else']) {
    if (isObject(keywords[keyword])) found.push(childOf(at, keyword));
  }
  for (const keyword of ['dependencies', 'dependentSchemas']) {
    const map = keywords[keyword];
    if (isObject(map)) found.push(...Object.keys(map).map((name) => childOf(at, keyword, name)));
  }
  return found;
}
