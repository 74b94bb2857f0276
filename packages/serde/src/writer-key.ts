import type { AnyChoice } from './schema-choice.ts';
import { isTyped } from './typed-schema.ts';

/**
 * Identifies the writer of a choice.
 *
 * Invariant: choices with one key are written with the same version in the same way, so every ingredient of both is in it.
 */
export function writerKey(topic: string, choice: AnyChoice): string {
  const { part = 'value', message = '', schema, schemaVersionId, useLatestVersion } = choice;
  const ingredients = [part, topic, message, schemaVersionId ?? ''];
  if (useLatestVersion) {
    const { latestCompatibilityStrict: strict = true } = choice;
    ingredients.push(`latest ${strict}`);
  }
  if (isTyped(schema)) ingredients.push('typed', `${numberOf(schema)}`);
  else if (schema !== undefined) {
    const { dataFormat = useLatestVersion ? '' : 'AVRO' } = choice as { dataFormat?: string };
    ingredients.push('text', dataFormat, schema);
  }
  return ingredients.join('\0');
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
