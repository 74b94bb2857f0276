import { _, Ajv, type ErrorObject, type KeywordCxt, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import Ajv04 from 'ajv-draft-04';
import { InvalidSchemaError, SchemaMismatchError } from '../errors.ts';
import { parseExactJson } from '../exact-json.ts';
import { type Draft, draftOf, keywordsOfLaterDrafts } from './drafts.ts';
import { useDecimalMultiples, useExactKeywords } from './exact-keywords.ts';
import { createShadows } from './exact-values.ts';
import { formatsOf } from './formats.ts';
import type { JsonForm } from './json-form.ts';
import { regularExpression } from './regular-expression.ts';

const constructors: Record<Draft, new (options: Options) => Ajv> = {
  '04': Ajv04 as never,
  '06': Ajv,
  '07': Ajv,
  '2019-09': Ajv2019,
  '2020-12': Ajv2020,
};

/** Checks a value. Throws SchemaMismatchError at the first place where it does not fit. */
export type Validator = (form: JsonForm) => void;

/** A schema that `$ref` calls by this name. */
interface Referred {
  readonly name: string;
  readonly definition: string;
}

/**
 * @param unnamedDraft of a definition without `$schema`
 * @throws InvalidSchemaError the definition is no schema of its draft, or refers to a document that is
 *   not among the references
 */
export function compileValidator(
  definition: string,
  unnamedDraft: Draft,
  references: readonly Referred[] = [],
): Validator {
  try {
    const schema = parseSchema(definition);
    return compileSchema(schema, draftOf(schema, unnamedDraft), references);
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw error;
    // ajv's own words, or that the schema nests too deeply for the stack.
    throw new InvalidSchemaError((error as Error).message);
  }
}

function compileSchema(schema: unknown, draft: Draft, references: readonly Referred[]): Validator {
  const shadows = createShadows();
  const shadow = shadows.shadowOf(schema);
  const referred = references.map(
    ({ name, definition }) => [name, parseSchema(definition)] as const,
  );
  const schemaHasBigint = holdsBigint(schema) || holdsBigint(referred);
  let root: unknown;

  const plain = schemaHasBigint ? undefined : compileWith((ajv) => useDecimalMultiples(ajv));
  // Made when the first bigint comes: most schemas never see one.
  let exact = schemaHasBigint ? compileExact() : undefined;

  return ({ json, hasBigint }) => {
    let validate = plain;
    let checked = json;
    if (hasBigint || !validate) {
      validate = exact ??= compileExact();
      root = json;
      checked = shadows.shadowOf(json);
    }
    if (!runs(validate, checked)) throw mismatch(validate.errors ?? []);
  };

  function compileExact() {
    return compileWith((ajv) => useExactKeywords(ajv, shadows, () => root, draft));
  }

  function compileWith(prepare: (ajv: Ajv) => void) {
    const ajv = new constructors[draft]({
      // One instance a schema: ids of one must not be seen by another.
      meta: false,
      validateSchema: false,
      strict: false,
      logger: false,
      ownProperties: true,
      allErrors: losesErrors(schema),
      ignoreKeywordsWithRef: draft === '04' || draft === '06' || draft === '07',
      formats: formatsOf(draft),
      code: { regExp: Object.assign(regularExpression, { code: 'regularExpression' }) },
    } as Options);
    for (const keyword of keywordsOfLaterDrafts[draft]) ajv.removeKeyword(keyword);
    mendTuples(ajv);
    prepare(ajv);
    for (const [name, other] of referred) ajv.addSchema(shadows.shadowOf(other) as never, name);
    return ajv.compile(shadow as never);
  }
}

function runs(validate: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return validate(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidSchemaError('$ref leads in a circle');
  }
}

/** The errors before the last are those of branches that ajv tried. */
function mismatch(errors: readonly ErrorObject[]): SchemaMismatchError {
  const last = errors.at(-1);
  const error = (last?.keyword === 'if' && errors.at(-2)) || last;
  if (!error) return new SchemaMismatchError('', 'match of the schema');
  const { keyword, instancePath, params, message } = error;
  const property =
    params.missingProperty ??
    params.additionalProperty ??
    params.unevaluatedProperty ??
    params.propertyName;
  const pointer =
    property === undefined ? instancePath : `${instancePath}/${escapeKey(String(property))}`;
  if (keyword === 'type') return new SchemaMismatchError(pointer, String(params.type));
  return new SchemaMismatchError(pointer, `match of ${keyword}: ${message}`);
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

// ajv 8.20.0, when it may stop at the first fault, takes a missing property named '' for none missing.
function losesErrors(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  const { required, dependencies } = node as Record<string, unknown>;
  const lists = [required, ...Object.values(dependencies ?? {})];
  if (lists.some((list) => Array.isArray(list) && list.includes(''))) return true;
  return Object.values(node).some(losesErrors);
}

// It also passes by every later keyword when the array is too short for one of the items that have a
// schema each: the item's verdict is undefined then, which it takes for a fault already told.
function mendTuples(ajv: Ajv): void {
  for (const keyword of ['items', 'prefixItems']) {
    const definition = ajv.getKeyword(keyword);
    if (typeof definition !== 'object' || !('code' in definition)) continue;
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      ...definition,
      code(context: KeywordCxt, rule?: string) {
        context.ok = (verdict) => {
          if (!context.allErrors) context.gen.if(_`${verdict} !== false`);
        };
        definition.code(context, rule);
      },
    });
  }
}

function holdsBigint(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBigint);
}

function parseSchema(definition: string): unknown {
  const schema = parseExactJson(definition);
  forgetNullable(schema);
  return schema;
}

// OpenAPI's word: JSON Schema has no `nullable`, but ajv heeds it wherever it stands beside a `type`.
function forgetNullable(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if ('nullable' in node && 'type' in node && !isSchema(node.type)) delete node.nullable;
  for (const part of Object.values(node)) forgetNullable(part);
}

// Among `properties`, `type` is the name of one and has a schema.
function isSchema(value: unknown): boolean {
  return typeof value === 'boolean' || (typeof value === 'object' && !Array.isArray(value));
}
