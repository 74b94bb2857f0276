import { _, type Ajv, type AnySchema, type KeywordCxt, type ValidateFunction } from 'ajv';
import { callRef } from 'ajv/dist/vocabularies/core/ref.js';
import { isObject, type Keywords } from './each-schema.ts';
import { replaceKeyword } from './replace-keyword.ts';

/** A definition of a linked schema. Generated code looks its function up when it is called. */
interface Definition {
  readonly schema: unknown;
  validate?: ValidateFunction;
}

// ajv itself inlines every definition without a reference, as often as it is referred to.
const maxInlineParts = 20;

/**
 * Compiles a linked schema: each definition that is used once, one after the other. ajv itself compiles a definition
 * inside the one that refers to it, so that the length of a chain of references was limited by the stack.
 *
 * @param linked schema whose references are `#` or `#/$defs/…`
 * @param follow called by the generated code for each reference
 */
export function compileLinked(ajv: Ajv, linked: unknown, follow: () => void): ValidateFunction {
  const { $defs = {} } = isObject(linked) ? linked : {};
  const whole: Definition = { schema: linked };
  const definitions = new Map<string, Definition>([['#', whole]]);
  const open = [whole];

  replaceKeyword(ajv, '$ref', (context) => {
    const { gen, schema: ref } = context;
    gen.code(_`${gen.scopeValue('func', { ref: follow })}()`);
    const definition = definitionOf(ref as string);
    if (isSmall(definition.schema)) inline(context, definition.schema as AnySchema);
    else callRef(context, _`${gen.scopeValue('wrapper', { ref: definition })}.validate`);
  });
  for (let next = open.pop(); next; next = open.pop()) {
    next.validate = ajv.compile(next.schema as AnySchema);
  }
  return whole.validate as ValidateFunction;

  function definitionOf(ref: string): Definition {
    const known = definitions.get(ref);
    if (known) return known;
    const schema = ($defs as Keywords)[ref.slice('#/$defs/'.length)];
    const definition: Definition = { schema };
    definitions.set(ref, definition);
    if (!isSmall(schema)) open.push(definition);
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
  const known = smallness.get(schema) ?? partsOf(schema, maxInlineParts) <= maxInlineParts;
  smallness.set(schema, known);
  return known;
}

/** The number of keys and elements; infinite beyond `limit`, and with a reference. */
function partsOf(node: unknown, limit: number): number {
  if (typeof node !== 'object' || node === null) return 0;
  let count = 0;
  for (const [key, part] of Object.entries(node)) {
    count += key === '$ref' ? Number.POSITIVE_INFINITY : 1 + partsOf(part, limit);
    if (count > limit) return Number.POSITIVE_INFINITY;
  }
  return count;
}
