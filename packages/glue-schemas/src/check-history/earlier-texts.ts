import type { SchemaText } from '@order-stream/serde';
import type { EarlierVersion } from '../compatibility-check.ts';
import { areSame } from '../history/schema-history.ts';
import type { SchemaFile } from '../schema-file.ts';
import { type Comparison, pathIn } from './comparison.ts';
import { isAsNow, rereadable } from './files-now.ts';

/** The schemas in the history. Without the last one if the base has the file as it is, and was not chosen. */
export async function earlierTexts(
  file: SchemaFile,
  now: SchemaText,
  schemas: readonly SchemaText[],
  { root, repository, base, readNow, acceptsBase }: Comparison,
): Promise<EarlierVersion[]> {
  const path = pathIn(root, file.path);
  const isInBase = (await base.read(path)) !== undefined;
  const last = schemas.at(-1);
  // An earlier text with these words may have had files that the last one has lost.
  const isOnlyOne =
    schemas.filter(({ definition }) => definition === last?.definition).length === 1;
  const reread = (schema: SchemaText) =>
    rereadable(schema, { path, dataFormat: file.dataFormat }, readNow);
  const isAsInBase =
    isInBase &&
    last !== undefined &&
    (isOnlyOne ? await isAsNow(reread(last), now) : areSame(last, now));
  const isAccepted = isAsInBase && acceptsBase && schemas.length > 1;
  // With HEAD, the last edit of the file is the one to check.
  const count = isAsInBase && !isAccepted ? schemas.length - 1 : schemas.length;
  const earlier = schemas.slice(0, count).map((schema, i) => {
    return { ...reread(schema), label: `${repository.base}, text ${i + 1} of ${count}` };
  });
  return isAccepted ? earlier.slice(-1) : earlier;
}
