import type {
  DataFormat,
  RegisteredSchema,
  SchemaReference,
  SchemaText,
} from '@order-stream/serde';
import type { OpenRegistry } from '@order-stream/serde/registry';
import { avroNames } from './avro-names.ts';
import { namesIn } from './definition-names.ts';

/** A reference as a Confluent-compatible registry keeps it. */
export type RegisteredReference = Required<Omit<SchemaReference, 'definition'>>;

/**
 * Registers a schema after the schemas that it refers to, which get the subject of their name: Confluent's default.
 *
 * @param known the option `references` of the registry, which is filled
 * @param versions references that are registered already; those of the schema itself are all used
 */
export async function registerWithReferences(
  registry: OpenRegistry,
  known: Record<string, readonly RegisteredReference[]>,
  schemaName: string,
  schema: SchemaText & { dataFormat: DataFormat },
  versions: readonly RegisteredReference[],
): Promise<RegisteredSchema> {
  const { dataFormat, references = [] } = schema;
  const registered = new Map<SchemaReference, RegisteredReference>();
  const direct = await referencesOf(schema.definition);
  const others = versions.filter(({ name }) => !direct.some((other) => other.name === name));
  known[schemaName] = [...direct, ...others];
  return await registry.schemaByDefinition(schemaName, dataFormat, schema.definition);

  async function referencesOf(definition: string): Promise<RegisteredReference[]> {
    const names = new Set(namesIn(dataFormat, definition).outer.flat());
    const given = versions.filter(({ name }) => names.has(name));
    const found: RegisteredReference[] = [];
    for (const reference of references) {
      if (!isNamed(reference, names) || given.some(({ name }) => name === reference.name)) continue;
      found.push(registered.get(reference) ?? (await register(reference)));
    }
    return [...given, ...found];
  }

  function isNamed({ name, definition }: SchemaReference, names: ReadonlySet<string>): boolean {
    if (names.has(name)) return true;
    return (
      dataFormat === 'AVRO' && [...avroNames(definition).defined].some((type) => names.has(type))
    );
  }

  async function register(reference: SchemaReference): Promise<RegisteredReference> {
    const { name, definition } = reference;
    known[name] = await referencesOf(definition);
    const { versionNumber } = await registry.schemaByDefinition(name, dataFormat, definition);
    // The answer to a registration has no number.
    const version = versionNumber ?? (await registry.versionNumbers(name)).at(-1) ?? 1;
    const made = { name, subject: name, version };
    registered.set(reference, made);
    return made;
  }
}
