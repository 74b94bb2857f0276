import Type, { type Static } from 'typebox';
import { Check } from 'typebox/schema';
import { WorkerRefusedError } from './connect-errors.ts';

const validationSchema = Type.Object({
  error_count: Type.Integer(),
  configs: Type.Array(
    Type.Object({
      definition: Type.Optional(Type.Object({ type: Type.String() })),
      // Null for a property that the connector declares and does not check, such as Debezium's internal ones.
      value: Type.Union([
        Type.Object({ name: Type.String(), errors: Type.Array(Type.String()) }),
        Type.Null(),
      ]),
    }),
  ),
});

/** What Connect says about a configuration. */
export interface Validation {
  /** Connect's own messages, which may quote values. */
  faults: { property: string; message: string }[];
  /** The properties that the connector declares as passwords. */
  passwords: ReadonlySet<string>;
}

/** @throws WorkerRefusedError for a document of another shape */
export function validationOf(document: unknown): Validation {
  if (!Check(validationSchema, document))
    throw new WorkerRefusedError(
      'expected the validation of a configuration, got another document',
    );
  const { configs } = document as Static<typeof validationSchema>;
  return {
    faults: configs.flatMap(({ value }) =>
      [...new Set(value?.errors)].map((message) => ({ property: String(value?.name), message })),
    ),
    passwords: new Set(
      configs.flatMap(({ definition, value }) =>
        value !== null && definition?.type === 'PASSWORD' ? [value.name] : [],
      ),
    ),
  };
}

/**
 * Whether a worker with these classes can make a connector of `name`: a class name, or one without package, with or without the
 * ending `Connector`, as Connect accepts it.
 */
export function isInstalled(name: string, classes: readonly string[]): boolean {
  return classes.some((one) => {
    const simple = one.slice(one.lastIndexOf('.') + 1);
    return [one, simple, simple.replace(/Connector$/, '')].includes(name);
  });
}
