import { isJsonArray, isJsonNumber, isJsonObject, type Json, readJson } from '../json/json-text.ts';
import { invalidAt } from '../json-schema/invalid-at.ts';
import { checkDepth } from '../json-schema/parse-definition.ts';
import type { SchemaText } from '../registry/schema-registry.ts';
import { schemaTextOf } from './check-history.ts';

/**
 * The canonical text of a JSON value: no white space, sorted keys, one notation of numbers. That of a definition with
 * references is an object with the members `definition` and `references`, an object of the texts by name.
 * @throws JsonTextError a text is not JSON
 * @throws InvalidSchemaError a text nests beyond 500 levels, as for `checkJsonSchema`
 */
export function canonicalJson(schema: string | SchemaText): string {
  const { definition, references = [] } = schemaTextOf(schema);
  const whole = readDefinition(definition);
  if (references.length === 0) return printJson(whole);
  const named = new Map(
    references.map(({ name, definition: text }) => [name, readDefinition(text)]),
  );
  return printJson(
    new Map<string, Json>([
      ['definition', whole],
      ['references', named],
    ]),
  );
}

function readDefinition(text: string): Json {
  try {
    checkDepth(text);
  } catch (error) {
    throw invalidAt('', (error as Error).message);
  }
  return readJson(text);
}

export function printJson(value: Json): string {
  if (isJsonObject(value)) return `{${printMembers(value).join(',')}}`;
  if (isJsonArray(value)) {
    const elements: string[] = [];
    for (const element of value) elements.push(printJson(element));
    return `[${elements.join(',')}]`;
  }
  return isJsonNumber(value) ? printNumber(value.number) : JSON.stringify(value);
}

export function printMembers(members: ReadonlyMap<string, Json>): string[] {
  const printed: string[] = [];
  // Not by `map`, whose frames would double the stack that the deepest definition needs.
  for (const key of [...members.keys()].sort((left, right) => (left < right ? -1 : 1))) {
    printed.push(`${JSON.stringify(key)}:${printJson(members.get(key) as Json)}`);
  }
  return printed;
}

/** Integers keep every digit; others are printed as doubles, so 1e2, 100.0 and 100 are equal. Infinity is text, as in Java. */
function printNumber(text: string): string {
  if (/^-?\d+$/.test(text) && text !== '-0') return BigInt(text).toString();
  const double = Number(text);
  if (!Number.isFinite(double)) return `"${double}"`;
  return Object.is(double, -0) ? '-0.0' : String(double);
}
