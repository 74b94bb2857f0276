import { posix } from 'node:path';
import type { DataFormat, SchemaReference, SchemaText } from '@order-stream/serde';
import type { Draft } from '@order-stream/serde/json-schema';
import { type NamesOf, namesIn } from './definition-names.ts';
import { type FileTree, newestOf } from './file-tree.ts';
import { jsonDraftOf } from './json-names.ts';
import { SchemaFileError } from './read-file.ts';
import { type ReadKeys, readKeys } from './read-keys.ts';
import { versionIn, withoutVersion } from './schema-file.ts';

/** The text of a file at a path of the tree. */
export interface TreeFile {
  readonly path: string;
  readonly dataFormat: DataFormat;
  readonly definition: string;
}

/** A schema and the paths of the files that it refers to. */
export interface ReadSchema extends SchemaText {
  readonly references: readonly SchemaReference[];
  readonly files: ReadonlySet<string>;
}

/** A file that another one refers to by `name`. */
interface Referred {
  readonly name: string;
  readonly path: string;
  readonly definition: string;
}

/** How the names in a schema and its files are looked up. */
interface Lookup {
  /** For Avro and Protobuf, each with a slash at its end; the nearest first. */
  readonly folders: readonly string[];
  /** Of a JSON Schema without `$schema`. */
  readonly draft: Draft;
  readonly keys: ReadKeys;
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
  const finders = { AVRO: findAvro, PROTOBUF: findProto, JSON: findJson };
  let avroIndex: Promise<ReadonlyMap<string, readonly Referred[]>> | undefined;
  const jsonIds = new Map<Draft, Promise<ReadonlyMap<string, Referred>>>();

  return async (root, keys = readKeys()) => {
    const { dataFormat, definition } = root;
    const find = finders[dataFormat];
    const folders = nearestFirst ? foldersAround(root.path) : [''];
    const draft = dataFormat === 'JSON' ? jsonDraftOf(definition, unnamed) : unnamed;
    const hasId = dataFormat === 'JSON' && namesOf('JSON', definition, draft).defined.size > 0;
    const lookup: Lookup = { folders, draft, keys };
    const paths = new Map<string, string>();
    const files = new Set<string>();
    const references: SchemaReference[] = [];
    keys.addPath(root.path);
    await visit(root, [root.path]);
    if (dataFormat === 'AVRO') checkDefinedOnce(root, references, paths);
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

  async function findNamed(name: string, keys: ReadKeys): Promise<Referred | undefined> {
    const path = named.get(name);
    if (path === undefined) return undefined;
    keys.addPath(path);
    const definition = await tree.read(path);
    return definition === undefined ? undefined : { name, path, definition };
  }

  async function findAvro(
    { path: from, definition }: Pick<TreeFile, 'path' | 'definition'>,
    lookup: Lookup,
  ): Promise<Referred[]> {
    const found = new Map<string, Referred>();
    for (const candidates of namesOf('AVRO', definition).outer) {
      const file = await findAvroName(from, candidates, lookup);
      if (file && !found.has(file.path)) found.set(file.path, file);
    }
    return [...found.values()];
  }

  async function findAvroName(
    from: string,
    candidates: readonly string[],
    { folders, keys }: Lookup,
  ) {
    for (const name of candidates) {
      const chosen = await findNamed(name, keys);
      if (chosen) return chosen;
      keys.addName(name);
      avroIndex ??= indexAvro();
      // Another version of the file that uses the name does not define the name for it.
      const all = ((await avroIndex).get(name) ?? []).filter(
        ({ path }) => withoutVersion(path) !== withoutVersion(from),
      );
      for (const folder of folders) {
        const files = all.filter(({ path }) => path.startsWith(folder));
        const [file, second] = files;
        if (second)
          throw new SchemaFileError(
            `${name} is defined in ${files.map(({ path }) => path).join(' and ')}; choose one with --references ${name}=FILE`,
          );
        if (file) return { ...file, name };
      }
    }
    return undefined;
  }

  /** The newest versions of the files by the names that they define. */
  async function indexAvro() {
    const newest = new Map<string, { path: string; version: number }>();
    for (const path of (await tree.list()).filter((one) => one.endsWith('.avsc'))) {
      const [key, version] = [withoutVersion(path), versionIn(path) ?? 0];
      const known = newest.get(key);
      if (known === undefined || version > known.version) newest.set(key, { path, version });
    }
    const files = await Promise.all([...newest.values()].map(({ path }) => readOptional(path)));
    const index = new Map<string, Referred[]>();
    for (const file of files.filter((one) => one !== undefined))
      for (const name of namesOf('AVRO', file.definition).defined)
        index.set(name, [...(index.get(name) ?? []), file]);
    return index;
  }

  async function findProto(
    { definition }: Pick<TreeFile, 'definition'>,
    { folders, keys }: Lookup,
  ): Promise<Referred[]> {
    const found = namesOf('PROTOBUF', definition).outer.map(async ([name = '']) => {
      const chosen = await findNamed(name, keys);
      if (chosen) return chosen;
      for (const folder of folders) {
        const file = await readNewest(name, posix.join(folder, name), keys);
        if (file) return file;
      }
      return undefined;
    });
    return (await Promise.all(found)).filter((file) => file !== undefined);
  }

  async function findJson(
    { path: from, definition }: Pick<TreeFile, 'path' | 'definition'>,
    { draft, keys }: Lookup,
  ): Promise<Referred[]> {
    const { outer, defined } = namesOf('JSON', definition, draft);
    const [base] = defined;
    const found = outer.map(async ([name = '']) => {
      const chosen = await findNamed(name, keys);
      if (chosen) return chosen;
      const path = posix.join(posix.dirname(from), decodeName(name));
      const file = URL.canParse(name) ? undefined : await readNewest(name, path, keys);
      return file ?? (await findJsonId(name, base, draft, keys));
    });
    return (await Promise.all(found)).filter((file) => file !== undefined);
  }

  /** A file with this id, which may be relative to that of the definition. */
  async function findJsonId(
    name: string,
    base: string | undefined,
    draft: Draft,
    keys: ReadKeys,
  ): Promise<Referred | undefined> {
    if (!URL.canParse(name, base)) return undefined;
    const { href } = new URL(name, base);
    keys.addName(href);
    const index = jsonIds.get(draft) ?? indexJson(draft);
    jsonIds.set(draft, index);
    const file = (await index).get(href);
    return file && { ...file, name };
  }

  async function indexJson(draft: Draft) {
    const paths = (await tree.list()).filter((path) => path.endsWith('.json'));
    const index = new Map<string, Referred>();
    for (const file of await Promise.all(paths.map(readOptional)))
      for (const id of file ? namesOf('JSON', file.definition, draft).defined : [])
        if (file && !index.has(id)) index.set(id, file);
    return index;
  }

  async function readNewest(
    name: string,
    path: string,
    keys: ReadKeys,
  ): Promise<Referred | undefined> {
    keys.addPath(path);
    const newest = await newestOf(tree, path);
    const file = newest === undefined ? undefined : await readOptional(newest);
    return file && { ...file, name };
  }

  /** A file that cannot be read is not the one that a name means. */
  async function readOptional(path: string): Promise<Referred | undefined> {
    const definition = await tree.read(path).catch(() => undefined);
    return definition === undefined ? undefined : { name: path, path, definition };
  }

  function checkDefinedOnce(
    root: TreeFile,
    references: readonly SchemaReference[],
    paths: ReadonlyMap<string, string>,
  ): void {
    const definedIn = new Map<string, string>();
    for (const { name, definition } of [{ ...root, name: '' }, ...references]) {
      const path = name === '' ? root.path : (paths.get(name) ?? name);
      for (const fullName of namesOf('AVRO', definition).defined) {
        const other = definedIn.get(fullName);
        if (other !== undefined && other !== path)
          throw new SchemaFileError(`${fullName} is defined in ${other} and ${path}`);
        definedIn.set(fullName, path);
      }
    }
  }
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

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
