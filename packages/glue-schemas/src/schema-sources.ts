import { dirname, relative, resolve } from 'node:path';
import { UsageError } from '@order-stream/command-line';
import { createNamesOf } from './definition-names.ts';
import { withSlashes, workingTree } from './file-tree.ts';
import { draftOfFraming, type Framing } from './frame-flag.ts';
import { isFolder, SchemaFileError, textOf } from './read-file.ts';
import { schemaFile } from './schema-file.ts';
import {
  createSchemaReader,
  type ReadSchema,
  type SchemaReaderOptions,
} from './schema-reader/schema-reader.ts';

/** The flags of every command that reads schema files. */
export const sourceFlags = {
  references: { type: 'string', multiple: true },
  root: { type: 'string' },
} as const;

export const sourceHelp = `  --references NAME=FILE   the file of a name that the schema refers to; repeatable (default: found in the root)
  --root FOLDER            where names and import paths are looked up (default: the folder of the file; in a folder that
                           is checked, the file's own folder first, then those around it)`;

/** Where the files are that schemas refer to, and for which registry. */
export interface Sources {
  /** The folder of `--root`. */
  readonly root: string | undefined;
  readonly framing: Framing;
  readerOptions(root: string): SchemaReaderOptions;
}

export function sourcesOf(
  {
    references = [],
    root,
  }: {
    references?: readonly string[] | undefined;
    root?: string | undefined;
  },
  framing: Framing = 'glue',
): Sources {
  if (root !== undefined && !isFolder(root))
    throw new SchemaFileError(`--root ${root}: expected a folder`);
  const draft = draftOfFraming(framing);
  const named = references.map((text): [name: string, path: string] => {
    const at = text.lastIndexOf('=');
    if (at <= 0 || at === text.length - 1)
      throw new UsageError(`--references: expected NAME=FILE, got '${text}'`);
    const path = text.slice(at + 1);
    textOf(path);
    return [text.slice(0, at), path];
  });
  for (const [i, [name, path]] of named.entries()) {
    const other = named.find((one) => one[0] === name && resolve(one[1]) !== resolve(path));
    if (other !== undefined && named.indexOf(other) > i)
      throw new UsageError(`--references ${name}: is both ${path} and ${other[1]}`);
  }
  return {
    ...{ root, framing },
    readerOptions: (from) => ({
      named: new Map(named.map(([name, path]) => [name, withSlashes(relative(from, path))])),
      namesOf: createNamesOf(),
      draft,
      nearestFirst: root === undefined,
    }),
  };
}

/** The schema of a file as it is, with the files that it refers to. */
export async function readSchema(
  path: string,
  sources: Sources,
  dataFormat = schemaFile(path).dataFormat,
): Promise<ReadSchema> {
  const root = sources.root ?? dirname(path);
  const read = createSchemaReader(workingTree(root), sources.readerOptions(root));
  const definition = textOf(path);
  return await read({ path: withSlashes(relative(root, path)), dataFormat, definition });
}
