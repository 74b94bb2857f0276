import { SchemaMismatchError } from '../../errors.ts';
import { memberPointer } from '../../json/json-pointer.ts';
import type { ValueKind } from '../logical-types.ts';
import { areTagged, type Representation } from '../representation.ts';
import { type BranchSchema, keyOf, parseInferred, type TypeSchema } from './inferred-schema.ts';
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
 * @throws InvalidSchemaError the definition was not made by `inferAvro`
 */
export function payloadsOf(
  definition: string,
  { unions = 'auto' }: Pick<Representation, 'unions'> = {},
): Payloads {
  const schema = parseInferred(definition);
  const scope: Scope = { namespace: schema.namespace, unions };
  return {
    toValue: (payload) => toBranch(schema, payload, '', scope),
    toPayload: (value) => fromBranch(schema, value, scope),
  };
}

interface Scope {
  namespace: string | undefined;
  unions: Representation['unions'];
}

function toBranch(branch: BranchSchema, payload: unknown, pointer: string, scope: Scope): unknown {
  if (typeof branch === 'string') return payload;
  if (branch.type === 'array') {
    return (payload as unknown[]).map((item, i) =>
      toType(branch.items, item, `${pointer}/${i}`, scope),
    );
  }
  if (kindOfJson(payload) !== 'members') throw new SchemaMismatchError(pointer, 'JSON object');
  const left = new Map(Object.entries(payload as object));
  const fields = branch.fields.map(({ name, type }) => {
    const key = keyOf(name);
    const value = left.get(key) ?? null;
    left.delete(key);
    return [name, toType(type, value, memberPointer(pointer, key), scope)];
  });
  if (left.size > 0) throw new SchemaMismatchError(`${pointer}/*`, 'known key');
  return Object.fromEntries(fields);
}

function toType(type: TypeSchema, payload: unknown, pointer: string, scope: Scope): unknown {
  if (payload === null) return null;
  const kind = kindOfJson(payload);
  const branch = type === 'null' ? undefined : type.find((branch) => shapeKind(branch) === kind);
  if (branch === undefined)
    throw new SchemaMismatchError(pointer, JSON.stringify(namesOf(type, scope)));
  const value = toBranch(branch, payload, pointer, scope);
  return isTagged(type, scope) ? { [nameOf(branch, scope)]: value } : value;
}

function fromBranch(branch: BranchSchema, value: unknown, scope: Scope): unknown {
  if (typeof branch === 'string') return value;
  if (branch.type === 'array') {
    return (value as unknown[]).map((item) => fromType(branch.items, item, scope));
  }
  const record = value as Record<string, unknown>;
  const members = branch.fields.map(({ name, type }) => [
    keyOf(name),
    fromType(type, record[name], scope),
  ]);
  return Object.fromEntries(members);
}

function fromType(type: TypeSchema, value: unknown, scope: Scope): unknown {
  if (value === null || type === 'null') return null;
  if (isTagged(type, scope)) {
    const [[tag, inner]] = Object.entries(value as object) as [[string, unknown]];
    const branch = type.find((branch) => nameOf(branch, scope) === tag) as BranchSchema;
    return fromBranch(branch, inner, scope);
  }
  const kind = kindOfJson(value);
  const branch =
    type.find((branch) => shapeKind(branch) === kind) ??
    // A double without a fraction.
    (type.find((branch) => branch === 'double') as BranchSchema);
  return fromBranch(branch, value, scope);
}

function shapeKind(branch: BranchSchema): string {
  if (typeof branch === 'string') return branch;
  return branch.type === 'array' ? 'items' : 'members';
}

function isTagged(type: TypeSchema, { unions }: Scope): boolean {
  if (type === 'null') return false;
  const kinds = type.map((branch) => valueKindOf[shapeKind(branch)] as ValueKind);
  return areTagged(kinds, { unions: unions ?? 'auto' });
}

const valueKindOf: Record<string, ValueKind> = {
  null: 'null',
  boolean: 'boolean',
  long: 'number',
  double: 'number',
  string: 'text',
  items: 'array',
  members: 'object',
};

function nameOf(branch: BranchSchema, { namespace }: Scope): string {
  if (typeof branch === 'string') return branch;
  if (branch.type === 'array') return 'array';
  return namespace === undefined ? branch.name : `${namespace}.${branch.name}`;
}

function namesOf(type: TypeSchema, scope: Scope): string[] {
  return type === 'null' ? ['null'] : type.map((branch) => nameOf(branch, scope));
}
