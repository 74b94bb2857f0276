import {
  type AvroSchema,
  branchName,
  isTagged,
  type NamedSchema,
  parseAvro,
  type SchemaText,
  type UnionSchema,
} from '@order-stream/serde';
import { InvalidAvroSchemaError } from '@order-stream/serde/compatibility';
import { SchemaFileError } from './read-file.ts';

const primitives = {
  ...{ null: 'null', boolean: 'boolean', int: 'number', float: 'number', double: 'number' },
  ...{ long: 'number | bigint', string: 'string', bytes: 'Buffer' },
};

/**
 * TypeScript types of the values that `@order-stream/serde` decodes with an Avro definition and its default representation:
 * every field is present, a `long` beyond 2^53 is a bigint, a logical type is its underlying value, and a union whose
 * branches JavaScript cannot distinguish is tagged by its branch.
 *
 * @throws SchemaFileError the definition is not an Avro schema
 */
export function typescriptOfAvro(
  definition: string,
  references: SchemaText['references'] = [],
): string {
  const root = parse(definition, references);
  const identifiers = new Map<NamedSchema, string>();
  const declarations: string[] = [];
  const top = typeOf(root);
  if (!('fullName' in root)) declarations.push(`export type Value = ${top};`);
  return `${declarations.join('\n\n')}\n`;

  function typeOf(schema: AvroSchema): string {
    switch (schema.type) {
      case 'union':
        return unionOf(schema);
      case 'array':
        return `${grouped(typeOf(schema.items))}[]`;
      case 'map':
        return `Record<string, ${typeOf(schema.values)}>`;
      case 'record':
      case 'enum':
      case 'fixed':
        return identifiers.get(schema) ?? declare(schema);
      default:
        return primitives[schema.type];
    }
  }

  function unionOf(union: UnionSchema): string {
    const tagged = isTagged(union);
    const types = union.branches.map((branch) => {
      const type = typeOf(branch);
      return tagged && type !== 'null' ? `{ ${key(branchName(branch))}: ${type} }` : type;
    });
    return [...new Set(types)].join(' | ') || 'never';
  }

  /** Returns the identifier: the last part of the type's name, or more parts where two types share the last one. */
  function declare(schema: NamedSchema): string {
    const identifier = identifierOf(schema.fullName, new Set(identifiers.values()));
    identifiers.set(schema, identifier);
    // The place is reserved before the types inside are declared, so that the outermost type comes first.
    const at = declarations.push('') - 1;
    declarations[at] = `${docOf(schema)}${declarationOf(schema, identifier)}`;
    return identifier;
  }

  function declarationOf(schema: NamedSchema, identifier: string): string {
    if (schema.type === 'enum') {
      const symbols = schema.symbols.map((symbol) => text(symbol));
      return `export type ${identifier} = ${symbols.join(' | ') || 'never'};`;
    }
    if (schema.type === 'fixed')
      return `/** ${schema.size} bytes. */\nexport type ${identifier} = Buffer;`;
    const fields = (schema.fields ?? []).map((field) => {
      const type = typeOf(field.schema);
      return `${docOf(field, '  ')}${hintOf(field.schema)}  ${key(field.name)}: ${type};\n`;
    });
    return `export interface ${identifier} {\n${fields.join('')}}`;
  }
}

function parse(definition: string, references: SchemaText['references']): AvroSchema {
  try {
    return parseAvro(definition, { lenient: true, references });
  } catch (error) {
    if (!(error instanceof InvalidAvroSchemaError)) throw error;
    throw new SchemaFileError(error.message);
  }
}

function identifierOf(fullName: string, taken: ReadonlySet<string>): string {
  const parts = fullName.split('.').map((part) => part.replaceAll(/[^A-Za-z0-9_$]/g, '_'));
  const candidates = parts.map((_, i) =>
    parts
      .slice(-1 - i)
      .join('_')
      .replace(/^(?=[0-9])/, '_'),
  );
  let identifier = candidates.find((candidate) => !taken.has(candidate)) ?? candidates.at(-1) ?? '';
  while (taken.has(identifier) || identifier === 'Buffer') identifier += '_';
  return identifier;
}

/** Adds parentheses around a union, so that a suffix applies to all branches. */
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

function docOf({ doc }: { doc: string | undefined }, indent = ''): string {
  if (!doc) return '';
  return `${indent}/** ${doc.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ')} */\n`;
}

/** The TypeScript type of a number does not show its logical type. */
function hintOf(schema: AvroSchema): string {
  const logicalType = schema.type === 'union' ? undefined : schema.properties.get('logicalType');
  return typeof logicalType === 'string' ? `  /** ${logicalType.replaceAll('*/', '')} */\n` : '';
}
