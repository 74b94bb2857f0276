import { InvalidSchemaError } from '../errors.ts';

export type Keywords = Readonly<Record<string, unknown>>;

/** A schema inside a definition. */
export interface SchemaAt {
  /** An object or a boolean. */
  readonly schema: unknown;
  /** The whole definition, in which `$ref` is looked up. */
  readonly root: unknown;
  /** Keys from the root to here, or to where a `$ref` led. */
  readonly path: readonly string[];
}

const maxRefs = 100;

/**
 * The schema that a chain of `$ref`s ends at.
 *
 * @throws InvalidSchemaError it leads out of the definition, nowhere, or in a circle
 */
export function resolveRef(at: SchemaAt): SchemaAt {
  let found = at;
  for (let count = 0; count < maxRefs; count += 1) {
    const { schema, root } = found;
    if (typeof schema !== 'object' || schema === null || !('$ref' in schema)) return found;
    if (typeof schema.$ref !== 'string') return found;
    found = lookUp(schema.$ref, root);
  }
  throw new InvalidSchemaError('$ref leads in a circle');
}

function lookUp(ref: string, root: unknown): SchemaAt {
  if (ref !== '#' && !ref.startsWith('#/')) {
    const named = findById(root, ref, []);
    if (named) return { ...named, root };
    throw new InvalidSchemaError('$ref leads out of the definition');
  }
  const path = ref
    .split('/')
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  let schema: unknown = root;
  for (const key of path) {
    const isThere = typeof schema === 'object' && schema !== null && Object.hasOwn(schema, key);
    if (!isThere) throw new InvalidSchemaError(`$ref ${ref} leads nowhere`);
    schema = (schema as Keywords)[key];
  }
  return { schema, root, path };
}

/** By `$id` (`id` in draft-04) or `$anchor`, as written. */
function findById(
  node: unknown,
  ref: string,
  path: readonly string[],
): Omit<SchemaAt, 'root'> | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const { $id, id, $anchor } = node as Keywords;
  if ($id === ref || id === ref || (typeof $anchor === 'string' && `#${$anchor}` === ref)) {
    return { schema: node, path };
  }
  for (const [key, member] of Object.entries(node)) {
    const found = findById(member, ref, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

const everyType = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];

export function allowedTypes(schema: Keywords | boolean): ReadonlySet<string> {
  if (typeof schema === 'boolean') return new Set(schema ? everyType : []);
  const { type } = schema;
  if (type === undefined) return new Set(everyType);
  return new Set((Array.isArray(type) ? type : [type]) as string[]);
}
