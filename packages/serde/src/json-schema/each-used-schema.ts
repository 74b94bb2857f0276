import { memberPointer } from '../json/json-pointer.ts';
import type { Draft } from './drafts.ts';
import { eachSchema, isObject, type Keywords } from './each-schema.ts';
import { subschemasIn } from './keyword-fault.ts';

/** A part of a definition, and its resource: the enclosing part with an `$id`, or the whole definition. */
interface Place {
  readonly node: unknown;
  readonly pointer: string;
  readonly resource: { readonly node: unknown; readonly pointer: string };
}

/** JSON pointers in a `$ref` of the schema are relative to `resource`. */
export type VisitUsed = (schema: Keywords, pointer: string, resource: unknown) => void;

/**
 * Calls `visit` once for every schema that can apply to a value, with its JSON pointer: schemas under
 * the keywords of the draft and the targets of their references. Anything else in a definition may be
 * invalid and is not visited.
 *
 * @param refs where to begin; `#` is the whole definition
 */
export function eachUsedSchema(
  definition: unknown,
  draft: Draft,
  visit: VisitUsed,
  refs: Iterable<string> = ['#'],
): void {
  const seen = new Set<unknown>();
  const whole = { node: definition, pointer: '' };
  const named = new Map<string, Place>();
  eachSchema(definition, (node, pointer) => {
    for (const name of namesOf(node, draft)) named.set(name, { node, pointer, resource: whole });
  });
  const open: Place[] = [];
  for (const ref of refs) follow(ref, whole);
  for (let place = open.pop(); place; place = open.pop()) walk(place);

  function walk({ node, pointer, resource: around }: Place): void {
    if (!isObject(node) || seen.has(node)) return;
    seen.add(node);
    const resource = resourceOf(node, pointer, around);
    visit(node, pointer, resource.node);
    for (const ref of refsOf(node)) follow(ref, resource);
    if (hasIgnoredSiblings(node, draft)) return;
    for (const [keyword, part] of Object.entries(node)) {
      const place = memberPointer(pointer, keyword);
      const found = subschemasIn(keyword, draft);
      if (found === 'members' ? isObject(part) : found && Array.isArray(part)) {
        for (const [name, schema] of Object.entries(part as object)) {
          walk({ node: schema, pointer: memberPointer(place, name), resource });
        }
      } else if (found === 'itself') walk({ node: part, pointer: place, resource });
    }
  }

  function resourceOf(
    node: unknown,
    pointer: string,
    around: Place['resource'],
  ): Place['resource'] {
    const isNamed = isObject(node) && namesOf(node, draft).some((name) => !name.startsWith('#'));
    return isNamed ? { node, pointer } : around;
  }

  function inside(ref: string, resource: Place['resource']): Place {
    return named.get(ref) ?? { ...resource, resource };
  }

  function nameOf(document: string): string {
    return matchingName(document, named.keys()) ?? document;
  }

  function follow(ref: string, around: Place['resource']): void {
    const [document = '', fragment = ''] = ref.split('#');
    const found = document === '' ? inside(ref, around) : named.get(nameOf(document));
    if (!found) return;
    let { node, pointer, resource } = found;
    for (const step of fragment.split('/').slice(1).map(decodeStep)) {
      resource = resourceOf(node, pointer, resource);
      if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return;
      node = (node as Keywords)[step];
      pointer = memberPointer(pointer, step);
    }
    open.push({ node, pointer, resource });
  }
}

/** The name that a reference means. A relative reference means the first name that ends with it. */
export function matchingName(document: string, names: Iterable<string>): string | undefined {
  const known = [...names];
  return known.includes(document) ? document : known.find((name) => name.endsWith(`/${document}`));
}

/** The references of a schema. */
export function refsOf({ $ref, $dynamicRef }: Keywords): string[] {
  return [$ref, $dynamicRef].filter((ref) => typeof ref === 'string');
}

/** A reference without its document; `#` is the whole document. */
export function fragmentOf(ref: string): string {
  return ref.replace(/^[^#]*#?/, '#');
}

/** Whether the schema has a `$ref` beside which the draft ignores every keyword. */
export function hasIgnoredSiblings({ $ref }: Keywords, draft: Draft): boolean {
  return typeof $ref === 'string' && ignoresRefSiblings(draft);
}

/** Whether the draft ignores every keyword beside a `$ref`. */
export function ignoresRefSiblings(draft: Draft): boolean {
  return draft === '04' || draft === '06' || draft === '07';
}

export function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Decodes one step of the JSON pointer in a `$ref`. */
export function decodeStep(step: string): string {
  return decodePercents(step).replaceAll('~1', '/').replaceAll('~0', '~');
}

function namesOf({ $id, id, $anchor, $dynamicAnchor }: Keywords, draft: Draft): string[] {
  const own = draft === '04' ? id : $id;
  const anchors = [$anchor, $dynamicAnchor].filter((name) => typeof name === 'string');
  const names = anchors.map((name) => `#${name}`);
  return typeof own === 'string' && own !== '' ? [own, ...names] : names;
}
