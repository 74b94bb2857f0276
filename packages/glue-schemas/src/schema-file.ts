import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { DataFormat } from '@order-stream/serde';

/** A file that cannot be used as a schema. Exit code 1. */
export class SchemaFileError extends Error {
  readonly code = 'SCHEMA_FILE';
  readonly retryable = false;
}

const formats: Record<string, DataFormat> = {
  '.avsc': 'AVRO',
  '.json': 'JSON',
  '.proto': 'PROTOBUF',
};

export interface SchemaFile {
  readonly path: string;
  readonly dataFormat: DataFormat;
  /** Of `order.v2.avsc`: `order`, and its number. A file that is edited in place has no number. */
  readonly name: string;
  readonly version: number | undefined;
}

/** The format goes by the ending: `.avsc`, `.json` (JSON Schema), `.proto`. */
export function schemaFile(path: string): SchemaFile {
  const dataFormat = formats[extname(path)];
  if (dataFormat === undefined) {
    throw new SchemaFileError(`${path}: a schema file ends with .avsc, .json or .proto`);
  }
  const stem = basename(path, extname(path));
  const [, name = stem, version] = /^(.+)\.v(\d+)$/.exec(stem) ?? [];
  return { path, dataFormat, name, version: version === undefined ? undefined : Number(version) };
}

/** The files given, and those that lie in the folders given, by name and number. */
export function schemaFiles(paths: readonly string[]): SchemaFile[] {
  const files = paths.flatMap((path) => {
    if (!existsSync(path)) throw new SchemaFileError(`${path}: there is no such file`);
    if (!statSync(path).isDirectory()) return [schemaFile(path)];
    return readdirSync(path)
      .filter((name) => formats[extname(name)] !== undefined)
      .map((name) => schemaFile(join(path, name)));
  });
  return files.sort(
    (a, b) =>
      compare(dirname(a.path), dirname(b.path)) ||
      compare(a.name, b.name) ||
      (a.version ?? 0) - (b.version ?? 0),
  );
}

export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SchemaFileError(`${path}: ${(error as Error).message}`);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
