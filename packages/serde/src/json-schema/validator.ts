import { _, Ajv, type ErrorObject, type KeywordCxt, Name, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import Ajv04 from 'ajv-draft-04';
import { InvalidSchemaError, SchemaMismatchError } from '../errors.ts';
import { parseExactJson } from '../json/exact-json.ts';
import { checkDefinition, placeOfRef } from './check-definition.ts';
import { type Draft, draftNamedIn, draftOf, keywordsOfLaterDrafts } from './drafts.ts';
import { eachSchema, isObject } from './each-schema.ts';
import { fragmentOf, heedsRefAlone, namedLike } from './each-used-schema.ts';
import { useExactKeywords, useOwnKeywords } from './exact-keywords.ts';
import { createShadows } from './exact-values.ts';
import { formatsOf } from './formats.ts';
import { invalidAt } from './invalid-at.ts';
import type { JsonForm } from './json-form.ts';
import { mendForAjv, nameForAjv } from './mend-for-ajv.ts';
import { createRefBudget } from './ref-budget.ts';
import { regularExpression } from './regular-expression.ts';
import { createValuePointers, type ValuePointers } from './value-pointers.ts';

const constructors: Record<Draft, new (options: Options) => Ajv> = {
  '04': Ajv04 as never,
  '06': Ajv,
  '07': Ajv,
  '2019-09': Ajv2019,
  '2020-12': Ajv2020,
};

export interface Validator {
  /** Checks a value. Throws SchemaMismatchError at the first place where it does not fit. */
  check(form: JsonForm): void;
  readonly pointers: ValuePointers;
}

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
    const schema = parseExactJson(definition);
    const draft = draftOf(schema, unnamedDraft);
    const outerRefs = checkDefinition(schema, draft);
    const referred = readReferences(references, draft, outerRefs);
    const documents = [schema, ...referred.map(([, other]) => other)];
    const refs = documents.flatMap((document) => refsIn(document));
    for (const document of documents) mendForAjv(document, draft, refs);
    return compileSchema(schema, draft, referred, refs.length);
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw error;
    if (error instanceof RangeError) throw invalidAt('', 'it nests too deeply');
    throw invalidAt('', (error as Error).message);
  }
}

type Document = readonly [name: string, schema: unknown];

/** Those that can be read. What the definition does not use is not looked at closer. */
function readReferences(
  references: readonly Referred[],
  draft: Draft,
  outerRefs: readonly string[],
): readonly Document[] {
  const schemas = new Map<string, unknown>();
  const faults = new Map<string, Error>();
  for (const { name, definition } of references) {
    try {
      schemas.set(name, parseExactJson(definition));
    } catch (error) {
      faults.set(name, error as Error);
    }
  }
  const known = new Set<string>();
  let open = outerRefs;
  while (open.length > 0) {
    const fresh = [...new Set(open)].filter((ref) => !known.has(ref));
    for (const ref of fresh) known.add(ref);
    const byName = Map.groupBy(fresh, (ref) => nameOf(ref.replace(/#.*/s, '')));
    open = [...byName].flatMap(([name, refs]) => (name === undefined ? [] : check(name, refs)));
  }
  return [...schemas];

  function nameOf(document: string): string | undefined {
    const name = namedLike(document, [...schemas.keys(), ...faults.keys()]);
    return (
      name ?? [...schemas].find(([, schema]) => isObject(schema) && schema.$id === document)?.[0]
    );
  }

  function check(name: string, refs: readonly string[]): readonly string[] {
    try {
      const fault = faults.get(name);
      if (fault) throw fault;
      const schema = schemas.get(name);
      return checkDefinition(schema, draftNamedIn(schema, draft), refs.map(fragmentOf));
    } catch (error) {
      throw new InvalidSchemaError(`reference ${name}: ${reasonOf(error as Error)}`);
    }
  }
}

function reasonOf({ message }: Error): string {
  return message.replace(/^unusable schema: /, '');
}

function compileSchema(
  schema: unknown,
  draft: Draft,
  referred: readonly Document[],
  refCount: number,
): Validator {
  const shadows = createShadows();
  const shadow = shadows.shadowOf(schema);
  const pointers = createValuePointers([schema, ...referred.map(([, other]) => other)]);
  const budget = createRefBudget(refCount);
  const schemaHasBigint = holdsBigint(schema) || holdsBigint(referred);
  let root: unknown;

  const plain = schemaHasBigint ? undefined : compileWith((ajv) => useOwnKeywords(ajv, draft));
  // Made when the first bigint comes: most schemas never see one.
  let exact = schemaHasBigint ? compileExact() : undefined;

  return {
    pointers,
    check({ json, hasBigint, partCount }) {
      budget.begin(partCount);
      let validate = plain;
      let checked = json;
      if (hasBigint || !validate) {
        validate = exact ??= compileExact();
        root = json;
        checked = shadows.shadowOf(json);
      }
      if (!runs(validate, checked)) throw mismatch(validate.errors ?? [], json, pointers);
    },
  };

  function compileExact() {
    return compileWith((ajv) => useExactKeywords(ajv, shadows, () => root, draft));
  }

  function addReferred(ajv: Ajv, name: string, other: unknown): void {
    try {
      ajv.addSchema(shadows.shadowOf(other) as never, nameForAjv(name));
    } catch {
      // One that is used is missed when the schema is compiled.
    }
  }

  function compilePattern(pattern: string): RegExp {
    return regularExpression(pattern, draft);
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
      ignoreKeywordsWithRef: heedsRefAlone(draft),
      formats: formatsOf(draft),
      code: { regExp: Object.assign(compilePattern, { code: 'regularExpression' }) },
    } as Options);
    for (const keyword of keywordsOfLaterDrafts[draft]) ajv.removeKeyword(keyword);
    mendTuples(ajv);
    mendUnevaluated(ajv);
    budget.bound(ajv);
    prepare(ajv);
    try {
      for (const [name, other] of referred) addReferred(ajv, name, other);
      return ajv.compile(shadow as never);
    } catch (error) {
      throw located(error as Error, schema);
    }
  }
}

/** ajv says what is wrong, and not where. */
function located(error: Error, schema: unknown): Error {
  const { missingRef } = error as { missingRef?: string };
  if (missingRef === undefined) return error;
  const place = placeOfRef(schema, (ref) => missingRef.endsWith(ref));
  return invalidAt(place, 'it leads neither into the definition nor into its references');
}

function runs(validate: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return validate(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidAt('', '$ref leads in a circle, or the value nests too deeply for it');
  }
}

/** The errors before the last are those of branches that ajv tried. */
function mismatch(
  errors: readonly ErrorObject[],
  value: unknown,
  pointers: ValuePointers,
): SchemaMismatchError {
  const last = errors.at(-1);
  const error = (last?.keyword === 'if' && errors.at(-2)) || last;
  if (!error) return new SchemaMismatchError('', 'match of the schema');
  const { keyword, instancePath, params, message } = error;
  const property =
    params.missingProperty ??
    params.additionalProperty ??
    params.unevaluatedProperty ??
    params.propertyName;
  const pointer = pointers.masked(instancePath, value, property);
  if (keyword === 'type') return new SchemaMismatchError(pointer, String(params.type));
  return new SchemaMismatchError(pointer, `match of ${keyword}: ${message}`);
}

// ajv 8.20.0, when it may stop at the first fault, takes a missing property named '' for none missing.
function losesErrors(definition: unknown): boolean {
  let loses = false;
  eachSchema(definition, ({ required, dependencies, dependentRequired }) => {
    const lists = [required, ...[dependencies, dependentRequired].flatMap(valuesOf)];
    loses ||= lists.some((list) => Array.isArray(list) && list.includes(''));
  });
  return loses;
}

function valuesOf(map: unknown): unknown[] {
  return isObject(map) ? Object.values(map) : [];
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

// It takes a name such as `toString` for evaluated, which every object has from its prototype.
function mendUnevaluated(ajv: Ajv): void {
  const definition = ajv.getKeyword('unevaluatedProperties');
  if (typeof definition !== 'object' || !('code' in definition)) return;
  ajv.removeKeyword('unevaluatedProperties');
  ajv.addKeyword({
    ...definition,
    code(context: KeywordCxt, rule?: string) {
      const { it, gen } = context;
      if (it.props instanceof Name) {
        const own = _`Object.assign(Object.create(null), ${it.props})`;
        it.props = gen.var('props', _`${it.props} === true || ${own}`);
      }
      definition.code(context, rule);
    },
  });
}

function holdsBigint(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBigint);
}

function refsIn(node: unknown, found: string[] = []): string[] {
  if (typeof node !== 'object' || node === null) return found;
  for (const [key, part] of Object.entries(node)) {
    if (/^\$(?:ref|dynamicRef|recursiveRef)$/.test(key)) found.push(String(part));
    refsIn(part, found);
  }
  return found;
}
