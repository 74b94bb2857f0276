import { inlineReferences, type Representation } from '@order-stream/serde';
import type { ReadSchema } from './schema-reader/schema-reader.ts';
import { avroTypes } from './typescript-of-avro.ts';

/**
 * A TypeScript module with the types of an Avro schema and a value that reads and writes exactly these types: `avroCodec` of
 * `@order-stream/serde`. Types of other files are written into its definition, as `register` does for Glue.
 *
 * @throws InvalidAvroSchemaError the definition is not an Avro schema
 */
export function avroCodecFile(
  { definition, references = [] }: Pick<ReadSchema, 'definition' | 'references'>,
  representation: Representation = {},
): string {
  const { declarations, value, input } = avroTypes(definition, references, representation);
  const whole = inlineReferences(definition, references);
  const types = value === input ? value : `${value}, ${input}`;
  const options = optionsOf(representation);
  const argument = options === '{}' ? '' : `, ${options}`;
  return `import { avroCodec, type TypedSchema } from '@order-stream/serde';

${declarations}
/** Reads and writes \`${value}\`: \`readerSchema\` of a deserializer, \`schema\` of a serializer. */
export const ${value}: TypedSchema<${types}> = /* @__PURE__ */ avroCodec<${types}>(
  ${templateOf(whole)}${argument},
);
`;
}

function optionsOf({ unions, logicalTypes = {} }: Representation): string {
  const chosen = Object.entries(logicalTypes).map(([name, choice]) => `${name}: '${choice}'`);
  const members = [
    ...(unions === undefined ? [] : [`unions: '${unions}'`]),
    ...(chosen.length === 0 ? [] : [`logicalTypes: { ${chosen.join(', ')} }`]),
  ];
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A template literal of exactly this text. A carriage return is escaped, because a template reads it as a line feed. */
function templateOf(text: string): string {
  return `\`${text.replaceAll(/[\\`]|\$\{/g, '\\$&').replaceAll('\r', '\\r')}\``;
}
