import { memberPointer } from '../json/json-pointer.ts';
import type { Draft } from './drafts.ts';
import { isObject, type Keywords } from './each-schema.ts';
import { hasIgnoredSiblings } from './each-used-schema.ts';
import { inReference, invalidAt } from './invalid-at.ts';
import { findKeywordFault } from './keyword-fault.ts';
import { regularExpression } from './regular-expression.ts';
import type { Place } from './schema-place.ts';

const stringKeywords = ['$ref', '$id', '$schema'];
const moreStringKeywords: Record<Draft, readonly string[]> = {
  '04': ['id', 'title', 'description'],
  '06': ['title', 'description'],
  '07': ['title', 'description'],
  '2019-09': ['$anchor', '$recursiveRef'],
  '2020-12': ['$anchor', '$dynamicRef', '$dynamicAnchor'],
};

/**
 * Rejects faults of one schema that ajv ignores or misreads. Schemas inside it are not checked.
 *
 * @throws InvalidSchemaError
 */
export function checkPlace({ node, pointer, document: { name, draft } }: Place): void {
  try {
    if (isObject(node)) checkSchema(node, pointer, draft);
  } catch (error) {
    throw name === undefined ? error : inReference(name, error as Error);
  }
}

function checkSchema(schema: Keywords, pointer: string, draft: Draft): void {
  checkNames(schema, pointer);
  for (const keyword of moreStringKeywords[draft]) checkString(schema, keyword, pointer);
  if (hasIgnoredSiblings(schema, draft)) return;
  const fault = findKeywordFault(schema, draft);
  if (fault) throw invalidAt(`${pointer}/${fault.place}`, `expected ${fault.expected}`);
  checkProperties(schema, pointer);
  checkPatterns(schema, pointer, draft);
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
