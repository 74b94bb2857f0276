import { pointerOf } from '../json/json-pointer.ts';
import { eachSchema, isObject, type Keywords } from '../json-schema/each-schema.ts';
import { equalityKey } from '../json-schema/exact-values.ts';
import { invalidAt } from '../json-schema/invalid-at.ts';
import { stepsOf } from '../json-schema/reference-steps.ts';
import { faultAt, type ReaderWriterFault } from './check-history.ts';

export type { Keywords };

/** A schema inside a definition. */
export interface SchemaAt {
  /** An object or a boolean. */
  readonly schema: unknown;
  /** The whole definition, in which a `$ref` is resolved. */
  readonly root: unknown;
  /** Keys from the root to this schema, or to the target of a `$ref`. */
  readonly path: readonly string[];
}

export type Found = ReaderWriterFault[];

/** Why the reader schema does not accept every value of the writer schema; empty if it does. */
export type Compare = (reader: SchemaAt, writer: SchemaAt) => Found;

export function fault(
  type: string,
  reader: SchemaAt,
  writer: SchemaAt,
  message: string,
  keyword?: string,
): ReaderWriterFault {
  return faultAt(type, keyword ? [...reader.path, keyword] : reader.path, writer.path, message);
}

const maxRefs = 100;

/**
 * Follows a chain of `$ref`s to its schema.
 *
 * @throws InvalidSchemaError the target is outside the definition, missing or not a schema, or the chain is
 *   circular
 */
export function resolveRef(at: SchemaAt): SchemaAt {
  let found = at;
  for (let count = 0; count < maxRefs; count += 1) {
    const { schema, root, path } = found;
    if (typeof schema === 'boolean') return found;
    if (!isObject(schema)) throw invalidAt(pointerOf(path), 'expected a schema');
    if (!Object.hasOwn(schema, '$ref')) return found;
    const whole = withSiblings(schema, found);
    if (whole) return { schema: whole, root, path };
    found = lookUp(String(schema.$ref), found);
  }
  throw invalidAt(pointerOf(at.path), '$ref is circular');
}

/** Whether two parts of schemas are equal, including the targets of their references. */
function isSame(one: SchemaAt, other: SchemaAt, seen = new Set<string>()): boolean {
  if (equalityKey(one.schema) !== equalityKey(other.schema)) return false;
  return refsIn(one.schema).every((ref) => {
    if (seen.has(ref)) return true;
    seen.add(ref);
    return isSame(lookUp(ref, one), lookUp(ref, other), seen);
  });
}

/** Whether the reader has a keyword with another schema than the writer, or that the writer lacks. */
export function differsIn(keyword: string, reader: SchemaAt, writer: SchemaAt): boolean {
  const wanted = keywordsOf(reader)[keyword];
  const given = keywordsOf(writer)[keyword];
  if (wanted === undefined) return false;
  return (
    given === undefined || !isSame({ ...reader, schema: wanted }, { ...writer, schema: given })
  );
}

function refsIn(node: unknown): string[] {
  const refs: string[] = [];
  eachSchema(node, ({ $ref }) => {
    if (typeof $ref === 'string') refs.push($ref);
  });
  return refs;
}

const wholes = new WeakMap<object, Keywords>();

/** The paths of the parts of an `allOf` that was created for a comparison. */
export const pathsOfParts = new WeakMap<object, readonly (readonly string[])[]>();

// The drafts up to 07 ignore every keyword beside a `$ref`. In later ones it is a keyword like others.
function withSiblings(schema: Keywords, { root, path }: SchemaAt): Keywords | undefined {
  const { $schema } = root as Keywords;
  if (typeof $schema !== 'string' || !/\/draft\/20(?:19-09|20-12)\//.test($schema))
    return undefined;
  const { $ref, ...rest } = schema;
  if (Object.keys(rest).every((keyword) => annotations.has(keyword))) return undefined;
  // Invariant: created once, because pairs of schemas in progress are recognized by identity.
  const whole = wholes.get(schema) ?? { allOf: [{ $ref }, rest] };
  wholes.set(schema, whole);
  pathsOfParts.set(whole, [path, path]);
  return whole;
}

/** Keywords that do not constrain a value. */
export const annotations: ReadonlySet<string> = new Set(
  '$schema $id id $anchor $comment title description default examples readOnly writeOnly deprecated definitions $defs'.split(
    ' ',
  ),
);

// Invariant: every reference that has a target is a JSON pointer from the root, by joinReferences.
function lookUp(ref: string, { root, path }: SchemaAt): SchemaAt {
  const place = `${pointerOf(path)}/$ref`;
  if (!/^#(?:\/|$)/.test(ref)) throw invalidAt(place, 'the target is not in the definition');
  const steps = stepsOf(ref);
  let schema = root;
  for (const key of steps) {
    const exists = typeof schema === 'object' && schema !== null && Object.hasOwn(schema, key);
    if (!exists) throw invalidAt(place, 'the reference has no target');
    schema = (schema as Keywords)[key];
  }
  return { schema, root, path: steps };
}

/** The keywords of a schema; a boolean has none. */
export function keywordsOf({ schema }: SchemaAt): Keywords {
  return isObject(schema) ? schema : {};
}

const everyType = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];

export function allowedTypes(schema: Keywords | boolean): ReadonlySet<string> {
  if (typeof schema === 'boolean') return new Set(schema ? everyType : []);
  const { type } = schema;
  if (type === undefined) return new Set(everyType);
  return new Set((Array.isArray(type) ? type : [type]) as string[]);
}
