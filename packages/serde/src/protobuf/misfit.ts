import { SchemaMismatchError } from '../errors.ts';
import { memberPointer } from '../json/json-pointer.ts';

/** Found deep inside a value; each level it passes on its way out adds its own name to the path. */
export class Misfit {
  readonly expected: string;
  readonly path: string[] = [];

  constructor(expected: string) {
    this.expected = expected;
  }

  asError(): SchemaMismatchError {
    const pointer = this.path.reduceRight(memberPointer, '');
    return new SchemaMismatchError(pointer, this.expected);
  }
}

/** In a path stands for a key of a map, which is of the value, not of the definition. */
export const unnamed = '*';

/** Adds `key` to the path of a misfit; anything else is thrown on as it is. */
export function throwFrom(key: string | number, error: unknown): never {
  if (error instanceof Misfit) error.path.push(String(key));
  throw error;
}
