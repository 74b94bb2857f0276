import type { Draft } from './drafts.ts';
import { createDynamicScopes, type DynamicScope } from './dynamic-scope.ts';
import { isObject, type Keywords } from './each-schema.ts';
import { hasIgnoredSiblings } from './each-used-schema.ts';
import { invalidAt } from './invalid-at.ts';
import { isIgnoredProperty, isKeyword, subschemasIn } from './keyword-fault.ts';
import { asPart, linkTo } from './linked-names.ts';
import { type ResolveReference, withoutTarget } from './resolve-reference.ts';
import { maxPartsPerFunction, partsOf } from './schema-parts.ts';
import { memberOf, type Place, rootOf, type SchemaDocument } from './schema-place.ts';
import { inDialect } from './to-dialect.ts';
import { wrongIdHelp } from './wrong-id-help.ts';

/**
 * A schema inside so many others becomes a definition of its own. Without this, ajv's generator, which needs much stack
 * for each level, could not compile every definition that is read.
 */
const maxLevels = 24;

/** Without a limit, a hostile schema with n dynamic anchors could have 2^n copies. */
const maxDefinitions = 10_000;

/**
 * Joins a definition and what it refers to into one schema for ajv. Every reference in it is `#` or `#/$defs/…`. It
 * has no ids and only keywords that their draft defines, in the form of `dialect`. A schema with dynamic references
 * is copied once for each dynamic scope in which it is used.
 *
 * @param check called once for every schema that is used; throws if it is invalid
 * @throws InvalidSchemaError a reference has no target
 */
export function linkSchema(
  documents: readonly [SchemaDocument, ...SchemaDocument[]],
  dialect: Draft,
  resolve: ResolveReference,
  check: (place: Place) => void,
): unknown {
  const scopes = createDynamicScopes(documents);
  const names = new Map<SchemaDocument, Map<string, string>>();
  const checked = new Set<unknown>();
  const open: { name: string; place: Place; scope: DynamicScope }[] = [];
  const definitions: Record<string, unknown> = {};
  let count = 0;
  let level = 0;

  const root = rootOf(documents[0]);
  const outermost = scopes.enter(root, scopes.empty);
  nameOf(root, outermost, '#');
  const linked = copyOf(root, outermost);
  for (let next = open.pop(); next; next = open.pop()) {
    definitions[next.name] = copyOf(next.place, next.scope);
  }
  return isObject(linked) && count > 0 ? { ...linked, $defs: definitions } : linked;

  function copyOf(place: Place, scope: DynamicScope): unknown {
    const { node, document } = place;
    if (!isObject(node)) return node;
    if (!checked.has(node)) check(place);
    checked.add(node);
    if (hasIgnoredSiblings(node, document.draft)) {
      return { $ref: linkOf(targetOf(place, '$ref'), scope) };
    }
    const entries = Object.keys(node)
      .filter((keyword) => isKeyword(keyword, document.draft))
      .map((keyword) => [keyword, memberCopy(place, keyword, scope)]);
    const copy = inDialect(Object.fromEntries(entries), document.draft, dialect);
    const [first, ...others] = referencesOf(place, scope);
    if (!first) return copy;
    if (others.length === 0) return { ...first, ...copy };
    return { ...copy, allOf: [first, ...others, ...((copy.allOf as unknown[]) ?? [])] };
  }

  function memberCopy(place: Place, keyword: string, scope: DynamicScope): unknown {
    const { draft } = place.document;
    const member = memberOf(place, keyword) as Place;
    const { node } = member;
    const found = subschemasIn(keyword, draft);
    if (found === 'itself' && !Array.isArray(node)) return copyInside(member, scope);
    if (!found) return node;
    const parts = Object.keys(node as object).filter(
      (name) => !isIgnoredProperty(keyword, name, (node as Keywords)[name], draft),
    );
    const copies = parts.map((name) => copyInside(memberOf(member, name) as Place, scope));
    if (Array.isArray(node)) return copies;
    return Object.fromEntries(parts.map((name, index) => [name, copies[index]]));
  }

  function copyInside(place: Place, scope: DynamicScope): unknown {
    if (level >= maxLevels && isObject(place.node)) return { $ref: asPart(linkOf(place, scope)) };
    level += 1;
    const inner = scopes.enter(place, scope);
    const copy = copyOf(place, inner);
    level -= 1;
    // A member of `dependencies` can be a list of names, which is not a schema.
    if (!isObject(copy) || partsOf(copy, maxPartsPerFunction) <= maxPartsPerFunction) return copy;
    return { $ref: asPart(linkOf(place, inner, copy)) };
  }

  function referencesOf(place: Place, scope: DynamicScope): { $ref: string }[] {
    const { node, document } = place;
    const keywords =
      document.draft === '2019-09' ? ['$ref', '$recursiveRef'] : ['$ref', '$dynamicRef'];
    return keywords
      .filter((keyword) => typeof (node as Keywords)[keyword] === 'string')
      .map((keyword) => {
        const target = targetOf(place, keyword);
        const reference = (node as Keywords)[keyword] as string;
        const isDynamic = keyword !== '$ref';
        return {
          $ref: linkOf(isDynamic ? scopes.targetOf(target, reference, scope) : target, scope),
        };
      });
  }

  function targetOf(place: Place, keyword: string): Place {
    const target = resolve(place, (place.node as Keywords)[keyword] as string);
    if (target) return target;
    throw withoutTarget(place, keyword, wrongIdHelp(documents, place.document));
  }

  /** @param copy of the target, if there is one */
  function linkOf(target: Place, outer: DynamicScope, copy?: unknown): string {
    const scope = scopes.enter(target, outer);
    const name = String(count);
    return nameOf(target, scope, linkTo(name), () => {
      count += 1;
      if (copy === undefined) open.push({ name, place: target, scope });
      else definitions[name] = copy;
    });
  }

  /** The reference to a place, which is `ref` if the place is new. */
  function nameOf(place: Place, scope: DynamicScope, ref: string, add?: () => void): string {
    const named = names.get(place.document) ?? new Map<string, string>();
    names.set(place.document, named);
    const key = `${place.pointer}\n${place.outerBase}\n${scope.key}`;
    const known = named.get(key);
    if (known !== undefined) return known;
    if (count >= maxDefinitions && scope !== scopes.empty)
      throw invalidAt(place.pointer, 'too many dynamic scopes');
    named.set(key, ref);
    add?.();
    return ref;
  }
}
