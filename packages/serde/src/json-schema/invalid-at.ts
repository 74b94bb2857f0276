import { InvalidSchemaError } from '../errors.ts';

/** An InvalidSchemaError that says where in the definition the fault is and what was expected there. */
export function invalidAt(pointer: string, problem: string): InvalidSchemaError {
  return new InvalidSchemaError(`at '${pointer}': ${problem}`);
}

/** An InvalidSchemaError for a fault in the reference of this name. */
export function inReference(name: string, { message }: Error): InvalidSchemaError {
  const reason = message.replace(/^unusable schema: /, '');
  return new InvalidSchemaError(`reference ${name}: ${reason}`);
}
