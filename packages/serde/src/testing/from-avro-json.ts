import assert from 'node:assert/strict';

// biome-ignore lint/suspicious/noExplicitAny: schemas and values of any shape
type Json = any;

/** Converts Avro's JSON encoding to the values that this package documents, following the specification only. */
export function fromAvroJson(definition: string, text: string): unknown {
  const exact = (_: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' ? { digits: source } : value;
  const named = new Map<string, { schema: Json; namespace: string }>();
  return convert(JSON.parse(definition), JSON.parse(text, exact as never), '');

  function convert(schema: Json, json: Json, namespace: string): unknown {
    if (Array.isArray(schema)) return convertBranch(schema, json, namespace);
    const type = typeof schema === 'string' ? schema : schema.type;
    if (typeof type !== 'string') return convert(type, json, namespace);
    switch (type) {
      case 'long': {
        const exactly = BigInt(json.digits);
        return Number.isSafeInteger(Number(exactly)) ? Number(exactly) : exactly;
      }
      case 'int':
      case 'double':
        return Number(json.digits);
      case 'float':
        return Math.fround(Number(json.digits));
      case 'bytes':
        return Buffer.from(json, 'latin1');
      case 'array':
        return json.map((item: unknown) => convert(schema.items, item, namespace));
      case 'map':
        return mapValues(json, (value) => convert(schema.values, value, namespace));
      case 'null':
      case 'boolean':
      case 'string':
        return json;
      case 'fixed':
      case 'enum':
      case 'record':
        break;
      default: {
        const known = named.get(fullName(type, namespace));
        assert.ok(known, `type ${type}`);
        return convert(known.schema, json, known.namespace);
      }
    }
    const inner = define(schema, namespace);
    if (type === 'fixed') return Buffer.from(json, 'latin1');
    if (type === 'enum') return json;
    const fields = schema.fields.map((field: Json) => [
      field.name,
      convert(field.type, json[field.name], inner),
    ]);
    return Object.fromEntries(fields);
  }

  function convertBranch(branches: Json[], json: Json, namespace: string): unknown {
    // Defines the named branches that are new, whichever branch the value has.
    const names = branches.map((branch) => {
      if (typeof branch === 'object' && branch.name && 'record enum fixed'.includes(branch.type)) {
        define(branch, namespace);
        return fullName(branch.name, branch.namespace ?? namespace);
      }
      const type = typeof branch === 'string' ? branch : branch.type;
      return named.has(fullName(type, namespace)) ? fullName(type, namespace) : type;
    });
    if (json === null) return null;
    const [tag] = Object.keys(json) as [string];
    const value = convert(branches[names.indexOf(tag)], json[tag], namespace);
    const kinds = names.map((name) => kindOf(named.get(name)?.schema.type ?? name));
    return new Set(kinds).size < kinds.length ? { [tag]: value } : value;
  }

  function define(schema: Json, namespace: string): string {
    const name = fullName(schema.name, schema.namespace ?? namespace);
    const inner = name.split('.').slice(0, -1).join('.');
    named.set(name, { schema, namespace: inner });
    return inner;
  }
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function kindOf(type: string): string {
  if (['int', 'long', 'float', 'double'].includes(type)) return 'number';
  if (['string', 'enum'].includes(type)) return 'text';
  if (['bytes', 'fixed'].includes(type)) return 'buffer';
  return ['map', 'record'].includes(type) ? 'object' : type;
}

function mapValues(object: object, convert: (value: unknown) => unknown) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, convert(value)]));
}
