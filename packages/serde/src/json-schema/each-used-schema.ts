import { memberPointer } from '../json/json-pointer.ts';
import type { Draft } from './drafts.ts';
import { eachSchema, isObject, type Keywords } from './each-schema.ts';

// Members of these are schemas, by names that say nothing to JSON Schema.
const maps = new Set(['properties', 'patternProperties', 'dependencies']);
const mapsSince2019 = new Set([...maps, 'dependentSchemas']);

const in04 = 'allOf anyOf oneOf not items additionalItems additionalProperties'.split(' ');
const in06 = [...in04, 'contains', 'propertyNames'];
const in07 = [...in06, 'if', 'then', 'else'];
const in2019 = [...in07, 'unevaluatedProperties', 'unevaluatedItems'];
const subschemas: Record<Draft, ReadonlySet<string>> = {
  '04': new Set(in04),
  '06': new Set(in06),
  '07': new Set(in07),
  '2019-09': new Set(in2019),
  '2020-12': new Set([...in2019, 'prefixItems'].filter((name) => name !== 'additionalItems')),
};

/** A part of a definition, and the part with an `$id` of its own that it belongs to, or the whole. */
interface Place {
  readonly node: unknown;
  readonly pointer: string;
  readonly resource: { readonly node: unknown; readonly pointer: string };
}

/** `resource` is what pointers in its `$ref` begin at. */
export type VisitUsed = (schema: Keywords, pointer: string, resource: unknown) => void;

/**
 * Calls `visit` once for every schema that a value may be checked by, with its JSON pointer: those
 * under the keywords of the draft, and those which a `$ref` of them leads to. What only stands in a
 * definition is none: it may be anything.
 *
 * @param refs where to begin: `#` is the whole
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
    if (isRefAlone(node, draft)) return;
    for (const [keyword, part] of Object.entries(node)) {
      const place = memberPointer(pointer, keyword);
      const isMap = (draft.startsWith('20') ? mapsSince2019 : maps).has(keyword);
      if (isMap ? isObject(part) : Array.isArray(part) && subschemas[draft].has(keyword)) {
        for (const [name, schema] of Object.entries(part as object)) {
          walk({ node: schema, pointer: memberPointer(place, name), resource });
        }
      } else if (subschemas[draft].has(keyword)) walk({ node: part, pointer: place, resource });
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
    return namedLike(document, named.keys()) ?? document;
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

/** The name that a reference means, or the one that it is the end of: it may be relative. */
export function namedLike(document: string, names: Iterable<string>): string | undefined {
  const known = [...names];
  return known.includes(document) ? document : known.find((name) => name.endsWith(`/${document}`));
}

/** Where a schema refers to. */
export function refsOf({ $ref, $dynamicRef }: Keywords): string[] {
  return [$ref, $dynamicRef].filter((ref) => typeof ref === 'string');
}

/** A reference without its document: `#` is the whole of it. */
export function fragmentOf(ref: string): string {
  return ref.replace(/^[^#]*#?/, '#');
}

/** Whether of a schema nothing is heeded but its `$ref`. */
export function isRefAlone({ $ref }: Keywords, draft: Draft): boolean {
  return typeof $ref === 'string' && heedsRefAlone(draft);
}

/** Whether the draft heeds nothing that stands beside a `$ref`. */
export function heedsRefAlone(draft: Draft): boolean {
  return draft === '04' || draft === '06' || draft === '07';
}

export function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A step of the JSON pointer in a `$ref`. */
export function decodeStep(step: string): string {
  return decodePercents(step).replaceAll('~1', '/').replaceAll('~0', '~');
}

function namesOf({ $id, id, $anchor, $dynamicAnchor }: Keywords, draft: Draft): string[] {
  const own = draft === '04' ? id : $id;
  const anchors = [$anchor, $dynamicAnchor].filter((name) => typeof name === 'string');
  return [
    ...(typeof own === 'string' && own !== '' ? [own] : []),
    ...anchors.map((name) => `#${name}`),
  ];
}
