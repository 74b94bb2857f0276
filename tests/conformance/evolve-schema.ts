import fc, { type GeneratorValue } from 'fast-check';
import type { Schema } from './avro-type.ts';
import { pick } from './draw-schema.ts';

type Attributes = Record<string, unknown>;
interface Field extends Attributes {
  name: string;
  type: Schema;
  aliases?: string[];
}
/** One part of a schema, and a function that replaces it. */
interface Place {
  schema: Schema;
  replace(other: Schema): void;
  inUnion: boolean;
}

const defaults: Record<string, unknown> = {
  null: null,
  boolean: true,
  int: 3,
  long: 4,
  float: 0.5,
  double: 1.5,
  string: 's',
  bytes: '\u00ff',
};
const primitives = Object.keys(defaults);

/**
 * Changes a schema at random, with and without care for compatibility: drops, adds, renames and swaps fields; promotes,
 * breaks and wraps types; adds and removes symbols, branches and aliases. The result can be an invalid schema.
 */
export function evolveSchema(g: GeneratorValue, definition: string): string {
  const evolved = { schema: JSON.parse(definition) as Schema };
  const names = { next: 0 };
  for (let steps = 1 + nat(g, 4); steps > 0; steps--) {
    const places = placesIn(evolved.schema, (other) => {
      evolved.schema = other;
    });
    change(g, pick(g, places), names);
  }
  return JSON.stringify(evolved.schema);
}

function placesIn(schema: Schema, replace: Place['replace'], inUnion = false): Place[] {
  const here = { schema, replace, inUnion };
  if (typeof schema === 'string') return [here];
  if (Array.isArray(schema)) {
    const branches = schema.map((branch, i) =>
      placesIn(
        branch,
        (other) => {
          schema[i] = other;
        },
        true,
      ),
    );
    return [here, ...branches.flat()];
  }
  const inside = ['items', 'values'].flatMap((attribute) =>
    attribute in schema
      ? placesIn(schema[attribute] as Schema, (other) => {
          schema[attribute] = other;
        })
      : [],
  );
  const fields = fieldsOf(schema).flatMap((field) =>
    placesIn(field.type, (other) => {
      field.type = other;
      delete field.default;
    }),
  );
  return [here, ...inside, ...fields];
}

function change(g: GeneratorValue, place: Place, names: { next: number }): void {
  const { schema, replace, inUnion } = place;
  if (Array.isArray(schema)) {
    changeUnion(g, schema, replace);
    return;
  }
  const type = typeof schema === 'string' ? schema : String(schema.type);
  if (primitives.includes(type)) {
    if (inUnion || nat(g, 3) > 0) replace(pick(g, primitives));
    else replace(g(fc.boolean) ? ['null', schema] : [schema, { type: 'array', items: schema }]);
  } else if (typeof schema !== 'string') changeComplex(g, { ...place, schema }, type, names);
}

function changeComplex(
  g: GeneratorValue,
  { schema, replace, inUnion }: Place & { schema: Attributes },
  type: string,
  names: { next: number },
): void {
  const named = ['record', 'enum', 'fixed'].includes(type);
  if (named && nat(g, 3) === 0) rename(g, schema, names);
  else if (type === 'record') changeFields(g, fieldsOf(schema));
  else if (type === 'enum') changeSymbols(g, schema, names);
  else if (type === 'fixed') schema.size = (schema.size as number) + nat(g, 1);
  else if (!inUnion && g(fc.boolean)) replace(g(fc.boolean) ? ['null', schema] : [schema, 'null']);
  else if (type === 'array') replace({ type: 'map', values: schema.items as Schema });
  else replace({ type: 'array', items: schema.values as Schema });
}

function changeUnion(g: GeneratorValue, union: Schema[], replace: Place['replace']): void {
  switch (nat(g, 4)) {
    case 0:
      if (union.length > 1) union.splice(nat(g, union.length - 1), 1);
      break;
    case 1:
      union.splice(nat(g, union.length), 0, pick(g, primitives));
      break;
    case 2:
      union.reverse();
      break;
    default:
      replace(pick(g, union));
  }
}

function changeFields(g: GeneratorValue, fields: Field[]): void {
  const field = fields.length > 0 ? pick(g, fields) : undefined;
  const other = fields.length > 0 ? pick(g, fields) : undefined;
  switch (nat(g, 6)) {
    case 0:
      fields.splice(nat(g, fields.length), 1);
      return;
    case 1:
    case 2: {
      const type = pick(g, primitives);
      const added: Field = { name: `n${fields.length}`, type };
      if (nat(g, 3) === 0) added.type = type === 'null' ? ['null', 'int'] : [type, 'null'];
      if (nat(g, 4) > 0) added.default = defaults[type];
      fields.splice(nat(g, fields.length), 0, added);
      return;
    }
    case 3:
      fields.reverse();
      return;
    case 4:
      if (!field || !other) return;
      [field.name, other.name] = [other.name, field.name];
      if (g(fc.boolean)) [field.aliases, other.aliases] = [[other.name], [field.name]];
      return;
    default:
      if (!field) return;
      if (nat(g, 3) > 0) field.aliases = [...(field.aliases ?? []), field.name];
      field.name = `m${fields.indexOf(field)}_${field.name}`;
  }
}

function changeSymbols(g: GeneratorValue, schema: Attributes, names: { next: number }): void {
  const symbols = schema.symbols as string[];
  switch (nat(g, 3)) {
    case 0:
      if (symbols.length > 1) symbols.splice(nat(g, symbols.length - 1), 1);
      delete schema.default;
      return;
    case 1:
      symbols.unshift(`S${names.next++}`);
      return;
    case 2:
      symbols.reverse();
      return;
    default:
      schema.default = pick(g, symbols);
  }
}

function rename(g: GeneratorValue, schema: Attributes, names: { next: number }): void {
  const name = schema.name as string;
  const full = name.includes('.') || !schema.namespace ? name : `${schema.namespace}.${name}`;
  if (g(fc.boolean)) schema.name = `X${names.next++}`;
  else if (name.includes('.')) schema.name = `z.${name.split('.').pop()}`;
  else schema.namespace = 'z';
  if (nat(g, 2) > 0) schema.aliases = [full];
}

function fieldsOf(schema: Attributes): Field[] {
  return Array.isArray(schema.fields) ? schema.fields : [];
}

function nat(g: GeneratorValue, max: number): number {
  return g(fc.nat, max);
}
