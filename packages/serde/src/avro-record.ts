import avro, { type Type as AvscType } from 'avsc';
import { isDictionary } from './avro-containers.ts';
import { named } from './avro-named.ts';
import {
  type CheckHook,
  type Codable,
  type CompileOptions,
  ownLookup,
  refuse,
  truncated,
} from './avsc-type.ts';

const { types } = avro;

type Attributes = { fields?: { default?: unknown }[] };

const { _createChecker: createRecordChecker } = types.RecordType.prototype as unknown as {
  _createChecker(): Codable['_check'];
};

export class RecordType extends named(types.RecordType) {
  constructor(schema: Attributes, options: CompileOptions) {
    super((options.ignoreDefaults ? withoutDefaults(schema) : schema) as never, options);
  }
  set _fieldsByName(_: Record<string, avro.types.Field>) {
    ownLookup(this, '_fieldsByName');
  }
  // avsc asks for these three once all fields are known, and generates source text as is done here.
  _createChecker() {
    const check = createRecordChecker.call(this);
    return function (
      this: AvscType,
      value: unknown,
      flags: unknown,
      hook?: CheckHook,
      path?: string[],
    ) {
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
