import { posix } from 'node:path';
import type { DataFormat, SchemaReference, SchemaText } from '@order-stream/serde';
import { avroNames } from './avro-names.ts';
import { type FileTree, newestOf } from './file-tree.ts';
import { jsonIdOf, jsonReferences } from './json-references.ts';
import { protoImports } from './proto-imports.ts';
import { SchemaFileError } from './read-file.ts';
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

export type SchemaReader = (file: TreeFile) => Promise<ReadSchema>;

/** The names in a definition of what it does not contain. */
export function outerNames(dataFormat: DataFormat, definition: string): readonly string[] {
  if (dataFormat === 'AVRO') return avroNames(definition).outer.flat();
  return dataFormat === 'PROTOBUF' ? protoImports(definition) : jsonReferences(definition);
}

/**
 * Reads schemas with the other files of a tree that they refer to: `.avsc` by the full name of a type, `.proto` by the
 * import path from the root of the tree, `.json` by a `$ref` that is a path from the file or the `$id` of another file.
 * A file that is not found is left out: the schema's own parser reports it, or knows it.
 *
 * @param named paths by the name of a reference, which come first
 */
export function createSchemaReader(
  tree: FileTree,
  named: ReadonlyMap<string, string> = new Map(),
): SchemaReader {
  const finders = { AVRO: findAvro, PROTOBUF: findProto, JSON: findJson };
  let avroIndex: Promise<readonly (Referred & { defined: ReadonlySet<string> })[]> | undefined;
  let jsonIds: Promise<readonly Referred[]> | undefined;

  return async (root) => {
    const { dataFormat, definition } = root;
    const find = finders[dataFormat];
    const paths = new Map<string, string>();
    const files = new Set<string>();
    const references: SchemaReference[] = [];
    await visit(root, [root.path]);
    if (dataFormat === 'AVRO') checkDefinedOnce(root, references, paths);
    return { definition, references, files };

    async function visit(file: { path: string; definition: string }, trail: readonly string[]) {
      for (const found of await find(file.path, file.definition)) {
        const { name, path } = found;
        const circle = trail.indexOf(path);
        if (circle >= 0 && dataFormat !== 'JSON') {
          const files = [...trail.slice(circle), path].join(' -> ');
          throw new SchemaFileError(`the files refer to each other in a circle: ${files}`);
        }
        // Its `$id` names it already.
        if (path === root.path && jsonIdOf(definition) !== undefined) continue;
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

  async function findNamed(name: string): Promise<Referred | undefined> {
    const path = named.get(name);
    const definition = path === undefined ? undefined : await tree.read(path);
    return path === undefined || definition === undefined ? undefined : { name, path, definition };
  }

  async function findAvro(from: string, definition: string): Promise<Referred[]> {
    const found = new Map<string, Referred>();
    for (const candidates of avroNames(definition).outer) {
      const file = await findAvroName(from, candidates);
      if (file && !found.has(file.path)) found.set(file.path, file);
    }
    return [...found.values()];
  }

  async function findAvroName(from: string, candidates: readonly string[]) {
    for (const name of candidates) {
      const chosen = await findNamed(name);
      if (chosen) return chosen;
      avroIndex ??= indexAvro();
      const files = (await avroIndex).filter(
        ({ path, defined }) => defined.has(name) && !areVersions(path, from),
      );
      const [file, second] = files;
      if (second)
        throw new SchemaFileError(
          `${name} is defined in ${files.map(({ path }) => path).join(' and ')}; choose one with --references ${name}=FILE`,
        );
      if (file) return { ...file, name };
    }
    return undefined;
  }

  /** The newest version of each file. */
  async function indexAvro() {
    const newest = new Map<string, { path: string; version: number }>();
    for (const path of (await tree.list()).filter((one) => one.endsWith('.avsc'))) {
      const [key, version] = [withoutVersion(path), versionIn(path) ?? 0];
      const known = newest.get(key);
      if (known === undefined || version > known.version) newest.set(key, { path, version });
    }
    const files = await Promise.all([...newest.values()].map(({ path }) => readOptional(path)));
    return files.flatMap((file) =>
      file ? [{ ...file, defined: avroNames(file.definition).defined }] : [],
    );
  }

  async function findProto(_from: string, definition: string): Promise<Referred[]> {
    const found = protoImports(definition).map(async (name) => {
      return (await findNamed(name)) ?? (await readNewest(name, posix.normalize(name)));
    });
    return (await Promise.all(found)).filter((file) => file !== undefined);
  }

  async function findJson(from: string, definition: string): Promise<Referred[]> {
    const found = jsonReferences(definition).map(async (name) => {
      const chosen = await findNamed(name);
      if (chosen) return chosen;
      const path = posix.join(posix.dirname(from), decodeName(name));
      const file = URL.canParse(name) ? undefined : await readNewest(name, path);
      return file ?? (await findJsonId(name, definition));
    });
    return (await Promise.all(found)).filter((file) => file !== undefined);
  }

  /** A file with this `$id`, which may be relative to that of the definition. */
  async function findJsonId(name: string, definition: string): Promise<Referred | undefined> {
    const base = jsonIdOf(definition);
    if (!URL.canParse(name, base)) return undefined;
    const { href } = new URL(name, base);
    jsonIds ??= readAll('.json');
    const file = (await jsonIds).find((one) => jsonIdOf(one.definition) === href);
    return file && { ...file, name };
  }

  async function readAll(extension: string): Promise<readonly Referred[]> {
    const paths = (await tree.list()).filter((path) => path.endsWith(extension));
    return (await Promise.all(paths.map(readOptional))).filter((file) => file !== undefined);
  }

  async function readNewest(name: string, path: string): Promise<Referred | undefined> {
    const newest = await newestOf(tree, path);
    const file = newest === undefined ? undefined : await readOptional(newest);
    return file && { ...file, name };
  }

  /** A file that cannot be read is not the one that a name means. */
  async function readOptional(path: string): Promise<Referred | undefined> {
    const definition = await tree.read(path).catch(() => undefined);
    return definition === undefined ? undefined : { name: path, path, definition };
  }
}

function checkDefinedOnce(
  root: TreeFile,
  references: readonly SchemaReference[],
  paths: ReadonlyMap<string, string>,
): void {
  const definedIn = new Map<string, string>();
  for (const { name, definition } of [{ ...root, name: '' }, ...references]) {
    const path = name === '' ? root.path : (paths.get(name) ?? name);
    for (const fullName of avroNames(definition).defined) {
      const other = definedIn.get(fullName);
      if (other !== undefined && other !== path)
        throw new SchemaFileError(`${fullName} is defined in ${other} and ${path}`);
      definedIn.set(fullName, path);
    }
  }
}

/** Whether two paths are versions of one file. */
function areVersions(one: string, other: string): boolean {
  return withoutVersion(one) === withoutVersion(other);
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
