import type { Draft } from './drafts.ts';
import { isObject, type Keywords } from './each-schema.ts';
import { subschemasIn } from './keyword-fault.ts';
import type { ResolveReference } from './resolve-reference.ts';
import { isReadByJava, memberOf, type Place } from './schema-place.ts';

/**
 * Calls `visit` once for every schema that can apply to a value: schemas under the keywords of the draft and the
 * targets of their references. Anything else in a definition may be invalid and is not visited.
 */
export function eachUsedSchema(
  root: Place,
  resolve: ResolveReference,
  visit: (schema: Keywords, place: Place) => void,
): void {
  const seen = new Set<unknown>();
  const open = [root];
  for (let place = open.pop(); place; place = open.pop()) {
    const { node, document } = place;
    if (!isObject(node) || seen.has(node)) continue;
    seen.add(node);
    visit(node, place);
    const refs = [node.$ref, node.$dynamicRef, node.$recursiveRef];
    for (const ref of refs.filter((ref) => typeof ref === 'string')) {
      const target = resolve(place, ref);
      if (target) open.push(target);
    }
    if (!hasIgnoredSiblings(node, document.draft)) open.push(...subschemasOf(place));
  }
}

function subschemasOf(place: Place): Place[] {
  const { node, document } = place;
  return Object.keys(node as object).flatMap((keyword) => {
    const found = subschemasIn(keyword, document.draft);
    const member = found && memberOf(place, keyword);
    if (!member) return [];
    if (found === 'itself' && !Array.isArray(member.node)) return [member];
    const names = typeof member.node === 'object' && member.node ? Object.keys(member.node) : [];
    return names.map((name) => memberOf(member, name) as Place);
  });
}

/** Whether the schema has a `$ref` beside which the draft ignores every keyword. */
export function hasIgnoredSiblings({ $ref }: Keywords, draft: Draft): boolean {
  return typeof $ref === 'string' && ignoresRefSiblings(draft);
}

/** Whether the draft ignores every keyword beside a `$ref`. */
export function ignoresRefSiblings(draft: Draft): boolean {
  return isReadByJava(draft);
}
