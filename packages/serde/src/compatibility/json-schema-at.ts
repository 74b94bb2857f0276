import { pointerOf } from '../json/json-pointer.ts';
import { isObject, type Keywords } from '../json-schema/each-schema.ts';
import { invalidAt } from '../json-schema/invalid-at.ts';
import { stepsOf } from '../json-schema/reference-steps.ts';
import type { Fault } from './fault.ts';
import { below, keysOfPath, type Path } from './path.ts';

export type { Keywords };

/** A schema inside a definition. */
export interface SchemaAt {
  /** An object or a boolean. */
  readonly schema: unknown;
  /** The whole definition, in which a `$ref` is resolved. */
  readonly root: unknown;
  /** Keys from the root to this schema, or to the target of a `$ref`. */
  readonly path: Path;
}

export type Found = Fault[];

export function fault(
  type: string,
  reader: SchemaAt,
  writer: SchemaAt,
  message: Fault['message'],
  keyword?: string,
): Fault {
  const path = keyword ? below(reader.path, keyword) : reader.path;
  return { type, reader: path, writer: writer.path, message };
}

/**
 * The target of the `$ref` of a schema.
 *
 * @throws InvalidSchemaError the target is outside the definition, or missing, or not a schema
 */
export function targetOf(at: SchemaAt): SchemaAt {
  const target = lookUp(String(keywordsOf(at).$ref), at);
  if (typeof target.schema === 'boolean' || isObject(target.schema)) return target;
  throw invalidAt(pointerOf(keysOfPath(target.path)), 'expected a schema');
}

// Invariant: every reference that has a target is a JSON pointer from the root, by joinReferences.
function lookUp(ref: string, { root, path }: SchemaAt): SchemaAt {
  const place = `${pointerOf(keysOfPath(path))}/$ref`;
  if (!/^#(?:\/|$)/.test(ref)) throw invalidAt(place, 'the target is not in the definition');
  const steps = stepsOf(ref);
  let schema = root;
  for (const key of steps) {
    const exists = typeof schema === 'object' && schema !== null && Object.hasOwn(schema, key);
    if (!exists) throw invalidAt(place, 'the reference has no target');
    schema = (schema as Keywords)[key];
  }
  return { schema, root, path: below(undefined, ...steps) };
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
