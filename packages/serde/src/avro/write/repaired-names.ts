/**
 * avsc refuses names that Java, Python and the registry accept, such as the namespace `Order V1`.
 * They are spelled here so that avsc takes them, reversibly, and in every schema alike: a reader's
 * and a writer's schema of one name still match. The text in the registry is never touched.
 *
 * Names of fields and enum symbols, which Java lets be any letters, are part of the values: who reads
 * values asks for the original.
 */

/** A schema as parsed JSON. */
export type AvroSchema = string | AvroSchema[] | { [attribute: string]: unknown };

/** A copy of the schema in which every name and reference is legal to avsc, without defaults. */
export function repairNames(schema: AvroSchema): AvroSchema {
  if (typeof schema === 'string') return repairName(schema);
  if (Array.isArray(schema)) return schema.map(repairNames);
  if (typeof schema !== 'object' || schema === null) return schema;

  const repaired: Record<string, unknown> = { ...schema };
  for (const attribute of ['name', 'namespace']) {
    const name = repaired[attribute];
    if (typeof name === 'string') repaired[attribute] = repairName(name);
  }
  for (const attribute of ['type', 'items', 'values']) {
    if (attribute in repaired) repaired[attribute] = repairNames(repaired[attribute] as AvroSchema);
  }
  if (Array.isArray(schema.aliases)) {
    repaired.aliases = schema.aliases.map(repairText);
  }
  if (Array.isArray(schema.fields)) {
    repaired.fields = schema.fields.map((field) =>
      typeof field === 'object' && field !== null && 'type' in field
        ? repairField(field as { type: AvroSchema })
        : field,
    );
  }
  if (Array.isArray(schema.symbols)) {
    repaired.symbols = schema.symbols.map(repairText);
    delete repaired.default; // For readers only.
  }
  return repaired;
}

function repairField(field: { type: AvroSchema; name?: unknown; default?: unknown }) {
  // avsc refuses some defaults that others accept; see `defaultsOf`.
  const { default: _, ...rest } = field;
  return { ...rest, name: repairText(field.name), type: repairNames(field.type) };
}

function repairText(name: unknown): unknown {
  return typeof name === 'string' ? repairName(name) : name;
}

/** The name as the schema has it, from its repaired spelling. */
export function originalName(repaired: string): string {
  return repaired.replace(/_x([0-9a-f]+)_/g, (_, hex) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}

// `Order V1` becomes `Order_x20_V1`. A name that already holds such an escape, or would once its neighbour
// is escaped, has its first underscore escaped, so that no two names ever become one.
function repairName(name: string): string {
  return name
    .split('.')
    .map((part) =>
      part.replace(/_(?=x[0-9a-f]+[^A-Za-z0-9])|[^A-Za-z0-9_]|^[0-9]/gu, escapeCharacter),
    )
    .join('.');
}

function escapeCharacter(character: string): string {
  return `_x${(character.codePointAt(0) as number).toString(16)}_`;
}
