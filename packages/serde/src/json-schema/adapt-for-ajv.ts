import type { Draft } from './drafts.ts';
import { eachSchema } from './each-schema.ts';
import {
  decodePercents,
  eachUsedSchema,
  fragmentOf,
  hasIgnoredSiblings,
} from './each-used-schema.ts';

/**
 * Removes from a definition keywords that ajv applies although JSON Schema does not, and renames documents
 * whose names ajv cannot parse.
 *
 * @param refs of the definition and its references: at the target of one, a keyword is a name
 */
export function adaptForAjv(definition: unknown, draft: Draft, refs: readonly string[]): void {
  const fragments = refs.map(fragmentOf);
  const targets = new Set(fragments.map((fragment) => decodePercents(fragment.slice(1))));
  const adapt = (schema: Record<string, unknown>, pointer: string): void => {
    const isKeyword = (name: string) => !targets.has(`${pointer}/${name}`);
    // `nullable` belongs to OpenAPI and not to JSON Schema, but ajv applies it beside a `type`.
    if (typeof schema.nullable === 'boolean' && isKeyword('nullable')) delete schema.nullable;
    if (hasIgnoredSiblings(schema, draft) && isKeyword('type')) {
      // The only keyword beside a reference that ajv's `ignoreKeywordsWithRef` does not ignore.
      delete schema.type;
    }
    for (const keyword of ['$id', 'id', '$ref', '$dynamicRef']) {
      if (typeof schema[keyword] === 'string') schema[keyword] = nameForAjv(schema[keyword]);
    }
  };
  eachSchema(definition, adapt);
  // The target of a reference may be inside a value.
  eachUsedSchema(definition, draft, adapt, new Set(['#', ...fragments]));
}

// The URNs that ajv's URI parser accepts. It throws on others, such as `urn:order`.
const urn = /^urn:[\da-z][\da-z-]{0,31}:(?:[\w!$'()*+,\-.:;=@]|%[\da-f]{2})+(?:#|$)/i;

/** A name that ajv can parse for a document or a place in it. */
export function nameForAjv(name: string): string {
  return /^urn:/i.test(name) && !urn.test(name) ? `x-${name}` : name;
}
