import { memberPointer } from '../json/json-pointer.ts';
import type { Draft } from './drafts.ts';
import { eachSchema, isObject, type Keywords } from './each-schema.ts';
import {
  decodeStep,
  eachUsedSchema,
  ignoresRefSiblings,
  refsOf,
  type VisitUsed,
} from './each-used-schema.ts';
import { invalidAt } from './invalid-at.ts';
import { findKeywordFault } from './keyword-fault.ts';
import { regularExpression } from './regular-expression.ts';

const stringKeywords = ['$ref', '$id', '$schema'];
const stringKeywordsSince2019: Partial<Record<Draft, readonly string[]>> = {
  '2019-09': ['$anchor', '$recursiveRef'],
  '2020-12': ['$anchor', '$dynamicRef', '$dynamicAnchor'],
};

/** The JSON pointer of the first `$ref` whose text matches; the root if none does. */
export function pointerOfRef(definition: unknown, matches: (ref: string) => boolean): string {
  let found: string | undefined;
  eachSchema(definition, ({ $ref }: Keywords, pointer) => {
    if (typeof $ref === 'string' && matches($ref)) found ??= `${pointer}/$ref`;
  });
  return found ?? '';
}

/**
 * Rejects faults that ajv ignores or misreads.
 *
 * @param refs the parts that are used; `#` is the whole definition
 * @returns the references to other documents
 * @throws InvalidSchemaError
 */
export function checkDefinition(
  definition: unknown,
  draft: Draft,
  refs?: Iterable<string>,
): readonly string[] {
  const outerRefs: string[] = [];
  const check: VisitUsed = (schema, pointer, resource) => {
    checkNames(schema, pointer);
    if (draft === '04') checkString(schema, 'id', pointer);
    for (const keyword of stringKeywordsSince2019[draft] ?? [])
      checkString(schema, keyword, pointer);
    outerRefs.push(...refsOf(schema).filter((ref) => !ref.startsWith('#')));
    if (typeof schema.$ref === 'string') {
      checkRef(schema.$ref, resource, `${pointer}/$ref`);
      if (ignoresRefSiblings(draft)) return;
    }
    const fault = findKeywordFault(schema, draft);
    if (fault) throw invalidAt(`${pointer}/${fault.place}`, `expected ${fault.expected}`);
    checkProperties(schema, pointer);
    checkPatterns(schema, pointer, draft);
  };
  eachUsedSchema(definition, draft, check, refs);
  return outerRefs;
}

/**
 * Rejects names and references that are not strings.
 *
 * @throws InvalidSchemaError
 */
export function checkNames(schema: Keywords, pointer: string): void {
  for (const keyword of stringKeywords) checkString(schema, keyword, pointer);
}

function checkString(schema: Keywords, keyword: string, pointer: string): void {
  const isWrong = Object.hasOwn(schema, keyword) && typeof schema[keyword] !== 'string';
  if (isWrong) throw invalidAt(`${pointer}/${keyword}`, 'expected a string');
}

// ajv looks names up in objects with a prototype: it would find `toString` there and check nothing.
function checkRef(ref: string, resource: unknown, place: string): void {
  const [document = '', fragment = ''] = ref.split('#');
  if (isInherited(document)) throw invalidAt(place, 'expected the name of a document');
  if (document !== '') return;
  let found = resource;
  for (const step of fragment.split('/').slice(1).map(decodeStep)) {
    const exists = typeof found === 'object' && found !== null && Object.hasOwn(found, step);
    if (!exists && isInherited(step)) throw invalidAt(place, 'the reference has no target');
    found = exists ? (found as Keywords)[step] : undefined;
  }
}

function isInherited(name: string): boolean {
  return name in Object.prototype;
}

// ajv ignores a schema for a property of this name.
function checkProperties(schema: Keywords, pointer: string): void {
  for (const keyword of ['properties', 'patternProperties', 'dependencies']) {
    const map = schema[keyword];
    if (!isObject(map) || !Object.hasOwn(map, '__proto__')) continue;
    throw invalidAt(`${pointer}/${keyword}/__proto__`, 'a property cannot have this name');
  }
}

function checkPatterns(schema: Keywords, pointer: string, draft: Draft): void {
  const { pattern, patternProperties } = schema;
  if (typeof pattern === 'string') checkPattern(pattern, `${pointer}/pattern`, draft);
  if (!isObject(patternProperties)) return;
  for (const name of Object.keys(patternProperties)) {
    checkPattern(name, memberPointer(`${pointer}/patternProperties`, name), draft);
  }
}

function checkPattern(pattern: string, place: string, draft: Draft): void {
  try {
    regularExpression(pattern, draft);
  } catch (error) {
    throw invalidAt(place, (error as Error).message);
  }
}
