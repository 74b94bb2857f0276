import type { SchemaText } from '@order-stream/serde';
import { faultOf, type Problem } from '../compatibility-check.ts';
import type { Framing } from '../frame-flag.ts';
import { comparableText } from '../history/line-ends.ts';
import { judgeVersion } from '../judged-version.ts';
import { isOwnFault } from '../own-fault.ts';
import type { SchemaFile } from '../schema-file.ts';
import type { Note } from '../verdict.ts';
import { type Comparison, inRoot, pathIn } from './comparison.ts';
import { readReleased, rereadable } from './files-now.ts';

/** A numbered file that has another text in the base. */
export interface EditedFile {
  /** Why the text in the base is not a schema; `undefined` if it is one. */
  readonly fault: string | undefined;
}

/** The numbered file as edited after its release; `undefined` if it is as in the base, or not there. */
export async function editOf(
  file: SchemaFile,
  comparison: Comparison,
  framing: Framing,
): Promise<EditedFile | undefined> {
  const { root, base, readBase, readNow } = comparison;
  const released = await base.read(pathIn(root, file.path));
  if (released === undefined || released === readable(file.path)) return undefined;
  const text = inRoot(file, root, released);
  const version = { label: comparison.repository.base, ...(await readReleased(text, readBase)) };
  const reread = rereadable(version, text, readNow);
  const judged = await judgeVersion(file.dataFormat, reread, [], framing);
  return { fault: 'notASchema' in judged ? judged.notASchema : undefined };
}

/**
 * The problem of a numbered file that was edited. A text that is not a schema may be mended: then the last text that was one
 * counts, and must be restored.
 *
 * @param texts the earlier texts of a file that was mended, oldest first
 */
export function judgeEdit(
  { path, dataFormat }: SchemaFile,
  { fault }: EditedFile,
  texts: readonly SchemaText[],
  base: string,
  framing: Framing,
): { problems: Problem[]; notes: Note[] } {
  const problem = (message: string) => ({
    problems: [{ type: 'EDITED_AFTER_RELEASE', message, against: base }],
    notes: [],
  });
  const records = 'the file is released and records may have been written with it';
  if (fault === undefined) return problem(`${records}: add a new version instead`);
  const usable = texts.findLast(
    (text) =>
      faultOf(dataFormat, text, framing) === undefined || !isOwnFault(dataFormat, text, framing),
  );
  if (usable !== undefined && usable.definition !== readable(path))
    return problem(
      `${records} before it was damaged: restore the last text in ${base} that is a schema, or add a new version`,
    );
  const message = `the edit is accepted, because the text in ${base} is not a schema: ${fault}`;
  return { problems: [], notes: [{ type: 'MENDED', message, against: base }] };
}

function readable(path: string): string | undefined {
  try {
    return comparableText(path);
  } catch {
    // The check of the file reports it.
    return undefined;
  }
}
