import { SchemaMismatchError } from '../../errors.ts';
import { memberPointer } from '../../json/json-pointer.ts';
import { checkOptions } from '../../option-checks.ts';
import { isTagged, type Representation } from '../representation.ts';
import { representationShapes } from '../representation-shapes.ts';
import { keyOf } from '../schema/escaped-name.ts';
import { type AvroSchema, branchName } from '../schema/model.ts';
import { parseInferred } from './inferred-schema.ts';
import { kindOfJson } from './json-shape.ts';

/** Converts between payloads and the values that a definition encodes. */
export interface Payloads {
  /** @throws SchemaMismatchError the payload has another shape */
  toValue(payload: unknown): unknown;
  /** A key that the payload did not have becomes null. */
  toPayload(value: unknown): unknown;
}

/**
 * The conversion between payloads and values for a definition that `inferAvro` made. Readers of records need it.
 *
 * @throws TypeError an option is not what it may be
 * @throws InvalidSchemaError the definition was not made by `inferAvro`
 */
export function payloadsOf(
  definition: string,
  representation: Pick<Representation, 'unions'> = {},
): Payloads {
  checkOptions('payloadsOf', representation, representationShapes);
  const { record } = parseInferred(definition);
  return {
    toValue: (payload) => valueFrom(record, payload, ''),
    toPayload: (value) => payloadFrom(record, value),
  };

  function valueFrom(schema: AvroSchema, payload: unknown, pointer: string): unknown {
    const kind = kindOfJson(payload);
    switch (schema.type) {
      case 'null':
        if (payload === null) return null;
        throw new SchemaMismatchError(pointer, '["null"]');
      case 'union': {
        if (payload === null) return null;
        const branch = schema.branches.find((candidate) => kindOf(candidate) === kind);
        if (!branch) {
          throw new SchemaMismatchError(pointer, JSON.stringify(schema.branches.map(branchName)));
        }
        const value = valueFrom(branch, payload, pointer);
        return isTagged(schema, representation) ? { [branchName(branch)]: value } : value;
      }
      case 'array':
        return (payload as unknown[]).map((item, i) =>
          valueFrom(schema.items, item, `${pointer}/${i}`),
        );
      case 'record': {
        if (kind !== 'members') throw new SchemaMismatchError(pointer, 'JSON object');
        const left = new Map(Object.entries(payload as object));
        const fields = (schema.fields ?? []).map((field) => {
          const key = keyOf(field.name);
          const member = left.get(key) ?? null;
          left.delete(key);
          return [field.name, valueFrom(field.schema, member, memberPointer(pointer, key))];
        });
        if (left.size > 0) throw new SchemaMismatchError(`${pointer}/*`, 'known key');
        return Object.fromEntries(fields);
      }
      default:
        return payload;
    }
  }

  function payloadFrom(schema: AvroSchema, value: unknown): unknown {
    switch (schema.type) {
      case 'union': {
        if (value === null) return null;
        const { branches } = schema;
        if (isTagged(schema, representation)) {
          const [[tag, inner]] = Object.entries(value as object) as [[string, unknown]];
          const branch = branches.find((candidate) => branchName(candidate) === tag);
          return payloadFrom(branch as AvroSchema, inner);
        }
        const kind = kindOfJson(value);
        const branch =
          branches.find((candidate) => kindOf(candidate) === kind) ??
          // A double without a fraction.
          branches.find(({ type }) => type === 'double');
        return payloadFrom(branch as AvroSchema, value);
      }
      case 'null':
        return null;
      case 'array':
        return (value as unknown[]).map((item) => payloadFrom(schema.items, item));
      case 'record': {
        const members = (schema.fields ?? []).map((field) => [
          keyOf(field.name),
          payloadFrom(field.schema, (value as Record<string, unknown>)[field.name]),
        ]);
        return Object.fromEntries(members);
      }
      default:
        return value;
    }
  }
}

/** The kind of JSON value that a schema encodes. */
function kindOf({ type }: AvroSchema): string {
  return type === 'array' ? 'items' : type === 'record' ? 'members' : type;
}
