import { type AvroSchema, type RecordSchema, valueKindOf } from '@order-stream/serde';
import { compileAvroMembers, type Members, untypedMembers } from './attribute-value.ts';

/** A change event of Debezium that was not flattened: one row of a table, before and after the change. */
export interface ChangeEnvelope {
  /** `c` insert, `u` update, `d` delete, `r` read by a snapshot, `t` truncated table, `m` message without a row. */
  readonly op: unknown;
  /** Undefined for a row that is null. */
  row(which: 'before' | 'after'): Members | undefined;
}

/** Undefined for a value that is not an envelope. */
export type EnvelopeOf = (value: unknown) => ChangeEnvelope | undefined;

const operations: ReadonlySet<unknown> = new Set(['c', 'u', 'd', 'r', 't']);
const sourceTexts = ['version', 'connector', 'name'];

/**
 * Compiles what reads the envelopes of a schema; undefined for another schema. An envelope is a record whose `connect.name` ends with
 * `.Envelope`, the name that Debezium gives it, and that has the fields `op`, a string, `before` and `after`, rows or null, and `source`,
 * a record. Debezium's messages are records named `.MessageValue` with `op`, `source` and `message`.
 */
export function compileAvroEnvelope(root: AvroSchema): EnvelopeOf | undefined {
  if (root.type !== 'record') return undefined;
  const connectName = String(root.properties.get('connect.name') ?? '');
  const fields = new Map(root.fields?.map(({ name, schema }) => [name, schema]));
  if (fields.get('op')?.type !== 'string' || fields.get('source')?.type !== 'record')
    return undefined;
  if (connectName.endsWith('.MessageValue') && fields.has('message'))
    return (value) => ({ op: (value as { op: string }).op, row: () => undefined });
  const [before, after] = [rowOf(fields.get('before')), rowOf(fields.get('after'))];
  if (!connectName.endsWith('.Envelope') || !before || !after) return undefined;
  const membersOf = { before: compileAvroMembers(before), after: compileAvroMembers(after) };
  return (value) => {
    const event = value as { op: string; before: unknown; after: unknown };
    return {
      op: event.op,
      row: (which) => (event[which] === null ? undefined : membersOf[which](event[which])),
    };
  };
}

/** The record of a row that can be null. */
function rowOf(schema: AvroSchema | undefined): RecordSchema | undefined {
  if (schema?.type !== 'union' || schema.branches.length !== 2) return undefined;
  const [row] = schema.branches.filter(({ type }) => type !== 'null');
  return row?.type === 'record' ? row : undefined;
}

/**
 * An object is an envelope if `op` is one of Debezium's operations, `before` and `after` are there and are objects or null, and
 * `source` has the texts `version`, `connector` and `name`. A message has `message` and no rows.
 */
export const jsonEnvelope: EnvelopeOf = (value) => {
  if (valueKindOf(value) !== 'object') return undefined;
  const event = value as Record<string, unknown>;
  // First, because few values have it.
  const op = Object.hasOwn(event, 'op') ? event.op : undefined;
  if (op === undefined || !isSource(event.source)) return undefined;
  if (op === 'm' && isObject(event.message)) return { op, row: () => undefined };
  if (!operations.has(op) || !isRow(event, 'before') || !isRow(event, 'after')) return undefined;
  return { op, row: (which) => (event[which] === null ? undefined : untypedMembers(event[which])) };
};

function isSource(source: unknown): boolean {
  if (!isObject(source)) return false;
  return sourceTexts.every(
    (name) => Object.hasOwn(source, name) && typeof source[name] === 'string',
  );
}

function isRow(event: Record<string, unknown>, which: 'before' | 'after'): boolean {
  if (!Object.hasOwn(event, which)) return false;
  return event[which] === null || isObject(event[which]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return valueKindOf(value) === 'object';
}
