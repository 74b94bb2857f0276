import { ReaderSchemaMismatchError } from '../../errors.ts';
import { damaged, truncated } from '../damage.ts';
import { conversionOfSchema, isTagged, type Representation } from '../representation.ts';
import { defaultBody } from '../schema/default-body.ts';
import {
  type AvroField,
  type AvroSchema,
  branchName,
  type RecordSchema,
  type UnionSchema,
} from '../schema/model.ts';
import type { Tap } from '../tap.ts';
import {
  createEmptiness,
  emptyValueWords,
  needsBudget,
  objectWords,
  spend,
  wordsOf,
} from './allocation-budget.ts';
import {
  generate,
  keyOf,
  readArray,
  readEnum,
  readMap,
  readTagged,
  readUnion,
} from './generated-reads.ts';
import { promote } from './promotion.ts';
import { primitiveReads, type Read, readBytes } from './read.ts';
import type { Action, RecordAction } from './resolution.ts';
import { compileSkip } from './skip.ts';

/**
 * Compiles a resolution to one function, once per writer and reader. Records, arrays, maps and unions
 * become source text of their own, so that the engine sees which function each part calls and gives
 * each record type one hidden class.
 */
export function compileReader(action: Action, representation: Representation): Read {
  const records = new Map<RecordSchema | RecordAction, { read: Read }>();
  const isEmpty = createEmptiness();
  return readAction(action);

  function readAction(action: Action): Read {
    switch (action.kind) {
      case 'error':
        return () => {
          throw new ReaderSchemaMismatchError(action.reason);
        };
      case 'same':
        return readSame(action.schema);
      case 'promote':
        return withLogicalType(promote(action.from, action.to.type), action.to);
      case 'array':
        return readArray(readAction(action.items), isEmpty(action.items));
      case 'map':
        return readMap(readAction(action.values));
      case 'enum':
        return readEnum(action.symbols);
      case 'record':
        return once(action, () =>
          readRecord(action.reader, action.steps.map(stepOf), action.defaults),
        );
      case 'writer-union':
        return readUnion(action.branches.map((branch) => ({ read: readAction(branch) })));
      case 'reader-union': {
        const tag = tagOf(action.union, action.branch);
        const read = readAction(action.action);
        return tag === undefined ? read : readTagged(tag, read);
      }
    }
  }

  function readSame(schema: AvroSchema): Read {
    switch (schema.type) {
      case 'array':
        return readArray(readSame(schema.items), isEmpty(schema.items));
      case 'map':
        return readMap(readSame(schema.values));
      case 'enum':
        return readEnum(schema.symbols);
      case 'union': {
        const branches = schema.branches.map((branch, i) => ({
          read: readSame(branch),
          tag: tagOf(schema, i),
        }));
        return readUnion(branches);
      }
      case 'record':
        return once(schema, () => {
          const fields = schema.fields ?? [];
          return readRecord(
            schema,
            fields.map(({ name, schema }) => ({
              field: name,
              read: readSame(schema),
              empty: isEmpty(schema),
            })),
            [],
          );
        });
      case 'fixed': {
        const { size } = schema;
        return withLogicalType((tap) => readBytes(tap, size), schema);
      }
      default:
        return withLogicalType(primitiveReads[schema.type], schema);
    }
  }

  function withLogicalType(read: Read, schema: AvroSchema): Read {
    const conversion = conversionOfSchema(schema, representation);
    if (!conversion) return read;
    const decode = conversion.decode as (underlying: unknown) => unknown;
    return (tap) => decode(read(tap));
  }

  // A record that contains itself is called through its cell, because its function does not exist yet.
  function once(key: RecordSchema | RecordAction, compile: () => Read): Read {
    const known = records.get(key);
    if (known) return known.read === damaged ? (tap) => known.read(tap) : known.read;
    const cell = { read: damaged as Read };
    records.set(key, cell);
    cell.read = compile();
    return cell.read;
  }

  function stepOf(step: RecordAction['steps'][number]): Step {
    return 'skip' in step
      ? { field: undefined, read: compileSkip(step.skip), empty: isEmpty(step.skip) }
      : { field: step.field, read: readAction(step.action), empty: isEmpty(step.action) };
  }

  function readRecord(
    reader: RecordSchema,
    steps: readonly Step[],
    defaults: readonly AvroField[],
  ): Read {
    const scope: Record<string, unknown> = { truncated };
    const lines = ['if (t.pos > t.buf.length) truncated();'];
    const values = new Map<string, string>();
    const empty = steps.every((step) => step.empty);
    let words = empty ? objectWords : 0;
    steps.forEach(({ field, read, empty }, i) => {
      if (empty && field !== undefined) words += emptyValueWords(read);
      scope[`r${i}`] = read;
      lines.push(field === undefined ? `r${i}(t);` : `const v${i} = r${i}(t);`);
      if (field !== undefined) values.set(field, `v${i}`);
    });
    defaults.forEach((field, i) => {
      const { value, make } = defaultOf(field);
      // A value that callers can change is made anew for each record.
      const shared = typeof value !== 'object' || value === null;
      words += shared ? 1 : wordsOf(value);
      scope[`d${i}`] = shared ? value : make;
      values.set(field.name, shared ? (literalOf(value) ?? `d${i}`) : `d${i}()`);
    });
    if (empty || needsBudget(words)) {
      scope.spend = spend;
      lines.unshift(`spend(t, ${words});`);
    }
    const entries = (reader.fields ?? []).map(({ name }) => `${keyOf(name)}: ${values.get(name)}`);
    return generate(`${lines.join('\n')}\nreturn {${entries.join()}};`, scope);
  }

  function defaultOf({ schema, defaultValue = null }: AvroField) {
    const body = defaultBody(schema, defaultValue) as Tap['buf'];
    const read = readSame(schema);
    const make = () => read({ buf: body, pos: 0 } as Tap);
    return { value: make(), make };
  }

  function tagOf(union: UnionSchema, branch: number): string | undefined {
    const schema = union.branches[branch] as AvroSchema;
    if (schema.type === 'null' || !isTagged(union, representation)) return undefined;
    return branchName(schema);
  }
}

// A constant in the source costs the engine nothing.
function literalOf(value: unknown): string | undefined {
  if (Object.is(value, -0)) return undefined;
  const isPlain = value === null || typeof value === 'string' || typeof value === 'boolean';
  return isPlain || Number.isFinite(value) ? JSON.stringify(value) : undefined;
}

interface Step {
  /** undefined: the value is skipped. */
  field: string | undefined;
  read: Read;
  /** Whether the value is zero-length. */
  empty: boolean;
}
