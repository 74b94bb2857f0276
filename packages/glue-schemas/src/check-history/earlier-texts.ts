import type { SchemaText } from '@order-stream/serde';
import type { EarlierVersion } from '../compatibility-check.ts';
import { areSame } from '../history/schema-history.ts';
import type { SchemaFile } from '../schema-file.ts';
import { type Comparison, pathIn } from './comparison.ts';

/** The schemas in the history. Without the last one if the base has the file as it is, and was not chosen. */
export async function earlierTexts(
  file: SchemaFile,
  now: SchemaText,
  schemas: readonly SchemaText[],
  { root, repository, base, acceptsBase }: Comparison,
): Promise<EarlierVersion[]> {
  const isInBase = (await base.read(pathIn(root, file.path))) !== undefined;
  const isAsInBase = isInBase && areSame(schemas.at(-1), now);
  const isAccepted = isAsInBase && acceptsBase && schemas.length > 1;
  // With HEAD, the last edit of the file is the one to check.
  const count = isAsInBase && !isAccepted ? schemas.length - 1 : schemas.length;
  const earlier = schemas.slice(0, count).map((schema, i) => {
    return { label: `${repository.base}, text ${i + 1} of ${count}`, ...schema };
  });
  return isAccepted ? earlier.slice(-1) : earlier;
}
