import { SchemaMismatchError } from '../errors.ts';
import { memberPointer } from '../json/json-pointer.ts';

/** Thrown deep inside a value. Each level that rethrows it adds its name to the path. */
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

export function misfit(expected: string): never {
  throw new Misfit(expected);
}

/** Rethrows an error; adds `key` to the path of a Misfit. */
export function rethrowAt(key: string | number, error: unknown): never {
  if (error instanceof Misfit) error.path.push(String(key));
  throw error;
}
