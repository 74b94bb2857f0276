import { join } from 'node:path';
import { SchemaFileError } from '../read-file.ts';
import { inOrder, isSchemaPath, type SchemaFile } from '../schema-file.ts';
import { type Comparison, pathIn, shownFolder } from './comparison.ts';
import type { NumberedFiles } from './numbered-files.ts';

/** The other files of the root that refer to the checked ones: a change there changes what these mean. */
export async function dependants(
  checked: readonly SchemaFile[],
  { root, now, readNow }: Comparison,
  numbers: NumberedFiles,
): Promise<SchemaFile[]> {
  const paths = new Set(checked.map(({ path }) => pathIn(root, path)));
  // Files are shown as those that were named.
  const shown = shownFolder(checked, root);
  const found: SchemaFile[] = [];
  for (const file of inOrder((await now.list()).filter(isSchemaPath))) {
    if (paths.has(file.path)) continue;
    const named = { ...file, path: join(shown, file.path) };
    if (!numbers.isNewest(named)) continue;
    const definition = await now.read(file.path).catch(() => undefined);
    if (definition === undefined) continue;
    try {
      const { files } = await readNow({ ...file, definition });
      if ([...files].some((path) => paths.has(path))) found.push(named);
    } catch (error) {
      // A file that was not asked for and cannot be read refers to nothing.
      if (!(error instanceof SchemaFileError)) throw error;
    }
  }
  return found;
}
