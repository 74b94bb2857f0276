import type { Draft } from './drafts.ts';
import { eachSchema } from './each-schema.ts';
import { decodePercents, eachUsedSchema, fragmentOf, isRefAlone } from './each-used-schema.ts';

/**
 * Takes out of a definition what ajv heeds and JSON Schema does not, and names that ajv cannot read.
 *
 * @param refs all of the definition and of those around it: where one leads, a keyword is a name
 */
export function mendForAjv(definition: unknown, draft: Draft, refs: readonly string[]): void {
  const fragments = refs.map(fragmentOf);
  const targets = new Set(fragments.map((fragment) => decodePercents(fragment.slice(1))));
  const mend = (schema: Record<string, unknown>, pointer: string): void => {
    const isKeyword = (name: string) => !targets.has(`${pointer}/${name}`);
    // OpenAPI's word: JSON Schema has no `nullable`, but ajv heeds it wherever it stands beside a `type`.
    if (typeof schema.nullable === 'boolean' && isKeyword('nullable')) delete schema.nullable;
    if (isRefAlone(schema, draft) && isKeyword('type')) {
      // The only neighbour of a reference that ajv's `ignoreKeywordsWithRef` leaves in force.
      delete schema.type;
    }
    for (const keyword of ['$id', 'id', '$ref', '$dynamicRef']) {
      if (typeof schema[keyword] === 'string') schema[keyword] = nameForAjv(schema[keyword]);
    }
  };
  eachSchema(definition, mend);
  // What a reference leads to may stand among values.
  eachUsedSchema(definition, draft, mend, new Set(['#', ...fragments]));
}

// What ajv's parser of URIs takes for a URN: it throws on any other, such as `urn:order`.
const urn = /^urn:[\da-z][\da-z-]{0,31}:(?:[\w!$'()*+,\-.:;=@]|%[\da-f]{2})+(?:#|$)/i;

/** What ajv may call a document or a place in it. */
export function nameForAjv(name: string): string {
  return /^urn:/i.test(name) && !urn.test(name) ? `x-${name}` : name;
}
