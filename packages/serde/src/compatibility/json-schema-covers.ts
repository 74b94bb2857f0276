import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { allOfIn, childOf, refIn, schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { markEffective } from './json-schema-effective.ts';
import { isDynamic } from './json-schema-evaluated.ts';
import type { Members } from './json-schema-members.ts';
import { schemaDependencies } from './json-schema-required.ts';
import { isSame } from './json-schema-same.ts';
import { surelyEvaluates } from './json-schema-surely-evaluates.ts';

/** A schema that is known to apply to a value; nested if it is inside the one with the `unevaluated…`. */
interface Part {
  readonly at: SchemaAt;
  readonly isNested: boolean;
}

/** Nested branches multiply. */
const maxSteps = 2_000;

/**
 * Whether the reader evaluates each member that a schema of the writer evaluates, in every value that is valid under
 * the reader's other keywords and matches all parts. What it demands of the members is compared elsewhere.
 *
 * @param members of a value that are evaluated
 * @param parts with `writer` among them
 */
export function covers(
  reader: SchemaAt,
  writer: SchemaAt,
  members: Members,
  parts: readonly SchemaAt[],
  comparison: Comparison,
): boolean {
  const { compare, resolve } = comparison;
  let steps = 0;
  return coversAll(partsOf(reader, false), writer, false);

  /** @param readers what is known to apply wherever the schema of the writer does */
  function coversAll(readers: readonly Part[], given: SchemaAt, isNested = true): boolean {
    steps += 1;
    if (steps > maxSteps) return false;
    return partsOf(given, isNested).every(
      (part) =>
        coversOwn(readers, part) &&
        coversBranches(readers, part.at, 'anyOf') &&
        coversBranches(readers, part.at, 'oneOf') &&
        coversDependencies(readers, part.at) &&
        coversCondition(readers, part.at),
    );
  }

  function coversOwn(readers: readonly Part[], { at, isNested }: Part): boolean {
    if (isDynamic(at) && !readers.some((part) => isSameDynamic(part.at, at))) return false;
    return members(at, isNested, comparison).every(
      (evaluates) =>
        readers.some((part) => evaluates(part.at, part.isNested)) ||
        surelyEvaluates(reader, evaluates, parts, comparison),
    );
  }

  /** A branch of the reader that takes every value of a branch of the writer applies wherever that one does. */
  function coversBranches(readers: readonly Part[], at: SchemaAt, keyword: string): boolean {
    return schemasIn(at, keyword).every(
      (branch, index) =>
        coversAll(readers, branch) ||
        readers.some((part) => {
          const own = schemasIn(part.at, keyword);
          // Mostly the branches have kept their places.
          const ordered = [...own.slice(index, index + 1), ...own.toSpliced(index, 1)];
          return ordered.some(
            (one) => coversAll(withPart(readers, one), branch) && accepts(one, branch),
          );
        }),
    );
  }

  function coversDependencies(readers: readonly Part[], at: SchemaAt): boolean {
    return schemaDependencies(at).every(([name, dependent]) => {
      const own = readers
        .flatMap((part) => schemaDependencies(part.at))
        .filter(([trigger]) => trigger === name);
      return coversAll(
        own.reduce((all, [, one]) => withPart(all, one), readers),
        dependent,
      );
    });
  }

  function coversCondition(readers: readonly Part[], at: SchemaAt): boolean {
    const [condition] = childrenOf(at, 'if');
    if (!condition) return true;
    const matching = [condition, ...childrenOf(at, 'then')];
    const failing = childrenOf(at, 'else');
    if ([...matching, ...failing].every((part) => coversAll(readers, part))) return true;
    const whereMatching = applied(['if', 'then'], (own) => accepts(own, condition));
    const whereFailing = applied(['else'], (own) => accepts(condition, own));
    return (
      matching.every((part) => coversAll(whereMatching, part)) &&
      failing.every((part) => coversAll(whereFailing, part))
    );

    /** With what else the reader applies, where its own condition is sure to have the same result. */
    function applied(keywords: string[], isSure: (own: SchemaAt) => boolean): readonly Part[] {
      const added = readers
        .filter((part) => childrenOf(part.at, 'if').some(isSure))
        .flatMap((part) => keywords.flatMap((keyword) => childrenOf(part.at, keyword)));
      return added.reduce(withPart, readers);
    }
  }

  function accepts(one: SchemaAt, other: SchemaAt): boolean {
    return isSame(one, other, comparison) || compare(one, [other]).length === 0;
  }

  function withPart(readers: readonly Part[], added: SchemaAt): readonly Part[] {
    return [...readers, ...partsOf(added, true)];
  }

  /** A schema and all schemas that apply wherever it does. */
  function partsOf(whole: SchemaAt, isNested: boolean): readonly Part[] {
    const found = new Map<unknown, Part>();
    add(whole, isNested);
    return [...found.values()];

    function add(given: SchemaAt, isNested: boolean): void {
      const at = resolve(given);
      if (typeof at.schema === 'boolean' || found.has(at.schema)) return;
      found.set(at.schema, { at, isNested });
      const ref = refIn(at);
      for (const part of [...(ref ? [ref] : []), ...allOfIn(at)]) add(part, true);
    }
  }

  function isSameDynamic(one: SchemaAt, other: SchemaAt): boolean {
    return isDynamic(one) && isSame(dynamicIn(one), dynamicIn(other), comparison);
  }
}

function childrenOf(at: SchemaAt, keyword: string): SchemaAt[] {
  return keywordsOf(at)[keyword] === undefined ? [] : [childOf(at, keyword)];
}

function dynamicIn(at: SchemaAt): SchemaAt {
  const { $dynamicRef, $recursiveRef } = keywordsOf(at);
  return { ...at, schema: markEffective({ $dynamicRef, $recursiveRef }) };
}
