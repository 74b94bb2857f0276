import { draftNamedIn, unknownKeywords } from '../json-schema/drafts.ts';
import { equalityKey } from '../json-schema/exact-values.ts';
import { allowedTypes, type Keywords, resolveRef, type SchemaAt } from './json-schema-at.ts';
import { requiredOf, schemasFor } from './json-schema-members.ts';
import { branchesOf, partsOf, valuesOf } from './json-schema-parts.ts';
import { typeOf } from './json-schema-value.ts';

const everyType = allowedTypes(true);

type AreDisjoint = (one: SchemaAt, other: SchemaAt) => boolean;

/**
 * Creates a check whether no value matches both of two schemas: by their types, their lists of values, or a
 * property that one of them requires. False if undecided, and for all new pairs after `maxPairs`.
 */
export function createDisjointness(maxPairs: number): AreDisjoint {
  // False while a pair is being decided, which ends recursion.
  const verdicts = new WeakMap<object, Map<unknown, boolean>>();
  let pairs = 0;
  return areDisjoint;

  function areDisjoint(one: SchemaAt, other: SchemaAt): boolean {
    const { schema } = one;
    if (typeof schema !== 'object' || schema === null) return decide(one, other);
    const known = verdicts.get(schema) ?? new Map<unknown, boolean>();
    verdicts.set(schema, known);
    const verdict = known.get(other.schema);
    if (verdict !== undefined || pairs === maxPairs) return verdict ?? false;
    pairs += 1;
    known.set(other.schema, false);
    const decided = decide(one, other);
    known.set(other.schema, decided);
    return decided;
  }

  function decide(one: SchemaAt, other: SchemaAt): boolean {
    const [left, right] = [conjunctsOf(one), conjunctsOf(other)];
    const ofEach = [...left, ...right].map(typesOf);
    const types = [...everyType].filter((type) => ofEach.every((own) => own.has(type)));
    if (types.length === 0) return true;
    const byValues = left.some((mine) => right.some((theirs) => shareNoValue(mine, theirs)));
    if (byValues) return true;
    if (types.every((type) => type === 'object') && differInProperty(left, right)) return true;
    return hasOnlyDisjointBranches(left, other) || hasOnlyDisjointBranches(right, one);
  }

  function differInProperty(left: readonly SchemaAt[], right: readonly SchemaAt[]): boolean {
    const required = new Set([...left, ...right].flatMap(requiredOf));
    return [...required].some((name) => {
      const theirs = right.flatMap((at) => schemasFor(at, name));
      return left
        .flatMap((at) => schemasFor(at, name))
        .some((mine) => theirs.some((other) => areDisjoint(mine, other)));
    });
  }

  function hasOnlyDisjointBranches(conjuncts: readonly SchemaAt[], other: SchemaAt): boolean {
    return conjuncts.some((at) => branchesOf(at)?.every((branch) => areDisjoint(branch, other)));
  }
}

/** The schemas that a value must match together: those of `allOf`, recursively, and the keywords beside it. */
function conjunctsOf(at: SchemaAt, seen = new Set<unknown>()): SchemaAt[] {
  const found = resolveRef(at);
  if (seen.has(found.schema)) return [];
  seen.add(found.schema);
  return partsOf(found)?.flatMap((part) => conjunctsOf(part, seen)) ?? [found];
}

function typesOf({ schema, root }: SchemaAt): ReadonlySet<string> {
  const types = new Set(allowedTypes(schema as Keywords | boolean));
  if (types.has('number')) types.add('integer');
  const values = listedValues(schema, root);
  if (!values) return types;
  return new Set(values.map(typeOf).filter((type) => types.has(type)));
}

function shareNoValue(one: SchemaAt, other: SchemaAt): boolean {
  const mine = listedValues(one.schema, one.root);
  const theirs = mine && listedValues(other.schema, other.root);
  if (!theirs) return false;
  const keys = new Set(theirs.map(equalityKey));
  return !mine.some((value) => keys.has(equalityKey(value)));
}

/** Without the value of a `const` that the draft, 04 if the definition names none, does not define. */
function listedValues(schema: unknown, root: unknown): readonly unknown[] | undefined {
  if (typeof schema !== 'object') return undefined;
  const { const: value, ...rest } = schema as Keywords;
  const ignoresConst = unknownKeywords[draftNamedIn(root, '04')].includes('const');
  return valuesOf(ignoresConst ? rest : (schema as Keywords));
}
