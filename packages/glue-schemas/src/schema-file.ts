import { basename, dirname, extname, join } from 'node:path';
import type { DataFormat } from '@order-stream/serde';
import { entriesIn, SchemaFileError } from './read-file.ts';

const formats: Readonly<Record<string, DataFormat>> = {
  '.avsc': 'AVRO',
  '.json': 'JSON',
  '.proto': 'PROTOBUF',
};

export interface SchemaFile {
  readonly path: string;
  readonly dataFormat: DataFormat;
  /** `order.v2.avsc` has the name `order` and the version 2. A file that is edited in place has no version. */
  readonly name: string;
  readonly version: number | undefined;
}

/** The extension gives the format: `.avsc`, `.json` (JSON Schema), `.proto`. */
export function schemaFile(path: string): SchemaFile {
  const dataFormat = formats[extname(path)];
  if (dataFormat === undefined) {
    throw new SchemaFileError(
      `${path || "''"}: expected a file name that ends with .avsc, .json or .proto`,
    );
  }
  const stem = basename(path, extname(path));
  const [, name = stem, version] = /^(.+)\.v(\d+)$/.exec(stem) ?? [];
  return { path, dataFormat, name, version: version === undefined ? undefined : Number(version) };
}

/** The path of a file without its number: `a/order.avsc` for `a/order.v2.avsc`. */
export function withoutVersion(path: string): string {
  if (!path.includes('.v')) return path;
  return path.replace(/(?<=[^/])\.v\d+(?=\.[^./]+$)/, '');
}

/** The number of a file: 2 for `order.v2.avsc`. */
export function versionIn(path: string): number | undefined {
  // The expressions are slow, and a history has many paths.
  if (!path.includes('.v')) return undefined;
  const [, number] = /[^/]\.v(\d+)\.[^./]+$/.exec(path) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The schema files in a folder, without its subfolders, ordered by name and version. */
export function siblingFiles(folder: string): SchemaFile[] {
  const names = entriesIn(folder).filter((entry) => !entry.isDirectory());
  return inOrder(names.map(({ name }) => join(folder, name)).filter(isSchemaPath));
}

/** The schema files among the paths, ordered by folder, name and version. */
export function inOrder(paths: readonly string[]): SchemaFile[] {
  return paths
    .map(schemaFile)
    .sort(
      (a, b) =>
        compare(dirname(a.path), dirname(b.path)) ||
        compare(a.name, b.name) ||
        (a.version ?? 0) - (b.version ?? 0),
    );
}

/** Whether the name ends as that of a schema file. */
export function isSchemaPath(path: string): boolean {
  return formats[extname(path)] !== undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
