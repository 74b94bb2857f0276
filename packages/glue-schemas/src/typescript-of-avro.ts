import { problemsOf } from './compatibility-check.ts';
import { SchemaFileError } from './schema-file.ts';

type Schema = string | Schema[] | { [attribute: string]: unknown };
interface Named {
  name: string;
  namespace?: unknown;
  doc?: unknown;
  [attribute: string]: unknown;
}

/** How JavaScript tells a value from others: what a union's tags go by. */
const kinds: Record<string, string> = {
  ...{ int: 'number', long: 'number', float: 'number', double: 'number' },
  ...{ string: 'text', enum: 'text', bytes: 'buffer', fixed: 'buffer' },
  ...{ map: 'object', record: 'object', error: 'object', array: 'array' },
  ...{ boolean: 'boolean', null: 'null' },
};

const primitives: Record<string, string> = {
  ...{ null: 'null', boolean: 'boolean', int: 'number', float: 'number', double: 'number' },
  ...{ long: 'number | bigint', string: 'string', bytes: 'Buffer' },
};

/**
 * TypeScript types of the values that `@order-stream/serde` decodes by an Avro definition, as it represents them when it is
 * told nothing else: every field is there, a `long` is a bigint beyond 2^53, a logical type is its underlying value, and a
 * union whose branches JavaScript cannot tell apart is tagged by its branch.
 *
 * @throws SchemaFileError the definition is no Avro schema
 */
export function typescriptOfAvro(definition: string): string {
  const names = new Map<string, { identifier: string; kind: string }>();
  const declarations: string[] = [];
  const [problem] = problemsOf('AVRO', 'NONE', definition, []);
  if (problem) throw new SchemaFileError(problem.message);
  const root = JSON.parse(definition) as Schema;
  collect(root, '', names);
  const top = typeOf(root, '');
  const named = typeof root === 'object' && !Array.isArray(root) && isNamed(root);
  if (!named) declarations.push(`export type Value = ${top};`);
  return `${declarations.join('\n\n')}\n`;

  function typeOf(schema: Schema, namespace: string): string {
    if (Array.isArray(schema)) return unionOf(schema, namespace);
    if (typeof schema === 'string') return reference(schema, namespace);
    if (isNamed(schema)) return declare(schema, namespace);
    const { type } = schema;
    if (type === 'array') return `${grouped(typeOf(schema.items as Schema, namespace))}[]`;
    if (type === 'map') return `Record<string, ${typeOf(schema.values as Schema, namespace)}>`;
    return typeOf(type as Schema, namespace);
  }

  function reference(name: string, namespace: string): string {
    const found = primitives[name] ?? names.get(fullName(name, namespace))?.identifier;
    if (found === undefined)
      throw new SchemaFileError(`the schema names ${name}, which it does not define`);
    return found;
  }

  function unionOf(branches: Schema[], namespace: string): string {
    const tagged = branches.map((branch) => tagOf(branch, namespace));
    const ambiguous = new Set(tagged.map(({ kind }) => kind)).size < tagged.length;
    const types = branches.map((branch, i) => {
      const type = typeOf(branch, namespace);
      return ambiguous && type !== 'null' ? `{ ${key(tagged[i]?.tag ?? '')}: ${type} }` : type;
    });
    return [...new Set(types)].join(' | ') || 'never';
  }

  function tagOf(branch: Schema, namespace: string): { tag: string; kind: string } {
    if (typeof branch === 'object' && !Array.isArray(branch)) {
      if (!isNamed(branch)) return tagOf(branch.type as Schema, namespace);
      return { tag: nameOf(branch, namespace), kind: kinds[String(branch.type)] as string };
    }
    const name = String(branch);
    const known = names.get(fullName(name, namespace));
    return known
      ? { tag: fullName(name, namespace), kind: known.kind }
      : { tag: name, kind: kinds[name] ?? name };
  }

  function declare(schema: Named, namespace: string): string {
    const name = nameOf(schema, namespace);
    const { identifier } = names.get(name) as { identifier: string };
    const inner = name.split('.').slice(0, -1).join('.');
    // Its place is taken before what is inside it, so that the outermost type comes first.
    const at = declarations.push('') - 1;
    if (schema.type === 'enum') {
      const symbols = (schema.symbols as string[]).map((symbol) => text(symbol));
      declarations[at] =
        `${docOf(schema)}export type ${identifier} = ${symbols.join(' | ') || 'never'};`;
    } else if (schema.type === 'fixed') {
      declarations[at] =
        `${docOf(schema)}/** ${schema.size} bytes. */\nexport type ${identifier} = Buffer;`;
    } else {
      const fields = (schema.fields as Named[]).map((field) => {
        const type = typeOf(field.type as Schema, inner);
        return `${docOf(field, '  ')}${hintOf(field.type)}  ${key(field.name)}: ${type};\n`;
      });
      declarations[at] = `${docOf(schema)}export interface ${identifier} {\n${fields.join('')}}`;
    }
    return identifier;
  }
}

/** Every named type by its full name, each with an identifier of its own: its last part, with more in front where two share it. */
function collect(
  schema: Schema,
  namespace: string,
  names: Map<string, { identifier: string; kind: string }>,
): void {
  if (typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) {
    for (const branch of schema) collect(branch, namespace, names);
    return;
  }
  let inner = namespace;
  if (isNamed(schema)) {
    const name = nameOf(schema, namespace);
    const parts = name.split('.').map((part) => part.replaceAll(/[^A-Za-z0-9_$]/g, '_'));
    const taken = new Set([...names.values()].map(({ identifier }) => identifier));
    let identifier = '';
    for (
      let from = parts.length - 1;
      from >= 0 && (identifier === '' || taken.has(identifier));
      from--
    ) {
      identifier = parts
        .slice(from)
        .join('_')
        .replace(/^(?=[0-9])/, '_');
    }
    while (taken.has(identifier) || identifier === 'Buffer') identifier += '_';
    names.set(name, { identifier, kind: kinds[String(schema.type)] as string });
    inner = name.split('.').slice(0, -1).join('.');
  }
  const fields = Array.isArray(schema.fields) ? schema.fields.map((field) => field.type) : [];
  for (const child of [schema.type, schema.items, schema.values, ...fields])
    collect(child as Schema, inner, names);
}

function isNamed(schema: { [attribute: string]: unknown }): schema is Named {
  const { name, type } = schema;
  return typeof name === 'string' && ['record', 'error', 'enum', 'fixed'].includes(String(type));
}

function nameOf({ name, namespace }: Named, surrounding: string): string {
  return fullName(name, typeof namespace === 'string' ? namespace : surrounding);
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** In parentheses where it is a union: what follows belongs to all of it. */
function grouped(type: string): string {
  let outermost = type;
  for (let inner = ''; inner !== outermost; ) {
    inner = outermost;
    outermost = inner.replaceAll(/\([^()]*\)|<[^<>]*>|\{[^{}]*\}/g, '');
  }
  return outermost.includes(' | ') ? `(${type})` : type;
}

function key(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : text(name);
}

function text(value: string): string {
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function docOf({ doc }: { doc?: unknown }, indent = ''): string {
  if (typeof doc !== 'string' || doc === '') return '';
  return `${indent}/** ${doc.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ')} */\n`;
}

/** What a number stands for is not to be seen in its type. */
function hintOf(type: unknown): string {
  const { logicalType } = (type ?? {}) as { logicalType?: unknown };
  return typeof logicalType === 'string' ? `  /** ${logicalType.replaceAll('*/', '')} */\n` : '';
}
