import { checkOptions, isPlainObject, type OptionShape, required } from './option-checks.ts';

/** The text of a definition; whether it is a schema shows when it is compiled. */
const aDefinition: OptionShape = {
  expected: 'the text of a schema',
  accepts: (value) => typeof value === 'string',
};

/** The schemas that a definition refers to. */
export const someReferences: OptionShape = {
  expected: 'an array of { name, definition }',
  accepts: (value) =>
    Array.isArray(value) &&
    value.every(
      (one) =>
        isPlainObject(one) && typeof one.name === 'string' && typeof one.definition === 'string',
    ),
};

/**
 * Checks the schema that a function takes beside its options. Without it, a program that passes no text gets an
 * `InvalidSchemaError` with the first record, which would be set aside.
 *
 * @throws TypeError
 */
export function checkSchema(owner: string, definition: unknown, references?: unknown): void {
  checkOptions(
    owner,
    { definition, references },
    { definition: required(aDefinition), references: someReferences },
  );
}
