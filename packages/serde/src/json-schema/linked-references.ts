import { _, type Ajv, type AnySchema, type KeywordCxt, type ValidateFunction } from 'ajv';
import { callRef } from 'ajv/dist/vocabularies/core/ref.js';
import { isObject, type Keywords } from './each-schema.ts';
import { definitionNameIn, isPart } from './linked-names.ts';
import { replaceKeyword } from './replace-keyword.ts';
import { partsOf } from './schema-parts.ts';
import { type Definition, divideWideKeywords, type RecordMatch } from './wide-keywords.ts';

// ajv itself inlines every definition without a reference, as often as it is referred to.
const maxInlineParts = 20;

/**
 * Compiles a linked schema: each definition that is used once, one after the other. ajv itself compiles a definition
 * inside the one that refers to it, so that the length of a chain of references was limited by the stack.
 *
 * @param linked schema whose references are `#` or `#/$defs/…`
 * @param follow called by the generated code for each reference
 */
export function compileLinked(
  ajv: Ajv,
  linked: unknown,
  follow: () => void,
  recordMatch?: RecordMatch,
): ValidateFunction {
  const { $defs = {} } = isObject(linked) ? linked : {};
  const whole: Definition = { schema: linked };
  const named = new Map<string | undefined, Definition>([[undefined, whole]]);
  const open = [whole];

  replaceKeyword(ajv, '$ref', (context) => {
    const { gen, schema: ref } = context;
    if (!isPart(ref)) gen.code(_`${gen.scopeValue('func', { ref: follow })}()`);
    const definition = definitionOf(ref);
    if (isSmall(definition.schema)) inline(context, definition.schema as AnySchema);
    else callRef(context, _`${gen.scopeValue('wrapper', { ref: definition })}.validate`);
  });
  divideWideKeywords(ajv, define, recordMatch);
  for (let next = open.pop(); next; next = open.pop()) {
    next.validate = ajv.compile(next.schema as AnySchema);
  }
  return whole.validate as ValidateFunction;

  function define(schema: unknown): Definition {
    const definition: Definition = { schema };
    open.push(definition);
    return definition;
  }

  function definitionOf(ref: string): Definition {
    const name = definitionNameIn(ref);
    const known = named.get(name);
    if (known) return known;
    const schema = ($defs as Keywords)[name as string];
    const definition: Definition = isSmall(schema) ? { schema } : define(schema);
    named.set(name, definition);
    return definition;
  }
}

function inline(context: KeywordCxt, schema: AnySchema): void {
  const { gen, schema: ref } = context;
  const valid = gen.name('valid');
  const topSchemaRef = gen.scopeValue('schema', { ref: schema });
  const paths = { schemaPath: _``, errSchemaPath: ref as string };
  context.subschema({ schema, dataTypes: [], topSchemaRef, ...paths }, valid);
  context.ok(valid);
}

const smallness = new WeakMap<object, boolean>();

/** Whether a schema has few parts and no references. */
function isSmall(schema: unknown): boolean {
  if (!isObject(schema)) return true;
  const isKnown = smallness.get(schema);
  const found = isKnown ?? partsOf(schema, maxInlineParts, maxInlineParts + 1) <= maxInlineParts;
  smallness.set(schema, found);
  return found;
}
