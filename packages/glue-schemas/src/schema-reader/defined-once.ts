import type { SchemaReference } from '@order-stream/serde';
import type { NamesOf } from '../definition-names.ts';
import { SchemaFileError } from '../read-file.ts';
import type { TreeFile } from './referred-files.ts';

/**
 * Rejects an Avro schema of which two files define the same name.
 *
 * @param paths of the files, by the names of the references
 * @throws SchemaFileError
 */
export function checkDefinedOnce(
  root: TreeFile,
  references: readonly SchemaReference[],
  paths: ReadonlyMap<string, string>,
  namesOf: NamesOf,
): void {
  const definedIn = new Map<string, string>();
  for (const { name, definition } of [{ ...root, name: '' }, ...references]) {
    const path = name === '' ? root.path : (paths.get(name) ?? name);
    for (const fullName of namesOf('AVRO', definition).defined) {
      const other = definedIn.get(fullName);
      if (other !== undefined && other !== path)
        throw new SchemaFileError(`${fullName} is defined in ${other} and ${path}`);
      definedIn.set(fullName, path);
    }
  }
}
