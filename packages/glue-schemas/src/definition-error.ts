import { SchemaFileError } from './read-file.ts';

/** An error about a definition, with the name of its file or version. Any other error is a bug, and returned as it is. */
export function definitionError(name: string, error: Error): Error {
  if (error instanceof SchemaFileError) return error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? new SchemaFileError(`${name}: ${error.message}`) : error;
}
