import avro, { type Type as AvscType } from 'avsc';
import { originalName } from './avro-names.ts';
import { readBlockCount, readLong, type Tap, writeBigLong, writeLong } from './avro-tap.ts';
import { readText, writeText } from './avro-text.ts';
import { DamagedFrameError } from './errors.ts';

/**
 * avsc's types, made exact. avsc parses schemas, resolves names and defaults and finds the wrong
 * field of a value; these subclasses replace what it reads and writes wherever it would change a
 * value silently or trust a length, and make every decoded record and branch a plain object.
 */

const { Type, types } = avro;

interface Codable extends AvscType {
  _read(tap: Tap): unknown;
  _write(tap: Tap, value: unknown): void;
  _check(value: unknown, flags?: unknown, hook?: Hook, path?: string[]): boolean;
  _branchConstructor: { prototype: unknown } | null;
}
type Hook = (value: unknown, type: AvscType) => void;
type Options = Parameters<typeof Type.forSchema>[1] & { ignoreDefaults?: boolean };
type Attributes = { type?: unknown; fields?: { default?: unknown }[] };

// Found again, with its place, by the checker: see `mismatch` in avro.ts.
function refuse(): never {
  throw new TypeError('the value does not fit the schema');
}

function truncated(): never {
  throw new DamagedFrameError('truncated-body');
}

const minLong = -(2n ** 63n);
const maxLong = 2n ** 63n - 1n;

class LongType extends types.LongType {
  _check(value: unknown, _flags: unknown, hook?: Hook): boolean {
    const fits =
      typeof value === 'bigint'
        ? value >= minLong && value <= maxLong
        : Number.isSafeInteger(value);
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _read(tap: Tap): number | bigint {
    return readLong(tap);
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value === 'number' && Number.isSafeInteger(value)) writeLong(tap, value);
    else if (typeof value === 'bigint' && this._check(value, 0)) writeBigLong(tap, value);
    else refuse();
  }
}

class IntType extends types.IntType {
  _read(tap: Tap): number {
    const value = readLong(tap);
    if (value !== Number(value) || value !== (value | 0)) throw new DamagedFrameError('bad-body');
    return value;
  }
}

class FloatType extends types.FloatType {
  _check(value: unknown, _flags: unknown, hook?: Hook): boolean {
    // A float rounds; it must not turn a finite number into infinity.
    const fits =
      typeof value === 'number' && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value));
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    if (this._check(value, 0)) tap.writeFloat(value as number);
    else refuse();
  }
  _copy(value: unknown): unknown {
    return defaultNumber(this, value);
  }
}

class DoubleType extends types.DoubleType {
  _copy(value: unknown): unknown {
    return defaultNumber(this, value);
  }
}

// Definitions are parsed with bigints where a number would round; a default of these types rounds by right.
function defaultNumber(type: AvscType, value: unknown): unknown {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (!(type as Codable)._check(number)) refuse();
  return number;
}

class StringType extends types.StringType {
  _check(value: unknown, _flags: unknown, hook?: Hook): boolean {
    const fits = typeof value === 'string' && value.isWellFormed();
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _read(tap: Tap): string {
    return readText(tap);
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'string' || !writeText(tap, value)) refuse();
  }
}

/** A mixin: a named type is called by its own name in a tagged union, however its name was repaired. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript asks for these parameters of a mixin
function named<Base extends new (...parameters: any[]) => AvscType>(base: Base) {
  return class extends base {
    // @ts-expect-error avsc declares its getter as a property
    override get branchName(): string {
      return originalName(this.name as string);
    }
    // avsc builds this from source text, which an arbitrary name could break out of.
    _createBranchConstructor() {
      const name = this.branchName;
      function Branch(this: Record<string, unknown>, value: unknown) {
        this[name] = value;
      }
      return Object.assign(Branch, { type: this });
    }
  };
}

class FixedType extends named(types.FixedType) {}

class EnumType extends named(types.EnumType) {
  declare readonly symbols: string[];
  declare readonly _indices: Record<string, number>;

  _check(value: unknown, _flags: unknown, hook?: Hook): boolean {
    const fits = typeof value === 'string' && Object.hasOwn(this._indices, value);
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    if (!this._check(value, 0)) refuse();
    writeLong(tap, this._indices[value as string] as number);
  }
}

// Items that take no bytes (null, empty records) may outnumber the bytes of a body, but not without
// bound: else one megabyte would decode to millions of them.
const maxEmptyItems = 100_000;

class ArrayType extends types.ArrayType {
  _read(tap: Tap & { emptyItems?: number }): unknown[] {
    const items = this.itemsType as Codable;
    const value: unknown[] = [];
    for (let count = readBlockCount(tap); count > 0; count = readBlockCount(tap)) {
      const start = tap.pos;
      if (count > tap.buf.length - start && count > maxEmptyItems) truncated();
      for (let left = count; left > 0; left--) {
        value.push(items._read(tap));
        if (tap.pos > tap.buf.length) truncated();
      }
      if (tap.pos === start) {
        tap.emptyItems = (tap.emptyItems ?? 0) + count;
        if (tap.emptyItems > maxEmptyItems) throw new DamagedFrameError('bad-body');
      }
    }
    return value;
  }
}

const { _check: checkMap } = types.MapType.prototype as unknown as Codable;

class MapType extends types.MapType {
  _check(value: unknown, flags: unknown, hook?: Hook, path?: string[]): boolean {
    // A Map or Set has no own properties and would be written as an empty map.
    if (isDictionary(value)) return checkMap.call(this, value, flags, hook, path);
    hook?.(value, this);
    return false;
  }
  _read(tap: Tap): Record<string, unknown> {
    const values = this.valuesType as Codable;
    const value: Record<string, unknown> = {};
    for (let count = readBlockCount(tap); count > 0; count = readBlockCount(tap)) {
      if (count > tap.buf.length - tap.pos) truncated();
      while (count-- > 0) {
        const key = readText(tap);
        const entry = values._read(tap);
        if (key === '__proto__') defineOwn(value, key, entry);
        else value[key] = entry;
        if (tap.pos > tap.buf.length) truncated();
      }
    }
    return value;
  }
  _write(tap: Tap, value: unknown): void {
    if (!isDictionary(value)) refuse();
    const keys = Object.keys(value);
    if (keys.length > 0) writeLong(tap, keys.length);
    for (const key of keys) {
      if (!writeText(tap, key)) refuse();
      this.valuesType._write(tap, value[key]);
    }
    writeLong(tap, 0);
  }
}

function isDictionary(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

// Invariant: no key or field name of a record changes an object's prototype.
function defineOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

const { _createChecker: createRecordChecker } = types.RecordType.prototype as unknown as {
  _createChecker(): Codable['_check'];
};

class RecordType extends named(types.RecordType) {
  constructor(schema: Attributes, options: Options) {
    super((options.ignoreDefaults ? withoutDefaults(schema) : schema) as never, options);
  }
  // avsc asks for these three once all fields are known, and generates source text as is done here.
  _createChecker() {
    const check = createRecordChecker.call(this);
    return function (this: AvscType, value: unknown, flags: unknown, hook?: Hook, path?: string[]) {
      if (isDictionary(value)) return check.call(this, value, flags, hook, path);
      hook?.(value, this);
      return false;
    };
  }
  _createReader() {
    const entries = this.fields.map(({ name }, i) => `["${name}"]: t${i}._read(t)`);
    // The check bounds the descent into a recursive record whose bytes have ended.
    return generate(
      this,
      't',
      `if (t.pos > t.buf.length) truncated();\nreturn {${entries.join()}};`,
    );
  }
  _createWriter() {
    const lines = this.fields.map((field, i) => {
      const value = memberOf('v', field.name);
      const fallback = field.defaultValue();
      if (fallback === undefined) return `t${i}._write(t, ${value});`;
      const bytes = field.type.toBuffer(fallback).toString('latin1');
      const writeDefault = `t.writeBinary(${JSON.stringify(bytes)}, ${bytes.length})`;
      return `{ const f = ${value}; if (f === undefined) ${writeDefault}; else t${i}._write(t, f); }`;
    });
    return generate(this, 't, v', `if (!isDictionary(v)) refuse();\n${lines.join('\n')}`);
  }
}

// A function over the record's field types `t0`, `t1`, …. Field names are safe in source text: avsc
// has refused any but letters, digits and underscores by now.
function generate(record: avro.types.RecordType, parameters: string, body: string) {
  const scope = {
    isDictionary,
    refuse,
    truncated,
    ...Object.fromEntries(record.fields.map(({ type }, i) => [`t${i}`, type])),
  };
  const source = `return function (${parameters}) {\n${body}\n};`;
  return new Function(...Object.keys(scope), source)(...Object.values(scope));
}

// Defaults are for writers and reader schemas. A writer schema needs none to be read, and avsc
// refuses some that others accept (a union's default of its second branch, Avro 1.12).
function withoutDefaults(schema: Attributes): Attributes {
  if (!Array.isArray(schema.fields)) return schema;
  return { ...schema, fields: schema.fields.map(({ default: _, ...field }) => field) };
}

// A field such as `constructor` must not be found on Object.prototype.
function memberOf(variable: string, name: string): string {
  if (!(name in Object.prototype)) return `${variable}.${name}`;
  return `(Object.hasOwn(${variable}, '${name}') ? ${variable}['${name}'] : undefined)`;
}

class PlainUnionType extends types.UnwrappedUnionType {
  declare readonly _bucketIndices: Record<string, number>;

  constructor(branches: AvscType[], options: Options) {
    super(branches as never, options);
    const long = branches.findIndex((branch) => branch.typeName === 'long');
    if (long >= 0) this._bucketIndices.bigint = long;
  }
}

class TaggedUnionType extends types.WrappedUnionType {
  declare readonly _branchIndices: Record<string, number>;

  constructor(branches: AvscType[], options: Options) {
    super(branches as never, options);
    Object.setPrototypeOf(this._branchIndices, null);
    for (const branch of branches as Codable[]) {
      if (branch._branchConstructor) branch._branchConstructor.prototype = Object.prototype;
    }
  }
}

function unionType(schema: unknown[], options: Options): AvscType {
  const branches = schema.map((branch) => Type.forSchema(branch as never, options));
  const kinds = branches.map((branch) => valueKinds[branch.typeName] ?? branch.typeName);
  const ambiguous = new Set(kinds).size < kinds.length;
  return ambiguous ? new TaggedUnionType(branches, options) : new PlainUnionType(branches, options);
}

// Types whose JavaScript values cannot be told apart.
const valueKinds: Record<string, string> = {
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
  error: 'object',
};

const primitives: Record<string, AvscType> = {
  long: new LongType(),
  int: new IntType(),
  float: new FloatType(),
  double: new DoubleType(),
  string: new StringType(),
};
const constructors: Record<string, new (schema: never, options: never) => AvscType> = {
  array: ArrayType,
  map: MapType,
  enum: EnumType,
  fixed: FixedType,
  record: RecordType,
  error: RecordType,
};
const untouched = new Set(['null', 'boolean', 'bytes']);

/**
 * avsc's `typeHook`: decides the type of each part of a schema, ours or avsc's own. Unlike its
 * `registry` option it also sees `{"type": "long", "logicalType": …}` (mtth/avsc#485).
 */
export function exactType(schema: unknown, options: Options): AvscType | undefined {
  if (typeof schema === 'string')
    return Object.hasOwn(primitives, schema) ? primitives[schema] : undefined;
  if (Array.isArray(schema)) return unionType(schema, options);
  const { type } = schema as Attributes;
  if (typeof type !== 'string') return Type.forSchema(type as never, options);
  if (Object.hasOwn(primitives, type)) return primitives[type];
  if (untouched.has(type)) return undefined;
  const Constructor = Object.hasOwn(constructors, type) ? constructors[type] : undefined;
  // `{"type": "Name"}` is a reference, to Java and Python as well.
  return Constructor
    ? new Constructor(schema as never, options as never)
    : Type.forSchema(type as never, options);
}
