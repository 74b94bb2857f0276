import { idsOf, recursiveAnchor } from './schema-ids.ts';
import type { Place, SchemaDocument } from './schema-place.ts';
import { documentOf, fragmentOf } from './uri-reference.ts';

/** For each dynamic anchor, the place in the first resource entered that has it. */
export interface DynamicScope {
  readonly targets: ReadonlyMap<string, Place>;
  /** Equal for equal scopes. */
  readonly key: string;
}

/** Follows `$dynamicRef` and `$recursiveRef` without a value: the scope depends only on the schemas entered. */
export function createDynamicScopes(documents: readonly SchemaDocument[]) {
  const empty: DynamicScope = { targets: new Map(), key: '' };
  // Most schemas have no dynamic reference, and need no scope.
  const isUsed = documents.some(({ root }) => hasDynamicReference(root));

  return {
    empty,

    enter(place: Place, scope: DynamicScope): DynamicScope {
      const anchors = isUsed && anchorsAround(place);
      if (!anchors) return scope;
      const fresh = [...anchors].filter(([name]) => !scope.targets.has(name));
      if (fresh.length === 0) return scope;
      const targets = new Map([...scope.targets, ...fresh]);
      const keys = [...targets].map(([name, { document, pointer }]) =>
        JSON.stringify([name, document.uri, pointer]),
      );
      return { targets, key: keys.sort().join() };
    },

    /** @param target where the reference would lead if it were not dynamic */
    targetOf(target: Place, reference: string, scope: DynamicScope): Place {
      const name = fragmentOf(reference).slice(1) || recursiveAnchor;
      const isDynamic = anchorsAround(target)?.get(name)?.node === target.node;
      return (isDynamic && scope.targets.get(name)) || target;
    },
  };
}

function anchorsAround({ document, base }: Place): ReadonlyMap<string, Place> | undefined {
  return idsOf(document).dynamicAnchors.get(documentOf(base));
}

function hasDynamicReference(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Object.hasOwn(node, '$dynamicRef') || Object.hasOwn(node, '$recursiveRef')) return true;
  return Object.values(node).some(hasDynamicReference);
}
