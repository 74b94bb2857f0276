import {
  type AvroSchema,
  branchName,
  conversionOfSchema,
  isTagged,
  type NamedSchema,
  parseAvro,
  type Representation,
  type SchemaText,
  type UnionSchema,
} from '@order-stream/serde';

const primitives = {
  ...{ null: 'null', boolean: 'boolean', int: 'number', float: 'number', double: 'number' },
  ...{ long: 'number | bigint', string: 'string', bytes: 'Buffer' },
};

/** What the types describe: the values that reading gives, or what writing takes. */
type Side = 'value' | 'input';

/** The types of an Avro definition, and which of them are those of the whole schema. */
export interface AvroTypes {
  /** Exported declarations, separated by empty lines. */
  readonly declarations: string;
  /** The identifier of the values that reading gives. */
  readonly value: string;
  /** The identifier of what writing takes; the same as `value` if there is no difference. */
  readonly input: string;
}

/**
 * TypeScript types of the values that `@order-stream/serde` decodes with an Avro definition: every field is present, a `long`
 * beyond 2^53 is a bigint, a logical type is its underlying value unless `representation` says otherwise, and a union whose
 * branches JavaScript cannot distinguish is tagged by its branch.
 *
 * @throws InvalidAvroSchemaError the definition is not an Avro schema
 */
export function typescriptOfAvro(
  definition: string,
  references: SchemaText['references'] = [],
  representation: Representation = {},
): string {
  return avroTypes(definition, references, representation, ['value']).declarations;
}

/**
 * As `typescriptOfAvro`, and for the side `input` what can be written: a field with a default may be missing, bytes may be
 * any `Uint8Array`, arrays are not changed, and a map may be a `Map`. These types end with `Input`.
 *
 * @throws InvalidAvroSchemaError the definition is not an Avro schema
 */
export function avroTypes(
  definition: string,
  references: SchemaText['references'] = [],
  representation: Representation = {},
  sides: readonly Side[] = ['value', 'input'],
): AvroTypes {
  const root = parse(definition, references);
  const identifiers = new Map<NamedSchema, string>();
  const inputs = new Map<NamedSchema, string>();
  const declarations: string[] = [];
  const value = nameOf('value');
  const input = sides.includes('input') && isWidened(root) ? nameOf('input') : value;
  return { declarations: `${declarations.join('\n\n')}\n`, value, input };

  /** Declares the types of the whole schema. */
  function nameOf(side: Side): string {
    const type = typeOf(root, side);
    if ('fullName' in root && identifiers.has(root)) return type;
    const name = side === 'value' ? 'Value' : 'ValueInput';
    const taken = new Set([...identifiers.values(), ...inputs.values()]);
    const identifier = identifierOf(name, taken);
    declarations.push(`export type ${identifier} = ${type};`);
    return identifier;
  }

  function typeOf(schema: AvroSchema, side: Side): string {
    const converted = convertedType(schema, representation);
    if (converted !== undefined) return converted;
    switch (schema.type) {
      case 'union':
        return unionOf(schema, side);
      case 'array': {
        const items = `${grouped(typeOf(schema.items, side))}[]`;
        return side === 'value' ? items : `readonly ${items}`;
      }
      case 'map': {
        const values = typeOf(schema.values, side);
        const object = `Record<string, ${values}>`;
        return side === 'value' ? object : `${object} | ReadonlyMap<string, ${values}>`;
      }
      case 'record':
      case 'enum':
      case 'fixed':
        return side === 'input' && isWidened(schema)
          ? (inputs.get(schema) ?? declare(schema, side))
          : (identifiers.get(schema) ?? declare(schema, 'value'));
      case 'bytes':
        return side === 'value' ? primitives.bytes : 'Uint8Array';
      default:
        return primitives[schema.type];
    }
  }

  function unionOf(union: UnionSchema, side: Side): string {
    const tagged = isTagged(union, representation);
    const types = union.branches.map((branch) => {
      const type = typeOf(branch, side);
      return tagged && type !== 'null' ? `{ ${key(branchName(branch))}: ${type} }` : type;
    });
    return [...new Set(types)].join(' | ') || 'never';
  }

  /** Returns the identifier: the last part of the type's name, or more parts where two types share the last one. */
  function declare(schema: NamedSchema, side: Side): string {
    const taken = new Set([...identifiers.values(), ...inputs.values()]);
    const own = identifiers.get(schema);
    const identifier =
      side === 'input' && own !== undefined
        ? identifierOf(`${own}Input`, taken)
        : identifierOf(schema.fullName, taken);
    (side === 'input' ? inputs : identifiers).set(schema, identifier);
    // The place is reserved before the types inside are declared, so that the outermost type comes first.
    const at = declarations.push('') - 1;
    declarations[at] = `${docOf(schema)}${declarationOf(schema, identifier, side)}`;
    return identifier;
  }

  function declarationOf(schema: NamedSchema, identifier: string, side: Side): string {
    if (schema.type === 'enum') {
      const symbols = schema.symbols.map((symbol) => text(symbol));
      return `export type ${identifier} = ${symbols.join(' | ') || 'never'};`;
    }
    if (schema.type === 'fixed') {
      const bytes = side === 'value' ? 'Buffer' : 'Uint8Array';
      return `/** ${schema.size} bytes. */\nexport type ${identifier} = ${bytes};`;
    }
    const fields = (schema.fields ?? []).map((field) => {
      const type = typeOf(field.schema, side);
      const isOptional = side === 'input' && field.defaultValue !== undefined;
      const member = `${key(field.name)}${isOptional ? '?' : ''}: ${type}${isOptional ? ' | undefined' : ''}`;
      return `${docOf(field, '  ')}${hintOf(field.schema)}  ${member};\n`;
    });
    return `export interface ${identifier} {\n${fields.join('')}}`;
  }

  /** Whether writing takes more than what reading gives. */
  function isWidened(schema: AvroSchema): boolean {
    const visited = new Set<AvroSchema>();
    const isWider = (part: AvroSchema): boolean => {
      if (visited.has(part) || convertedType(part, representation) !== undefined) return false;
      visited.add(part);
      if (part.type === 'union') return part.branches.some(isWider);
      if (part.type !== 'record') return ['array', 'map', 'bytes', 'fixed'].includes(part.type);
      return (part.fields ?? []).some(
        (field) => field.defaultValue !== undefined || isWider(field.schema),
      );
    };
    return isWider(schema);
  }
}

/** The type of a logical type that is not represented as its underlying value. */
function convertedType(schema: AvroSchema, representation: Representation): string | undefined {
  switch (conversionOfSchema(schema, representation)?.kind) {
    case 'date':
      return 'Date';
    case 'text':
      return 'string';
    case 'number':
      return 'bigint';
    case 'object':
      return '{ months: number; days: number; milliseconds: number }';
    default:
      return undefined;
  }
}

function parse(definition: string, references: SchemaText['references']): AvroSchema {
  return parseAvro(definition, { lenient: true, references });
}

/** Names that a declaration cannot have, and those that the generated file itself uses. */
const reserved = new Set([
  ...'Buffer Date Map ReadonlyMap Record TypedSchema Uint8Array avroCodec undefined'.split(' '),
  ...'any arguments asserts async await bigint boolean break case catch class const continue'.split(
    ' ',
  ),
  ...'debugger declare default delete do else enum eval export extends false finally for'.split(
    ' ',
  ),
  ...'function if implements import in instanceof interface let never new null number object'.split(
    ' ',
  ),
  ...'package private protected public return static string super switch symbol this throw'.split(
    ' ',
  ),
  ...'true try type typeof unknown var void while with yield NaN Infinity'.split(' '),
]);

function identifierOf(fullName: string, taken: ReadonlySet<string>): string {
  const parts = fullName.split('.').map((part) => part.replaceAll(/[^A-Za-z0-9_$]/g, '_'));
  const candidates = parts.map((_, i) =>
    parts
      .slice(-1 - i)
      .join('_')
      .replace(/^(?=[0-9])/, '_'),
  );
  let identifier = candidates.find((candidate) => !taken.has(candidate)) ?? candidates.at(-1) ?? '';
  while (taken.has(identifier) || reserved.has(identifier)) identifier += '_';
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
