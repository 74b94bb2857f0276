import { InvalidSchemaError, SchemaMismatchError } from '../../errors.ts';
import { aTextOrEmpty, checkOptions, kindOf, required } from '../../option-checks.ts';
import type { Representation } from '../representation.ts';
import { representationShapes } from '../representation-shapes.ts';
import { fieldName } from '../schema/escaped-name.ts';
import { type Payloads, payloadsOf } from './inferred-payloads.ts';
import { parseInferred, scalars } from './inferred-schema.ts';
import { addToShape, kindOfJson, type Shape } from './json-shape.ts';

/** How a schema is inferred from payloads. */
export interface InferenceOptions {
  /** Name of the record. */
  name: string;
  /** Default none. */
  namespace?: string;
  /**
   * A definition that was inferred before: the new one accepts all payloads of this one, and reads its records. Without
   * it only the payloads count, and a payload with `[]` or null where others have more gives a narrower schema.
   */
  previous?: string;
  /** As the serializer represents unions. Default `auto`. */
  unions?: Representation['unions'];
}

/** A definition, and the conversion between payloads and its values. */
export type InferredSchema = Payloads & { definition: string };

/**
 * An Avro schema that encodes each of these JSON payloads, by these rules:
 *
 * - An object is a record; its sorted keys are the fields. Each field is nullable with the default null, because no
 *   payload shows that a key is required. So keys can be added and removed, BACKWARD and FORWARD.
 * - Integers of 64 bits are `long`, other numbers `double`. `1` and `1.0` are the same JSON number: a `long`.
 * - Null alone is `null`; it widens to any other type, BACKWARD.
 * - An array has nullable items of every kind that was seen in it; an empty one has items `null`, which widen as well.
 *   All objects in one array are one record.
 * - Several kinds of value at one place are a union, in the order null, boolean, long, double, string, array, record.
 * - A nested record is named by its path from the top, `Event_address`, `Event_lines_item`.
 * - A key that is not an Avro name is escaped reversibly, so that no two keys become the same name:
 *   `order-id` is `order_x2d_id`.
 *
 * The same shape gives the same text, whatever the order of keys, items and payloads.
 *
 * @param payloads parsed JSON, integers beyond 2^53 as bigints where their digits count
 * @throws SchemaMismatchError a payload is not an object, or contains a value that is not JSON, an integer beyond 64 bits
 *   or a lone surrogate, at `pointer`
 * @throws TypeError an option is not what it may be
 * @throws InvalidSchemaError `previous` was not made by this function, or a name is not valid
 */
export function inferAvro(payloads: readonly unknown[], options: InferenceOptions): InferredSchema {
  checkOptions('inferAvro', options, {
    name: required(aTextOrEmpty),
    namespace: aTextOrEmpty,
    previous: aTextOrEmpty,
    unions: representationShapes.unions,
  });
  if (!Array.isArray(payloads))
    throw new TypeError(`inferAvro: payloads: expected an array, got ${kindOf(payloads)}`);
  const { name, namespace, previous, unions = 'auto' } = options;
  for (const part of [name, ...(namespace?.split('.') ?? [])]) {
    if (!legalName.test(part)) throw new InvalidSchemaError(`'${part}' is not an Avro name`);
  }
  const shape: Shape = previous === undefined ? {} : parseInferred(previous).shape;
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

function recordOf(members: ReadonlyMap<string, Shape>, path: string, taken: Set<string>): object {
  let name = path;
  while (taken.has(name)) name += '_';
  taken.add(name);
  const fields = [...members].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    type: 'record',
    name,
    fields: fields.map(([key, shape]) => {
      const field = fieldName(key);
      return { name: field, type: typeOf(shape, `${name}_${field}`, taken), default: null };
    }),
  };
}

function typeOf(shape: Shape, path: string, taken: Set<string>): string | object {
  const branches: (string | object)[] = scalars.filter((kind) => shape[kind]);
  if (shape.items)
    branches.push({ type: 'array', items: typeOf(shape.items, `${path}_item`, taken) });
  if (shape.members) branches.push(recordOf(shape.members, path, taken));
  return branches.length === 0 ? 'null' : ['null', ...branches];
}
