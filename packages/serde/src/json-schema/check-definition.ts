import { memberPointer } from '../json/json-pointer.ts';
import type { Draft } from './drafts.ts';
import { eachSchema, isObject, type Keywords } from './each-schema.ts';
import {
  decodeStep,
  eachUsedSchema,
  heedsRefAlone,
  refsOf,
  type VisitUsed,
} from './each-used-schema.ts';
import { invalidAt } from './invalid-at.ts';
import { findKeywordFault } from './keyword-fault.ts';
import { regularExpression } from './regular-expression.ts';

const texts = ['$ref', '$id', '$schema'];
const textsSince2019: Partial<Record<Draft, readonly string[]>> = {
  '2019-09': ['$anchor', '$recursiveRef'],
  '2020-12': ['$anchor', '$dynamicRef', '$dynamicAnchor'],
};

/** The place of a `$ref` by its text. */
export function placeOfRef(definition: unknown, isIt: (ref: string) => boolean): string {
  let place: string | undefined;
  eachSchema(definition, ({ $ref }: Keywords, pointer) => {
    if (typeof $ref === 'string' && isIt($ref)) place ??= `${pointer}/$ref`;
  });
  return place ?? '';
}

/**
 * Refuses what ajv passes by, or would take for something else.
 *
 * @param refs what of it is used: `#` is the whole
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
    if (draft === '04') checkText(schema, 'id', pointer);
    for (const keyword of textsSince2019[draft] ?? []) checkText(schema, keyword, pointer);
    outerRefs.push(...refsOf(schema).filter((ref) => !ref.startsWith('#')));
    if (typeof schema.$ref === 'string') {
      checkRef(schema.$ref, resource, `${pointer}/$ref`);
      if (heedsRefAlone(draft)) return;
    }
    const fault = findKeywordFault(schema, draft);
    if (fault) throw invalidAt(`${pointer}/${fault.place}`, `${fault.expected} was expected`);
    checkProperties(schema, pointer);
    checkPatterns(schema, pointer, draft);
  };
  eachUsedSchema(definition, draft, check, refs);
  return outerRefs;
}

/**
 * Refuses names and references that are no texts.
 *
 * @throws InvalidSchemaError
 */
export function checkNames(schema: Keywords, pointer: string): void {
  for (const keyword of texts) checkText(schema, keyword, pointer);
}

function checkText(schema: Keywords, keyword: string, pointer: string): void {
  const isWrong = Object.hasOwn(schema, keyword) && typeof schema[keyword] !== 'string';
  if (isWrong) throw invalidAt(`${pointer}/${keyword}`, 'a string was expected');
}

// ajv looks names up in objects that have a prototype: it finds `toString` there, and checks nothing.
function checkRef(ref: string, resource: unknown, place: string): void {
  const [document = '', fragment = ''] = ref.split('#');
  if (isInherited(document)) throw invalidAt(place, 'no document can be called so');
  if (document !== '') return;
  let found = resource;
  for (const step of fragment.split('/').slice(1).map(decodeStep)) {
    const isThere = typeof found === 'object' && found !== null && Object.hasOwn(found, step);
    if (!isThere && isInherited(step)) throw invalidAt(place, 'it leads nowhere');
    found = isThere ? (found as Keywords)[step] : undefined;
  }
}

function isInherited(name: string): boolean {
  return name in Object.prototype;
}

// ajv leaves out a property of that name, whatever is said of it.
function checkProperties(schema: Keywords, pointer: string): void {
  for (const keyword of ['properties', 'patternProperties', 'dependencies']) {
    const map = schema[keyword];
    if (!isObject(map) || !Object.hasOwn(map, '__proto__')) continue;
    throw invalidAt(`${pointer}/${keyword}/__proto__`, 'a property of another name was expected');
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
