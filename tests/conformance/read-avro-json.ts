import { type AvroType, branchTag, type Logical } from './avro-type.ts';
import type { Datum } from './datum.ts';

/** The digits of a number, which JSON.parse would round. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Reads Avro's JSON encoding, which the fixtures and Java use. */
export function readAvroJson(type: AvroType, text: string): Datum {
  const keepDigits = (_: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' ? new Digits(source) : value;
  return read(type, JSON.parse(text, keepDigits as never));
}

function read(type: AvroType, json: unknown): Datum {
  switch (type.type) {
    case 'null':
      if (json !== null) throw new Error('expected null');
      return { type: 'null' };
    case 'boolean':
      return { type: 'boolean', value: json as boolean };
    case 'int':
    case 'long':
      return { type: type.type, value: BigInt((json as Digits).text), ...logicalOf(type) };
    case 'float':
      // Java prints the shortest digits that identify the 32-bit value.
      return { type: 'float', value: Math.fround(floating(json)) };
    case 'double':
      return { type: 'double', value: floating(json) };
    case 'string':
      return { type: 'string', value: json as string, ...logicalOf(type) };
    case 'enum':
      return { type: 'enum', value: json as string };
    case 'bytes':
    case 'fixed':
      return {
        type: type.type,
        value: Buffer.from(json as string, 'latin1'),
        ...logicalOf(type),
      };
    case 'array':
      return { type: 'array', items: (json as unknown[]).map((item) => read(type.items, item)) };
    case 'map': {
      const entries = Object.entries(json as object);
      return { type: 'map', entries: new Map(entries.map(([k, v]) => [k, read(type.values, v)])) };
    }
    case 'record': {
      const members = json as Record<string, unknown>;
      if (Object.keys(members).length !== type.fields.length) throw new Error('not its fields');
      const fields = type.fields.map((field): [string, Datum] => [
        field.name,
        read(field.type, members[field.name]),
      ]);
      return { type: 'record', fields };
    }
    case 'union':
      return readUnion(type.branches, json);
  }
}

function readUnion(branches: AvroType[], json: unknown): Datum {
  const [tag, inner] = json === null ? ['null', null] : (Object.entries(json as object)[0] ?? []);
  const branch = branches.find((candidate) => branchTag(candidate) === tag);
  if (branch === undefined) throw new Error(`unknown union branch ${tag}`);
  return unionOf(branches, branch, read(branch, inner));
}

export function unionOf(branches: AvroType[], branch: AvroType, value: Datum): Datum {
  const kinds = branches.map(({ type }) => kindOf[type] ?? type);
  const ambiguous = new Set(kinds).size < kinds.length;
  return { type: 'union', tag: branchTag(branch), ambiguous, value };
}

// As documented by `compileAvro`: values are tagged if two branches are of the same kind.
const kindOf: Record<string, string> = {
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'text',
  enum: 'text',
  bytes: 'buffer',
  fixed: 'buffer',
  map: 'object',
  record: 'object',
};

function floating(json: unknown): number {
  // Java prints NaN and the infinities in quotes.
  return Number(json instanceof Digits ? json.text : json);
}

export function logicalOf(type: { logical?: Logical }): { logical?: Logical } {
  return type.logical === undefined ? {} : { logical: type.logical };
}
