import avro, { type Type as AvscType } from 'avsc';
import {
  type CheckHook,
  type Codable,
  type CompileOptions,
  ownLookup,
  refuse,
} from './avsc-type.ts';
import { isDictionary, isPlain } from './containers.ts';
import { named } from './named.ts';
import { originalName } from './repaired-names.ts';

const { types } = avro;

/** A record that takes plain objects, and writes the defaults of the fields that they leave out. */
export function recordType(schema: object, options: CompileOptions): AvscType {
  let defaults: ReadonlyMap<string, Buffer>;

  class RecordType extends named(types.RecordType) {
    set _fieldsByName(_: Record<string, avro.types.Field>) {
      ownLookup(this, '_fieldsByName');
    }
    // avsc asks for these four once the name and all fields are known, and generates source text as is done here.
    _createConstructor() {
      return null;
    }
    _createReader() {
      return refuse;
    }
    _createWriter() {
      defaults = options.defaultsOf(originalName(this.name as string));
      return createWriter(this.fields, defaults);
    }
    _createChecker() {
      return createChecker(this.fields, defaults);
    }
  }
  return new RecordType(schema as never, options);
}

type Fields = readonly avro.types.Field[];

function createChecker(fields: Fields, defaults: ReadonlyMap<string, Buffer>) {
  const members = fields.map(({ name, type }) => ({
    name: originalName(name),
    type: type as Codable,
  }));
  const isRecord = recordTest(fields, defaults);
  return function check(
    this: AvscType,
    value: unknown,
    flags: unknown,
    hook?: CheckHook,
    path: string[] = [],
  ): boolean {
    if (!isRecord(value)) {
      hook?.(value, this);
      return false;
    }
    let fits = true;
    for (const { name, type } of members) {
      const member =
        Object.hasOwn(value, name) || !(name in Object.prototype) ? value[name] : undefined;
      if (member === undefined && defaults.has(name)) continue;
      path.push(name);
      fits = type._check(member, flags, hook, path) && fits;
      path.pop();
    }
    return fits;
  };
}

function createWriter(fields: Fields, defaults: ReadonlyMap<string, Buffer>) {
  const lines = fields.map((field, i) => {
    const name = originalName(field.name);
    const value = memberOf('v', name);
    const body = defaults.get(name);
    if (!body) return `t${i}._write(t, ${value});`;
    const bytes = JSON.stringify(body.toString('latin1'));
    const writeDefault = `t.writeBinary(${bytes}, ${body.length})`;
    return `{ const f = ${value}; if (f === undefined) ${writeDefault}; else t${i}._write(t, f); }`;
  });
  const scope = {
    isRecord: recordTest(fields, defaults),
    refuse,
    ...Object.fromEntries(fields.map(({ type }, i) => [`t${i}`, type])),
  };
  const source = `return function (t, v) {\nif (!isRecord(v)) refuse();\n${lines.join('\n')}\n};`;
  return new Function(...Object.keys(scope), source)(...Object.values(scope));
}

// A field without a default is missed where it is missing; of all defaults, anything else would do.
function recordTest(fields: Fields, defaults: ReadonlyMap<string, Buffer>): typeof isPlain {
  return defaults.size < fields.length ? isDictionary : isPlain;
}

// Invariant: no name of a field breaks out of the source text, and one such as `constructor` is not found
// on Object.prototype.
function memberOf(variable: string, name: string): string {
  const key = JSON.stringify(name);
  if (!(name in Object.prototype)) return `${variable}[${key}]`;
  return `(Object.hasOwn(${variable}, ${key}) ? ${variable}[${key}] : undefined)`;
}
