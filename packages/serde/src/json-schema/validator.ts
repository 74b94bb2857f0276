import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { InvalidSchemaError, SchemaMismatchError, SerdeError } from '../errors.ts';
import { loopRequiredFor, repairTuples } from './ajv-repairs.ts';
import { createBranchVerdicts } from './branch-verdicts.ts';
import type { Draft } from './drafts.ts';
import { useOwnKeywords } from './exact-keywords.ts';
import { createShadows } from './exact-values.ts';
import { formatsOf } from './formats.ts';
import { invalidAt } from './invalid-at.ts';
import type { JsonForm } from './json-form.ts';
import { type LinkedDefinition, linkDefinition } from './link-definition.ts';
import { compileLinked } from './linked-references.ts';
import type { Referred } from './read-references.ts';
import { createRefBudget } from './ref-budget.ts';
import { regularExpression } from './regular-expression.ts';
import { useOwnUnevaluated, usesUnevaluated } from './unevaluated-keywords.ts';
import { createValuePointers, type ValuePointers } from './value-pointers.ts';

const constructors: Partial<Record<Draft, new (options: Options) => Ajv>> = {
  '2019-09': Ajv2019,
  '2020-12': Ajv2020,
};

export interface Validator {
  /** Checks a value. Throws SchemaMismatchError with the first place that does not match. */
  check(form: JsonForm): void;
  readonly pointers: ValuePointers;
}

/**
 * @param unnamedDraft the draft of a definition without `$schema`
 * @throws InvalidSchemaError the definition is not a schema of its draft, or refers to a document that is
 *   not among the references
 */
export function compileValidator(
  definition: string,
  unnamedDraft: Draft,
  references: readonly Referred[] = [],
): Validator {
  try {
    return compileSchema(linkDefinition(definition, unnamedDraft, references));
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw error;
    throw invalidAt('', (error as Error).message);
  }
}

function compileSchema({ schema, documents, dialect }: LinkedDefinition): Validator {
  const roots = documents.map(({ root }) => root);
  const { draft } = documents[0];
  const shadows = createShadows();
  const shadow = shadows.shadowOf(schema);
  const pointers = createValuePointers(roots);
  const refCount = roots.flatMap((root) => refsIn(root)).length;
  const budget = createRefBudget(refCount);
  const schemaHasBigint = holdsBigint(schema);
  const verdicts = usesUnevaluated(schema) ? createBranchVerdicts() : undefined;
  let root: unknown;

  const plain = schemaHasBigint ? undefined : compileWith((ajv) => useOwnKeywords(ajv));
  // Compiled for the first bigint: most schemas never see one.
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
      try {
        if (!runs(validate, checked)) throw mismatch(validate.errors ?? [], json, pointers);
      } finally {
        verdicts?.clear();
      }
    },
  };

  function compileExact() {
    return compileWith((ajv) => useOwnKeywords(ajv, { shadows, root: () => root }));
  }

  function compilePattern(pattern: string): RegExp {
    try {
      return regularExpression(pattern, draft);
    } catch {
      // A pattern in a document of a newer draft, which accepts more.
      return regularExpression(pattern, dialect);
    }
  }

  function compileWith(prepare: (ajv: Ajv) => void) {
    const ajv = new (constructors[dialect] ?? Ajv)({
      meta: false,
      validateSchema: false,
      strict: false,
      logger: false,
      ownProperties: true,
      loopRequired: loopRequiredFor(schema),
      formats: formatsOf(draft),
      code: { regExp: Object.assign(compilePattern, { code: 'regularExpression' }) },
    } as Options);
    repairTuples(ajv);
    // ajv collects what keywords evaluate even for schemas that do not ask for it.
    ajv.opts.unevaluated = false;
    if (verdicts) {
      const countReference = budget.follow;
      useOwnUnevaluated(ajv, { root: shadow, verdicts, compilePattern, countReference });
    }
    prepare(ajv);
    return compileLinked(ajv, shadow, budget.follow, verdicts?.recordMatch);
  }
}

function runs(validate: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return validate(value);
  } catch (error) {
    if (error instanceof SerdeError) throw error;
    if (error instanceof RangeError) {
      throw invalidAt('', '$ref is circular, or the value nests too deeply for it');
    }
    throw invalidAt('', 'the schema cannot be applied to this value');
  }
}

/** Reports the last error; those before it belong to branches that ajv tried. */
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
