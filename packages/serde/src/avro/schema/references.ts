import { InvalidSchemaError } from '../../errors.ts';
import { rawJSON } from '../../json/exact-json.ts';
import type { SchemaReference } from '../../registry/schema-registry.ts';

/** A schema as parsed JSON. */
type Schema = string | Schema[] | { [attribute: string]: unknown };

interface Definition {
  schema: { [attribute: string]: unknown };
  /** What the names inside it are relative to. */
  namespace: string;
}

/**
 * The definition with every schema that it refers to written where it is first used, as it would stand without a registry
 * that knows references. Numbers keep their digits.
 *
 * @throws InvalidSchemaError one of the texts is no JSON
 */
export function inlineReferences(
  definition: string,
  references: readonly Pick<SchemaReference, 'definition'>[] = [],
): string {
  if (references.length === 0) return definition;
  const known = new Map<string, Definition>();
  for (const reference of references) collect(parse(reference.definition), '', known);
  return JSON.stringify(inline(parse(definition), '', known, new Set()));
}

/** Every named type that the schema defines, wherever in it. */
function collect(schema: Schema, namespace: string, known: Map<string, Definition>): void {
  if (typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) {
    for (const branch of schema) collect(branch, namespace, known);
    return;
  }
  const inner = isNamed(schema) ? namespaceOf(schema, namespace) : namespace;
  if (isNamed(schema)) known.set(fullName(schema.name, inner), { schema, namespace });
  for (const child of childrenOf(schema)) collect(child, inner, known);
}

/** `seen` holds the names that are defined by now: a definition that comes again becomes its name. */
function inline(
  schema: Schema,
  namespace: string,
  known: ReadonlyMap<string, Definition>,
  seen: Set<string>,
): Schema {
  if (typeof schema === 'string') {
    const name = fullName(schema, namespace);
    const found = known.get(name);
    if (!found || seen.has(name)) return schema;
    // Written elsewhere, its name no longer takes the namespace that surrounded it.
    const own = namespaceOf(found.schema as { name: string }, found.namespace);
    const moved = { ...found.schema, name: lastPart(name), namespace: own };
    return inline(moved, namespace, known, seen);
  }
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((branch) => inline(branch, namespace, known, seen));
  let inner = namespace;
  if (isNamed(schema)) {
    inner = namespaceOf(schema, namespace);
    const name = fullName(schema.name, inner);
    if (seen.has(name)) return name;
    seen.add(name);
  }
  const copy: Record<string, unknown> = { ...schema };
  for (const attribute of ['type', 'items', 'values'])
    if (attribute in copy) copy[attribute] = inline(copy[attribute] as Schema, inner, known, seen);
  if (Array.isArray(copy.fields))
    copy.fields = copy.fields.map((field) =>
      typeof field === 'object' && field !== null && 'type' in field
        ? { ...field, type: inline(field.type as Schema, inner, known, seen) }
        : field,
    );
  return copy;
}

function childrenOf(schema: { [attribute: string]: unknown }): Schema[] {
  const fields = Array.isArray(schema.fields) ? schema.fields.map((field) => field?.type) : [];
  return [schema.type, schema.items, schema.values, ...fields] as Schema[];
}

function isNamed(schema: { [attribute: string]: unknown }): schema is { name: string } {
  return (
    typeof schema.name === 'string' &&
    ['record', 'error', 'enum', 'fixed'].includes(String(schema.type))
  );
}

function namespaceOf(schema: { name: string; namespace?: unknown }, surrounding: string): string {
  const dot = schema.name.lastIndexOf('.');
  if (dot >= 0) return schema.name.slice(0, dot);
  return typeof schema.namespace === 'string' ? schema.namespace : surrounding;
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function parse(text: string): Schema {
  // `rawJSON` is written as it was read, whatever a number would make of it.
  const raw = (_key: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' ? rawJSON(source) : value;
  try {
    return JSON.parse(text, raw as never);
  } catch (error) {
    throw new InvalidSchemaError((error as Error).message);
  }
}
