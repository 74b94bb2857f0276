import type { SchemaText } from '@order-stream/serde';
import type { EarlierVersion } from '../compatibility-check.ts';
import { namesIn } from '../definition-names.ts';
import { comparableText } from '../history/line-ends.ts';
import { areSame } from '../history/schema-history.ts';
import type { SchemaFile } from '../schema-file.ts';
import { type Comparison, inRoot, pathIn } from './comparison.ts';
import { isAsNow, readReleased, rereadable } from './files-now.ts';
import type { NumberedFiles } from './numbered-files.ts';

/**
 * The lower numbers, with the other files as the base has them. The newest number itself comes last if these files have
 * changed since. If nothing has changed since the chosen base, there is only the number itself.
 */
export async function earlierNumbers(
  file: SchemaFile,
  now: SchemaText,
  { root, repository, base, readNow, readBase, acceptsBase }: Comparison,
  numbers: NumberedFiles,
): Promise<EarlierVersion[]> {
  const releasedText = (path: string) => base.read(pathIn(root, path));
  const refersToOthers = (definition: string) =>
    namesIn(file.dataFormat, definition).outer.length > 0;
  const earlier: EarlierVersion[] = [];
  let isAsReleased = acceptsBase;
  for (const lower of numbers.versionsOf(file)) {
    if ((lower.version ?? 0) >= (file.version ?? 0)) continue;
    const [text, released] = [comparableText(lower.path), await releasedText(lower.path)];
    if (text !== released) isAsReleased = false;
    const read = released !== undefined && refersToOthers(text) ? readBase : readNow;
    const inTree = inRoot(lower, root);
    const schema = read === readBase ? await readReleased(inTree, read) : await read(inTree);
    const version = { label: lower.path, number: lower.version, ...schema };
    earlier.push(rereadable(version, inTree, readNow));
  }
  const released = await releasedText(file.path);
  if (released === undefined || !(isAsReleased || numbers.isNewest(file))) return earlier;
  if (!isAsReleased && !refersToOthers(released)) return earlier;
  const inTree = inRoot(file, root, released);
  const before = await readReleased(inTree, readBase);
  const label = `${file.path} in ${repository.base}`;
  const itself = rereadable({ label, ...before }, inTree, readNow);
  if (isAsReleased && (await isAsNow(itself, now))) return earlier.length > 0 ? [itself] : [];
  const haveOthersChanged = !areSame({ ...before, definition: '' }, { ...now, definition: '' });
  return haveOthersChanged && numbers.isNewest(file) ? [...earlier, itself] : earlier;
}
