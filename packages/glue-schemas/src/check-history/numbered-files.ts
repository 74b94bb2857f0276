import { dirname } from 'node:path';
import { type SchemaFile, siblingFiles } from '../schema-file.ts';

export type NumberedFiles = ReturnType<typeof createNumberedFiles>;

/** The numbers of each name. Every folder is read once. */
export function createNumberedFiles() {
  const filesIn = new Map<string, readonly SchemaFile[]>();
  return { versionsOf, isNewest };

  /** The files with the same name and a number, in the folder of the file. */
  function versionsOf(file: SchemaFile): SchemaFile[] {
    const folder = dirname(file.path);
    const files = filesIn.get(folder) ?? siblingFiles(folder);
    filesIn.set(folder, files);
    return files.filter(
      ({ name, version, dataFormat }) =>
        version !== undefined && name === file.name && dataFormat === file.dataFormat,
    );
  }

  /** Whether no file of the name has a higher number. */
  function isNewest(file: SchemaFile): boolean {
    const number = file.version;
    if (number === undefined) return true;
    return versionsOf(file).every(({ version = 0 }) => version <= number);
  }
}
