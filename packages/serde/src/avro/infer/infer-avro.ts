import { InvalidSchemaError, SchemaMismatchError } from '../../errors.ts';
import type { Representation } from '../representation.ts';
import { type Payloads, payloadsOf } from './inferred-payloads.ts';
import {
  type BranchSchema,
  fieldName,
  type RecordSchema,
  scalars,
  shapeOf,
  type TypeSchema,
} from './inferred-schema.ts';
import { addToShape, emptyShape, kindOfJson, type Shape } from './json-shape.ts';

/** How a schema is made from payloads. */
export interface InferenceOptions {
  /** Name of the record. */
  name: string;
  /** Default none. */
  namespace?: string;
  /**
   * A definition made here before: the new one takes all that this one takes, and reads what it wrote. Without it a
   * payload is all that is known, and one that has `[]` or null where others have more gives a narrower schema.
   */
  previous?: string;
  /** As the serializer represents unions. Default `auto`. */
  unions?: Representation['unions'];
}

/** A definition, and the way between payloads and its values. */
export type InferredSchema = Payloads & { definition: string };

/**
 * An Avro schema that encodes each of these JSON payloads, by these rules:
 *
 * - An object is a record; its keys are its fields, sorted. Each field is nullable and defaults to null, since no
 *   payload says that a key must be there: so keys may come and go, BACKWARD and FORWARD.
 * - Integers of 64 bits are `long`, other numbers `double`. `1` and `1.0` are the same JSON number: a `long`.
 * - Null alone is `null`; it widens to any other type, BACKWARD.
 * - An array holds nullable items of all that was seen in it; an empty one holds `null`, which widens as well.
 *   All objects in one array are one record.
 * - Several kinds of value at one place are a union, in the order null, boolean, long, double, string, array, record.
 * - A record inside is called by its way from the top, `Event_address`, `Event_lines_item`.
 * - A key that is no Avro name is spelled so that it is one, reversibly and whatever other keys there are:
 *   `order-id` is `order_x2d_id`.
 *
 * The same shape gives the same text, whatever the order of keys, items and payloads.
 *
 * @param payloads parsed JSON, integers beyond 2^53 as bigints where their digits count
 * @throws SchemaMismatchError a payload is no object, or holds what is no JSON, an integer beyond 64 bits or a lone
 *   surrogate, at `pointer`
 * @throws InvalidSchemaError `previous` was not made here, or the name is none
 */
export function inferAvro(
  payloads: readonly unknown[],
  { name, namespace, previous, unions = 'auto' }: InferenceOptions,
): InferredSchema {
  for (const part of [name, ...(namespace?.split('.') ?? [])]) {
    if (!legalName.test(part)) throw new InvalidSchemaError(`'${part}' is no name`);
  }
  const shape = previous === undefined ? emptyShape() : shapeOf(previous);
  for (const payload of payloads) {
    if (kindOfJson(payload) !== 'members') throw new SchemaMismatchError('', 'JSON object');
    addToShape(shape, payload);
  }
  shape.members ??= new Map();
  const taken = new Set<string>();
  const record = recordOf(shape.members, name, taken);
  const definition = JSON.stringify(namespace === undefined ? record : { ...record, namespace });
  return { definition, ...payloadsOf(definition, { unions }) };
}

const legalName = /^[A-Za-z_][A-Za-z0-9_]*$/;

function recordOf(
  members: ReadonlyMap<string, Shape>,
  path: string,
  taken: Set<string>,
): RecordSchema {
  let name = path;
  while (taken.has(name)) name += '_';
  taken.add(name);
  const keys = [...members.keys()].sort();
  const fields = keys.map((key) => {
    const field = fieldName(key);
    const type = typeOf(members.get(key) as Shape, `${name}_${field}`, taken);
    return { name: field, type, default: null };
  });
  return { type: 'record', name, fields };
}

function typeOf(shape: Shape, path: string, taken: Set<string>): TypeSchema {
  const branches: BranchSchema[] = scalars.filter((kind) => shape[kind]);
  if (shape.items)
    branches.push({ type: 'array', items: typeOf(shape.items, `${path}_item`, taken) });
  if (shape.members) branches.push(recordOf(shape.members, path, taken));
  return branches.length === 0 ? 'null' : ['null', ...branches];
}
