import { types as builtins } from 'node:util';
import { isBuiltinObject } from '../../json/builtin-objects.ts';
import { undeclaredKey } from '../../json/json-pointer.ts';
import { valueKindOf } from '../representation.ts';
import { type Tap, writeLong } from '../tap.ts';
import { type Codable, ExactType, exactString, type Part, reject } from './exact-types.ts';

/** A map of a plain object's own properties, or of a `Map`'s entries. */
export class MapType extends ExactType {
  readonly valuesType: Codable;

  constructor(valuesType: Codable) {
    super('map');
    this.valuesType = valuesType;
  }
  partsOf(value: unknown): Part[] | undefined {
    // The keys of a map are part of the value, which no error may contain.
    return entriesOf(value)?.flatMap(([key, member]): Part[] => [
      ['*', exactString, key],
      ['*', this.valuesType, member],
    ]);
  }
  _write(tap: Tap, value: unknown): void {
    const entries = entriesOf(value) ?? reject();
    if (entries.length > 0) writeLong(tap, entries.length);
    for (const [key, member] of entries) {
      exactString._write(tap, key);
      this.valuesType._write(tap, member);
    }
    writeLong(tap, 0);
  }
}

function entriesOf(value: unknown): [unknown, unknown][] | undefined {
  if (value instanceof Map) return [...value];
  return isPlain(value) ? Object.entries(value) : undefined;
}

/** A union whose values are tagged by their branch, or else found by which kind of JavaScript value they are. */
export class UnionType extends ExactType {
  readonly tagged: boolean;
  readonly branches: readonly Codable[];
  readonly indices: ReadonlyMap<unknown, number>;

  /** @param keys of each branch: its tag, or the kind of its values */
  constructor(branches: Codable[], keys: string[], tagged: boolean, typeName: string) {
    super(typeName);
    this.branches = branches;
    this.indices = new Map(keys.map((key, i) => [key, i]));
    this.tagged = tagged;
  }
  partsOf(value: unknown): Part[] | undefined {
    const tag = this.tagged && value !== null ? tagOf(value) : undefined;
    const branch = this.branches[this.indices.get(tag ?? valueKindOf(value)) ?? -1];
    return branch && [[tag, branch, tag === undefined ? value : inside(value, tag)]];
  }
  _write(tap: Tap, value: unknown): void {
    const tag = this.tagged && value !== null ? tagOf(value) : undefined;
    const index = this.indices.get(tag ?? valueKindOf(value)) ?? reject();
    writeLong(tap, index);
    this.branches[index]?._write(tap, tag === undefined ? value : inside(value, tag));
  }
}

function inside(value: unknown, tag: string): unknown {
  return (value as Record<string, unknown>)[tag];
}

/** The only key of an object; `''`, which is not the name of a type, where there is none. */
function tagOf(value: unknown): string {
  const keys = typeof value === 'object' ? Object.keys(value as object) : [];
  return keys.length === 1 ? (keys[0] as string) : '';
}

export interface Field {
  name: string;
  type: Codable;
  /** The bytes of the field's default. */
  defaultBody: Buffer | undefined;
}

/** A record of a plain object's members. A field that is missing is written as the bytes of its default. */
export class RecordType extends ExactType {
  fields: readonly Field[] = [];
  /** The names of the fields, where other properties are refused. */
  names: ReadonlySet<string> | undefined;
  isRecord = isPlain;
  _write: (tap: Tap, value: unknown) => void = reject;

  /** Called after the constructor, because a record can contain itself. */
  complete(fields: readonly Field[], refusesOthers: boolean): void {
    this.fields = fields;
    this.names = refusesOthers ? new Set(fields.map(({ name }) => name)) : undefined;
    // What is not a record lacks its members, and is found by that unless every field has a default.
    if (fields.some(({ defaultBody }) => !defaultBody)) this.isRecord = isDictionary;
    this._write = createWriter(fields, this.isRecord, this.names);
  }
  partsOf(value: unknown): Part[] | undefined {
    if (!this.isRecord(value)) return undefined;
    const parts = this.fields
      .map(({ name, type }): Part => [name, type, memberOf(value, name)])
      .filter(([, , member], i) => member !== undefined || !this.fields[i]?.defaultBody);
    if (!this.names || !hasOthers(value, this.names)) return parts;
    return [...parts, [undeclaredKey, new UnknownPropertyType(this.typeName), value]];
  }
}

/** Stands for a property that no field describes: no value fits. */
class UnknownPropertyType extends ExactType {
  constructor(recordName: string) {
    super(`no property beside the fields of ${recordName}`);
  }
  partsOf(): undefined {
    return undefined;
  }
  _write = reject;
}

function hasOthers(value: Record<string, unknown>, names: ReadonlySet<string>): boolean {
  return Object.keys(value).some((key) => !names.has(key) && value[key] !== undefined);
}

// Invariant: a field's name cannot break out of the source text.
function createWriter(
  fields: readonly Field[],
  isRecord: typeof isPlain,
  names: ReadonlySet<string> | undefined,
): Codable['_write'] {
  const lines = fields.map(({ name, defaultBody }, i) => {
    const key = JSON.stringify(name);
    const value = name in Object.prototype ? `memberOf(v, ${key})` : `v[${key}]`;
    if (!defaultBody) return `t${i}._write(t, ${value});`;
    const bytes = JSON.stringify(defaultBody.toString('latin1'));
    const writeDefault = `t.writeBinary(${bytes}, ${defaultBody.length})`;
    return `{ const f = ${value}; if (f === undefined) ${writeDefault}; else t${i}._write(t, f); }`;
  });
  const types = Object.fromEntries(fields.map(({ type }, i) => [`t${i}`, type]));
  // By default, the writer has no trace of the option.
  if (names) lines.unshift('if (hasOthers(v, names)) reject();');
  const scope = { isRecord, reject, memberOf, hasOthers, names, ...types };
  const source = `return function (t, v) {\nif (!isRecord(v)) reject();\n${lines.join('\n')}\n};`;
  return new Function(...Object.keys(scope), source)(...Object.values(scope));
}

/** A member, but not what every object has, such as `constructor`. */
function memberOf(value: Record<string, unknown>, name: string): unknown {
  return !(name in Object.prototype) || Object.hasOwn(value, name) ? value[name] : undefined;
}

/** An object whose own properties are its members: not an array, Map, Set or bytes. */
function isDictionary(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

/** As `isDictionary`, but not a Date, Promise or other builtin either: without members, it would be written as empty. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isDictionary(value)) return false;
  // A class may choose any name for itself; asking for each builtin takes longer.
  if (Object.prototype.toString.call(value) === '[object Object]') return true;
  return !builtins.isDate(value) && !isBuiltinObject(value);
}
