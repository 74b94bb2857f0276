import type { SchemaReference, SchemaText } from '@order-stream/serde';
import type { Draft } from '@order-stream/serde/json-schema';
import { type NamesOf, namesIn } from '../definition-names.ts';
import type { FileTree } from '../file-tree.ts';
import { SchemaFileError } from '../read-file.ts';
import { type ReadKeys, readKeys } from '../read-keys.ts';
import { checkDefinedOnce } from './defined-once.ts';
import { createFindAvro } from './find-avro.ts';
import { createFindJson } from './find-json.ts';
import { createFindProto } from './find-proto.ts';
import { createReferredFiles, type Lookup, type TreeFile } from './referred-files.ts';

/** A schema and the paths of the files that it refers to. */
export interface ReadSchema extends SchemaText {
  readonly references: readonly SchemaReference[];
  readonly files: ReadonlySet<string>;
}

/** @param keys is filled with what the result depends on, also when the reader throws */
export type SchemaReader = (file: TreeFile, keys?: ReadKeys) => Promise<ReadSchema>;

export interface SchemaReaderOptions {
  /** Paths by the name of a reference, which come first. */
  readonly named?: ReadonlyMap<string, string>;
  /** Of a JSON Schema without `$schema`; files to which it refers have its draft if they name none. Default `04`. */
  readonly draft?: Draft;
  /** Names of a definition. Default `namesIn`, which reads the text each time. */
  readonly namesOf?: NamesOf;
  /**
   * Whether names and import paths are looked up in the folder of the schema first, and then in the folders around it up to
   * the root. Default false: only from the root.
   */
  readonly nearestFirst?: boolean;
}

/**
 * Reads schemas with the other files of a tree that they refer to: `.avsc` by the full name of a type, `.proto` by the
 * import path from the root of the tree, `.json` by a `$ref` that is a path from the file or the id of another file.
 * A file that is not found is left out: the schema's own parser reports it, or knows it.
 */
export function createSchemaReader(
  tree: FileTree,
  {
    named = new Map(),
    namesOf = namesIn,
    draft: unnamed = '04',
    nearestFirst = false,
  }: SchemaReaderOptions = {},
): SchemaReader {
  const referred = createReferredFiles(tree, named);
  const finders = {
    AVRO: createFindAvro(referred, namesOf),
    PROTOBUF: createFindProto(referred, namesOf),
    JSON: createFindJson(referred, namesOf),
  };

  return async (root, keys = readKeys()) => {
    const { dataFormat, definition } = root;
    const find = finders[dataFormat];
    const folders = nearestFirst ? foldersAround(root.path) : [''];
    const { draft, defined } = namesOf(dataFormat, definition, unnamed);
    const hasId = dataFormat === 'JSON' && defined.size > 0;
    const lookup: Lookup = { folders, draft, keys };
    const paths = new Map<string, string>();
    const files = new Set<string>();
    const references: SchemaReference[] = [];
    keys.addPath(root.path);
    await visit(root, [root.path]);
    if (dataFormat === 'AVRO') checkDefinedOnce(root, references, paths, namesOf);
    return { definition, references, files };

    async function visit(file: { path: string; definition: string }, trail: readonly string[]) {
      for (const found of await find(file, lookup)) {
        const { name, path } = found;
        const circle = trail.indexOf(path);
        if (circle >= 0 && dataFormat !== 'JSON') {
          const files = [...trail.slice(circle), path].join(' -> ');
          throw new SchemaFileError(`the files refer to each other in a circle: ${files}`);
        }
        // Its id names it already.
        if (path === root.path && hasId) continue;
        const known = paths.get(name);
        if (known !== undefined && known !== path)
          throw new SchemaFileError(`${name} is the name of two files: ${known} and ${path}`);
        // A JSON Schema may name one file in several ways.
        if (known !== undefined || (dataFormat !== 'JSON' && files.has(path))) continue;
        paths.set(name, path);
        files.add(path);
        await visit(found, [...trail, path]);
        references.push({ name, definition: found.definition });
      }
    }
  };
}

/** The folder of a file and those around it, the nearest first, each with a slash at its end; the root is ''. */
function foldersAround(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return [...names.keys(), names.length].reverse().map((count) => {
    return names
      .slice(0, count)
      .map((name) => `${name}/`)
      .join('');
  });
}
