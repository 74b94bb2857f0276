import { _, type Ajv, type Code, type Name, nil, type ValidateFunction } from 'ajv';
import type { DataValidationCxt } from 'ajv/dist/types/index.js';
import { callValidateCode } from 'ajv/dist/vocabularies/code.js';
import { callRef } from 'ajv/dist/vocabularies/core/ref.js';
import { checkOtherProperties } from './other-members.ts';
import { wrapKeyword } from './replace-keyword.ts';
import { maxPartsPerFunction, partsOf } from './schema-parts.ts';

/** A schema that is compiled to a function of its own. Generated code looks the function up when it is called. */
export interface Definition {
  readonly schema: unknown;
  validate?: ValidateFunction;
}

/** Called with a value and a branch of `anyOf` or `oneOf` that it matches. */
export type RecordMatch = (value: unknown, branch: unknown) => void;

// Every part of these must hold, so groups of parts can be checked one after the other.
const conjunctions = [
  ...['allOf', 'items', 'prefixItems', 'properties', 'patternProperties'],
  ...['dependencies', 'dependentSchemas', 'dependentRequired'],
];
const maxGroups = 16;

/**
 * Divides keywords with many parts among functions. ajv 8.20.0 nests the code of each part in that of the one before it:
 * the code of 1700 parts takes a minute, and that of 5000 more than the stack.
 *
 * @param define has a schema compiled
 * @param recordMatch if given, the branches after one that decides are tried as well
 */
export function divideWideKeywords(
  ajv: Ajv,
  define: (schema: unknown) => Definition,
  recordMatch?: RecordMatch,
): void {
  for (const keyword of conjunctions) {
    wrapKeyword(ajv, keyword, (context, generateOriginal) => {
      const { schema, gen } = context;
      // The value of `items` can be one schema.
      const isOne = keyword === 'items' && !Array.isArray(schema);
      if (isOne || !isWide(schema)) return generateOriginal();
      for (const group of groupsOf(schema)) {
        const definition = gen.scopeValue('wrapper', { ref: define({ [keyword]: group }) });
        callRef(context, _`${definition}.validate`);
      }
    });
  }
  wrapKeyword(ajv, 'additionalProperties', (context, generateOriginal) => {
    const { properties = {}, patternProperties = {} } = context.parentSchema;
    const patterns = Object.keys(patternProperties);
    // ajv's condition nests once for each pattern.
    if (patterns.length <= maxPartsPerFunction) return generateOriginal();
    const expressions = patterns.map((pattern) => ajv.opts.code.regExp(pattern, ''));
    const isDeclared = (name: string) =>
      Object.hasOwn(properties, name) || expressions.some((expression) => expression.test(name));
    const declared = context.gen.scopeValue('func', { ref: { has: isDeclared } });
    checkOtherProperties(context, declared, 'additionalProperty');
  });
  divideBranches('anyOf', 1, (count) => _`${count} > 0`);
  divideBranches('oneOf', 2, (count) => _`${count} === 1`);

  function divideBranches(keyword: string, decisive: number, isValid: (count: Name) => Code) {
    wrapKeyword(ajv, keyword, (context, generateOriginal) => {
      if (!isWide(context.schema)) return generateOriginal();
      const branches = (context.schema as unknown[]).map(define);
      const counter = countMatches(branches, recordMatch ? undefined : decisive, recordMatch);
      const call = callValidateCode(context, context.gen.scopeValue('func', { ref: counter }), nil);
      const count = context.gen.const('count', call);
      context.setParams({ passing: _`null` });
      context.result(
        isValid(count),
        () => context.reset(),
        () => context.error(true),
      );
    });
  }
}

/** A function that counts the branches that a value matches, up to a number that decides. */
function countMatches(
  branches: readonly Definition[],
  decisive = Number.POSITIVE_INFINITY,
  recordMatch: RecordMatch = () => undefined,
) {
  return (value: unknown, context: DataValidationCxt): number => {
    let count = 0;
    for (const { schema, validate } of branches) {
      if (!validate?.(value, context)) continue;
      recordMatch(value, schema);
      count += 1;
      if (count >= decisive) break;
    }
    return count;
  };
}

function isWide(schemas: object): boolean {
  // One schema cannot be divided; a large one has a function of its own already.
  if (Object.keys(schemas).length < 2) return false;
  return partsOf(schemas, maxPartsPerFunction) > maxPartsPerFunction;
}

/** The parts of a list or map of schemas in groups, each part under the index or name that it had. */
function groupsOf(schemas: object): readonly object[] {
  const parts = Object.entries(schemas);
  const size = Math.ceil(parts.length / maxGroups);
  const groups: object[] = [];
  for (let start = 0; start < parts.length; start += size) {
    // ajv skips the holes of a list.
    const group = Array.isArray(schemas) ? [] : {};
    groups.push(Object.assign(group, Object.fromEntries(parts.slice(start, start + size))));
  }
  return groups;
}
