import type { AnyChoice, EveryChoice } from './schema-choice.ts';
import { isTyped } from './typed-schema.ts';

/**
 * Identifies the writer of a choice.
 *
 * Invariant: choices with one key are written with the same version in the same way, so every ingredient of both is in it.
 */
export function writerKey(topic: string, choice: AnyChoice): string {
  const { part = 'value', message = '', schema, schemaVersionId = '' } = choice;
  const { useLatestVersion = false, latestCompatibilityStrict, dataFormat } = choice as EveryChoice;
  const strict = latestCompatibilityStrict ?? (useLatestVersion ? true : '');
  const format = dataFormat ?? (useLatestVersion || typeof schema !== 'string' ? '' : 'AVRO');
  // With the type of each: the text 'false', which is refused, must not find the writer of the boolean.
  const where = `${textOf(topic)}\0${textOf(part)}\0${textOf(message)}`;
  const how = `${textOf(schemaVersionId)}\0${textOf(useLatestVersion)}\0${textOf(strict)}\0${textOf(format)}`;
  return `${where}\0${how}\0${isTyped(schema) ? `typed ${numberOf(schema)}` : textOf(schema)}`;
}

/** With the type. A value that no choice may have has no text of its own, and maybe none at all. */
function textOf(value: unknown): string {
  const type = typeof value;
  return type === 'string' || type === 'boolean' ? `${type} ${value}` : type;
}

// Typed schemas with one definition can differ in the representation of values, so the definition is not enough.
const numbers = new WeakMap<object, number>();
let count = 0;

function numberOf(schema: object): number {
  const known = numbers.get(schema);
  if (known !== undefined) return known;
  count += 1;
  numbers.set(schema, count);
  return count;
}
