import { InvalidSchemaError } from '../errors.ts';

/** An InvalidSchemaError that says where in the definition the fault is and what was expected there. */
export function invalidAt(pointer: string, problem: string): InvalidSchemaError {
  return new InvalidSchemaError(`at '${pointer}': ${problem}`);
}
