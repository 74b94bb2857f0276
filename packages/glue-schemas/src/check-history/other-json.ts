import { realpathSync } from 'node:fs';
import type { AskedFiles } from '../asked-files.ts';
import type { SchemaFile } from '../schema-file.ts';
import { type Comparison, isOutside, pathIn } from './comparison.ts';
import { createJsonSchemaFiles } from './json-schema-files.ts';

/** Sets aside the .json files of folders that are not JSON Schemas, now and in the base. Files that were named are checked. */
export async function withoutOtherJson(
  { root, files, folders }: AskedFiles,
  { now, base }: Comparison,
): Promise<[files: SchemaFile[], skipped: string[]]> {
  const isSchemaAt = createJsonSchemaFiles([now, base]);
  const checked: SchemaFile[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    const isOfFolder = folders.some(
      (folder) => !isOutside(pathIn(realpathSync(folder), file.path)),
    );
    const isSchema =
      file.dataFormat !== 'JSON' || !isOfFolder || (await isSchemaAt(pathIn(root, file.path)));
    if (isSchema) checked.push(file);
    else skipped.push(file.path);
  }
  return [checked, skipped];
}
