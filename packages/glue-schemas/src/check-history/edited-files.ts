import type { Problem } from '../compatibility-check.ts';
import { textOf } from '../read-file.ts';
import type { SchemaFile } from '../schema-file.ts';
import { type Comparison, pathIn } from './comparison.ts';

/** The problem of a numbered file that has another text in the base. */
export async function editAfterRelease(
  file: SchemaFile,
  { root, base, repository }: Comparison,
): Promise<Problem[]> {
  const released = await base.read(pathIn(root, file.path));
  if (released === undefined || released === readable(file.path)) return [];
  const message =
    'the file is released and records may have been written with it: add a new version instead';
  return [{ type: 'EDITED_AFTER_RELEASE', message, against: repository.base }];
}

function readable(path: string): string | undefined {
  try {
    return textOf(path);
  } catch {
    // The check of the file reports it.
    return undefined;
  }
}
