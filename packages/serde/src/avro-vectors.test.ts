import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import avro from 'avsc';
import { createDeserializer, createSerializer, type RegisteredSchema } from './index.ts';

// biome-ignore lint/suspicious/noExplicitAny: schemas and values of any shape are walked
type Json = any;

interface Vector {
  id: string;
  tags: string[];
  schemaVersionId: string;
  compression: 'none' | 'zlib';
  schema: string;
  registeredSchema: string;
  value: string;
  wire: string;
}

const vectors = ['avro.json', 'avro-big.json'].flatMap(vectorsOf);

for (const vector of vectors) {
  const title = vector.tags.includes('order-space') ? `S0-04 S0-05 ${vector.id}` : vector.id;
  const wire = Buffer.from(vector.wire, 'base64');
  const expected = fromAvroJson(vector.schema, vector.value);

  for (const definition of new Set([vector.schema, vector.registeredSchema])) {
    const text = definition === vector.schema ? 'given' : 'registered';

    test(`${title}: what Java wrote decodes to its value by the ${text} definition`, async () => {
      const decoded = await deserializerOf(vector, definition).deserialize(wire);
      assert.deepEqual(decoded.value, expected);
      assert.equal(decoded.schema.schemaVersionId, vector.schemaVersionId);
    });

    test(`${title}: the value encodes to Java's bytes by the ${text} definition`, async () => {
      const compression = vector.compression;
      const registry = registryOf(vector, definition);
      const serializer = createSerializer({ registry, compression });
      const framed = await serializer.serialize('t', expected, { schema: definition });
      assert.deepEqual(bodyOf(framed), bodyOf(wire));
      assert.deepEqual(framed.subarray(2, 18), wire.subarray(2, 18));
      if (compression === 'none') assert.deepEqual(framed, wire);
      else assert.equal(framed[1] === 5, framed.length < 18 + bodyOf(wire).length);
    });
  }
}

test('S0-05 avsc alone refuses the namespace that these records were written with', () => {
  const spaced = vectors.find(({ tags }) => tags.includes('order-space')) as Vector;
  assert.throws(() => avro.Type.forSchema(JSON.parse(spaced.schema)), /invalid name/);
});

function vectorsOf(file: string): Vector[] {
  const url = new URL(`../vectors/glue-wire/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).cases;
}

function registryOf(vector: Vector, definition: string) {
  const { schemaVersionId } = vector;
  const schema: RegisteredSchema = { schemaVersionId, dataFormat: 'AVRO', definition };
  return {
    framing: 'glue' as const,
    schemaById: async () => schema,
    schemaByDefinition: async () => schema,
  };
}

function deserializerOf(vector: Vector, definition: string) {
  return createDeserializer({ registry: registryOf(vector, definition) });
}

function bodyOf(frame: Buffer): Buffer {
  return frame[1] === 5 ? inflateSync(frame.subarray(18)) : frame.subarray(18);
}

// Avro's JSON encoding to the values that this package documents, by the specification alone.
function fromAvroJson(definition: string, text: string): unknown {
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
    // Every named branch is defined by now or here, whichever of them the value takes.
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
