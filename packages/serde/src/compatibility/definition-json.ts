import { isJsonArray, isJsonNumber, isJsonObject, type Json, readJson } from '../json/json-text.ts';

/**
 * The JSON of an Avro or JSON Schema definition as JavaScript values, to be compared or printed. Comments are allowed, as
 * in Avro Java, and an integer beyond 2^53 is a bigint.
 *
 * @throws JsonTextError the text is not JSON
 */
export function definitionJson(definition: string): unknown {
  return plainValue(readJson(definition));
}

function plainValue(json: Json): unknown {
  if (isJsonNumber(json)) return numberOf(json.number);
  if (isJsonArray(json)) return json.map(plainValue);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries([...json].map(([key, member]) => [key, plainValue(member)]));
}

function numberOf(text: string): number | bigint {
  const number = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}
