import { unionEquivalent } from '../schema/equality.ts';
import {
  type AvroField,
  type AvroSchema,
  branchName,
  type EnumSchema,
  type PrimitiveSchema,
  type PrimitiveType,
  type RecordSchema,
  type UnionSchema,
} from '../schema/model.ts';
import { isPromotable } from '../schema/promotions.ts';
import { AliasCollision, applyAliases } from './aliases.ts';

/**
 * How one part of the writer's data becomes a value of the reader schema. An `error` is thrown only for a record
 * that contains the part.
 */
export type Action =
  | { kind: 'error'; reason: string }
  /** Read by this schema: writer and reader agree. */
  | { kind: 'same'; schema: AvroSchema }
  | { kind: 'promote'; from: PrimitiveType; to: PrimitiveSchema }
  | { kind: 'array'; items: Action }
  | { kind: 'map'; values: Action }
  /** The reader's symbol by the writer's index; undefined where the reader has none. */
  | { kind: 'enum'; symbols: readonly (string | undefined)[] }
  | RecordAction
  | { kind: 'writer-union'; branches: readonly Action[] }
  /** The writer has no union, or a different one: the value becomes this branch of the reader's union. */
  | { kind: 'reader-union'; union: UnionSchema; branch: number; action: Action };

export interface RecordAction {
  kind: 'record';
  reader: RecordSchema;
  /** The writer's fields in their order: read for the reader's field of that name, or skipped. */
  steps: readonly ({ field: string; action: Action } | { skip: AvroSchema })[];
  /** The fields of the reader that the writer does not have. */
  defaults: readonly AvroField[];
}

/**
 * How data of the writer schema are read by the reader schema, by the rules of Avro Java 1.11.4
 * (`Resolver`, `GenericDatumReader`). They differ from the specification: a record's name is
 * not compared outside unions, names of enums and fixed are compared without their namespace, and a
 * union takes a record of another name whose fields fit.
 */
export function resolve(writer: AvroSchema, reader: AvroSchema): Action {
  const seen = new Map<RecordSchema, Map<RecordSchema, Action>>();
  try {
    return between(applyAliases(writer, reader), reader);
  } catch (error) {
    if (!(error instanceof AliasCollision)) throw error;
    return { kind: 'error', reason: error.message };
  }

  function between(writer: AvroSchema, reader: AvroSchema): Action {
    if (writer.type === 'union') {
      if (unionEquivalent(writer, reader)) return { kind: 'same', schema: reader };
      const branches = writer.branches.map((branch) => between(branch, reader));
      return { kind: 'writer-union', branches };
    }
    if (reader.type === 'union') return toUnion(writer, reader);
    if (writer.type === 'array' && reader.type === 'array') {
      return { kind: 'array', items: between(writer.items, reader.items) };
    }
    if (writer.type === 'map' && reader.type === 'map') {
      return { kind: 'map', values: between(writer.values, reader.values) };
    }
    if (writer.type === 'record' && reader.type === 'record') return records(writer, reader);
    if (writer.type === 'enum' && reader.type === 'enum') return enums(writer, reader);
    if (writer.type === 'fixed' && reader.type === 'fixed') {
      const fits = writer.name === reader.name && writer.size === reader.size;
      return fits ? { kind: 'same', schema: reader } : mismatch(writer, reader);
    }
    if (writer.type === reader.type) return { kind: 'same', schema: reader };
    if (isPromotable(writer, reader)) {
      return {
        kind: 'promote',
        from: writer.type as PrimitiveType,
        to: reader as PrimitiveSchema,
      };
    }
    return mismatch(writer, reader);
  }

  function records(writer: RecordSchema, reader: RecordSchema): Action {
    const byReader = seen.get(writer) ?? new Map<RecordSchema, Action>();
    seen.set(writer, byReader);
    const known = byReader.get(reader);
    if (known) return known;

    const steps: RecordAction['steps'][number][] = [];
    const defaults: AvroField[] = [];
    const action: RecordAction = { kind: 'record', reader, steps, defaults };
    byReader.set(reader, action); // Recursion: the same pair inside itself is this action.
    const wanted = new Map(reader.fields?.map((field) => [field.name, field]));
    for (const { name, schema } of writer.fields ?? []) {
      const field = wanted.get(name);
      wanted.delete(name);
      steps.push(field ? { field: name, action: between(schema, field.schema) } : { skip: schema });
    }
    for (const field of wanted.values()) {
      if (field.defaultValue === undefined) {
        const reason = `${branchName(writer)} lacks the field '${field.name}', which has no default`;
        const error: Action = { kind: 'error', reason };
        byReader.set(reader, error);
        return error;
      }
      defaults.push(field);
    }
    return action;
  }

  function toUnion(writer: AvroSchema, union: UnionSchema): Action {
    const branch = branchFor(writer, union.branches);
    const target = union.branches[branch];
    if (!target) return mismatch(writer, union);
    return { kind: 'reader-union', union, branch, action: between(writer, target) };
  }

  // First the same type, then a record of another name, last a promotion.
  function branchFor(writer: AvroSchema, branches: readonly AvroSchema[]): number {
    const exact = branches.findIndex(
      (branch) => branch.type === writer.type && branchName(branch) === branchName(writer),
    );
    if (exact >= 0) return exact;
    if (writer.type === 'record') return similarRecord(writer, branches);
    return branches.findIndex((branch) => isPromotable(writer, branch));
  }

  // The first record whose fields fit, or the last one of the same name without its namespace.
  function similarRecord(writer: RecordSchema, branches: readonly AvroSchema[]): number {
    let similar = -1;
    for (const [i, branch] of branches.entries()) {
      if (branch.type !== 'record' || !fits(records(writer, branch))) continue;
      if (similar < 0 || branch.name === writer.name) similar = i;
    }
    return similar;
  }
}

function fits(action: Action): boolean {
  if (action.kind !== 'record') return false;
  return action.steps.every((step) => 'skip' in step || step.action.kind !== 'error');
}

function enums(writer: EnumSchema, reader: EnumSchema): Action {
  if (writer.name !== reader.name) return mismatch(writer, reader);
  const symbols = writer.symbols.map((symbol) =>
    reader.symbols.includes(symbol) ? symbol : reader.defaultSymbol,
  );
  return { kind: 'enum', symbols };
}

function mismatch(writer: AvroSchema, reader: AvroSchema): Action {
  const expected =
    reader.type === 'union' ? reader.branches.map(branchName).join(', ') : branchName(reader);
  return { kind: 'error', reason: `the record has ${branchName(writer)}, the reader ${expected}` };
}
