import { sameSchema } from '../schema/equality.ts';
import {
  type AvroSchema,
  branchName,
  type NamedSchema,
  type RecordSchema,
} from '../schema/model.ts';

interface Aliases {
  /** Full name of the writer's type → the reader's type that has this name as an alias. */
  types: Map<string, NamedSchema>;
  /** By full name of a record: the writer's field → the reader's. */
  fields: Map<string, Map<string, string>>;
}

/** Two parts of the writer schema would get the same name. Avro Java throws then, and reads no record. */
export class AliasCollision extends Error {}

/**
 * The writer schema with its types and fields renamed by the reader's aliases. Aliases of fields apply
 * only in a record that has the reader's name after its own renaming.
 *
 * Avro Java 1.11.4 does this twice before it decodes (`GenericDatumReader.getResolver`,
 * `Resolver.resolve`), each time unless the schemas are equal. The second pass matters where an alias
 * is also the name of another field or type.
 *
 * @throws AliasCollision
 */
export function applyAliases(writer: AvroSchema, reader: AvroSchema): AvroSchema {
  const aliases = collectAliases(reader);
  if (aliases.types.size === 0 && aliases.fields.size === 0) return writer;
  let renamed = writer;
  for (let pass = 0; pass < 2 && !sameSchema(renamed, reader); pass++) {
    renamed = rename(renamed, aliases);
  }
  return renamed;
}

function collectAliases(reader: AvroSchema): Aliases {
  const types: Aliases['types'] = new Map();
  const fields: Aliases['fields'] = new Map();
  const seen = new Set<RecordSchema>();
  collect(reader);
  return { types, fields };

  function collect(schema: AvroSchema): void {
    if ('aliases' in schema) for (const alias of schema.aliases) types.set(alias, schema);
    if (schema.type === 'array') collect(schema.items);
    else if (schema.type === 'map') collect(schema.values);
    else if (schema.type === 'union') schema.branches.forEach(collect);
    else if (schema.type === 'record' && !seen.has(schema)) collectRecord(schema);
  }

  function collectRecord(record: RecordSchema): void {
    seen.add(record);
    for (const field of record.fields ?? []) {
      for (const alias of field.aliases) {
        const renames = fields.get(record.fullName) ?? new Map<string, string>();
        fields.set(record.fullName, renames.set(alias, field.name));
      }
      collect(field.schema);
    }
    const renames = fields.get(record.fullName);
    if (renames) for (const alias of record.aliases) fields.set(alias, renames);
  }
}

function rename(writer: AvroSchema, aliases: Aliases): AvroSchema {
  const seen = new Map<RecordSchema, RecordSchema>();
  return renamed(writer);

  function renamed(schema: AvroSchema): AvroSchema {
    switch (schema.type) {
      case 'array':
        return { ...schema, items: renamed(schema.items) };
      case 'map':
        return { ...schema, values: renamed(schema.values) };
      case 'union': {
        const branches = schema.branches.map(renamed);
        refuseRepeated(branches.map((branch) => branchName(branch)));
        return { ...schema, branches };
      }
      case 'enum':
      case 'fixed':
        return { ...schema, ...newName(schema) };
      case 'record':
        return seen.get(schema) ?? renamedRecord(schema);
      default:
        return schema;
    }
  }

  function renamedRecord(record: RecordSchema): RecordSchema {
    const result: RecordSchema = { ...record, ...newName(record), fields: undefined };
    seen.set(record, result);
    const renames = aliases.fields.get(result.fullName);
    const fields = (record.fields ?? []).map((field) => ({
      ...field,
      name: renames?.get(field.name) ?? field.name,
      schema: renamed(field.schema),
    }));
    refuseRepeated(fields.map(({ name }) => name));
    result.fields = fields;
    return result;
  }

  function newName({ fullName, name, namespace }: NamedSchema) {
    const target = aliases.types.get(fullName) ?? { fullName, name, namespace };
    return { fullName: target.fullName, name: target.name, namespace: target.namespace };
  }
}

function refuseRepeated(names: readonly string[]): void {
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw new AliasCollision(`aliases give the name '${repeated}' twice`);
}
