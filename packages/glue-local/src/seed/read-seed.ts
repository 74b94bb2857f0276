import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFormat } from '@order-stream/serde';
import { defaultRegistryName } from '../identifiers.ts';
import { readSettingsFile } from './read-settings.ts';
import { readText } from './read-text.ts';
import type { SeedRegistry, SeedSchema, SeedSettings } from './seed.ts';
import { SeedError } from './seed-error.ts';

const dataFormats: Readonly<Record<string, DataFormat>> = {
  avsc: 'AVRO',
  json: 'JSON',
  proto: 'PROTOBUF',
};
const registryMembers = ['description', 'tags'];
const schemaMembers = ['compatibility', 'description', 'tags'];

interface VersionFile {
  path: string;
  number: number;
  dataFormat: DataFormat;
}

/**
 * Reads `<registry>/<schema>/v<N>.<extension>`, `<registry>/<schema>.v<N>.<extension>` and `<registry>/<schema>.<extension>`,
 * with the extensions avsc, json and proto; files of the two last forms beside the folders of the registries belong to the
 * default registry. Names that begin with a dot and `*.md` are passed over.
 * @throws SeedError with every fault of the files' names and texts
 */
export function readSeed(folder: string): readonly SeedRegistry[] {
  const faults: string[] = [];
  const registries: SeedRegistry[] = [];
  const { files, folders } = entriesOf(folder);
  const loose = readFiles(folder, files);
  const registry = (name: string, path: string, settings: SeedSettings, schemas: SeedSchema[]) => {
    const known = registries.find((one) => one.name === name);
    if (known === undefined) registries.push({ name, path, settings, schemas });
    else fault(path, `the registry ${name} has schemas in this folder and beside it`);
  };
  if (loose.size > 0) {
    registry(defaultRegistryName, folder, {}, schemasOf(folder, loose, new Map()));
  }
  for (const name of folders) {
    const path = join(folder, name);
    const inside = entriesOf(path);
    const settings = readSettings(join(path, 'registry.json'), inside.files, registryMembers);
    const named = inside.files.filter((file) => file !== 'registry.json');
    const versions = readFiles(path, named);
    const schemaSettings = new Map<string, SeedSettings>();
    for (const schema of inside.folders) {
      const below = join(path, schema);
      schemaSettings.set(schema, readSchemaFolder(below, schema, versions));
    }
    registry(name, path, settings, schemasOf(path, versions, schemaSettings));
  }
  if (registries.length === 0 && faults.length === 0) fault(folder, 'no schemas found');
  if (faults.length > 0) throw new SeedError(faults);
  return registries;

  function fault(path: string, message: string): void {
    faults.push(`${path}: ${message}`);
  }

  /** Runs a step for a file, and collects its fault. */
  function attempt<Result>(path: string, step: () => Result): Result | undefined {
    try {
      return step();
    } catch (error) {
      fault(path, (error as Error).message);
      return undefined;
    }
  }

  function entriesOf(path: string): { files: string[]; folders: string[] } {
    const names = attempt(path, () => readdirSync(path).sort()) ?? [];
    const shown = names.filter((name) => !name.startsWith('.') && !name.endsWith('.md'));
    const isFolder = (name: string) =>
      attempt(join(path, name), () => statSync(join(path, name)).isDirectory()) ?? false;
    const folders = shown.filter(isFolder);
    return { folders, files: shown.filter((name) => !folders.includes(name)) };
  }

  /** The files of a folder by the names of their schemas. */
  function readFiles(path: string, names: readonly string[]): Map<string, VersionFile[]> {
    const found = new Map<string, VersionFile[]>();
    for (const name of names) {
      const [, schema, number = '1', extension = ''] =
        /^(.+?)(?:\.v([1-9]\d{0,5}))?\.(avsc|json|proto)$/.exec(name) ?? [];
      const dataFormat = dataFormats[extension];
      if (schema === undefined || dataFormat === undefined) {
        fault(join(path, name), 'expected <schema>.avsc or <schema>.v<N>.avsc (or json, proto)');
        continue;
      }
      const files = found.get(schema) ?? [];
      files.push({ path: join(path, name), number: Number(number), dataFormat });
      found.set(schema, files);
    }
    return found;
  }

  function readSchemaFolder(
    path: string,
    schema: string,
    versions: Map<string, VersionFile[]>,
  ): SeedSettings {
    const { files, folders } = entriesOf(path);
    for (const name of folders) fault(join(path, name), 'expected a file, found a folder');
    if (versions.has(schema)) fault(path, 'the schema has files in this folder and beside it');
    const own: VersionFile[] = [];
    for (const name of files.filter((one) => one !== 'schema.json')) {
      const [, number, extension = ''] = /^v([1-9]\d{0,5})\.(avsc|json|proto)$/.exec(name) ?? [];
      const dataFormat = dataFormats[extension];
      if (dataFormat === undefined) {
        fault(join(path, name), 'expected v<N>.avsc (or json, proto) or schema.json');
        continue;
      }
      own.push({ path: join(path, name), number: Number(number), dataFormat });
    }
    if (own.length > 0) versions.set(schema, own);
    else if (faults.length === 0) fault(path, 'no version found');
    return readSettings(join(path, 'schema.json'), files, schemaMembers);
  }

  function readSettings(path: string, files: readonly string[], members: readonly string[]) {
    if (!files.some((name) => path.endsWith(`/${name}`))) return {};
    return attempt(path, () => readSettingsFile(path, members)) ?? {};
  }

  function schemasOf(
    folderPath: string,
    found: Map<string, VersionFile[]>,
    settings: Map<string, SeedSettings>,
  ): SeedSchema[] {
    return [...found].map(([name, files]) => {
      files.sort((a, b) => a.number - b.number);
      const dataFormat = files[0]?.dataFormat ?? 'AVRO';
      const versions = files.map((file, index) => {
        if (file.number > index + 1) fault(file.path, `version ${index + 1} is missing`);
        if (file.number < index + 1)
          fault(file.path, `there are two files of version ${file.number}`);
        if (file.dataFormat !== dataFormat) {
          fault(file.path, `expected ${dataFormat}, as version 1, found ${file.dataFormat}`);
        }
        return { path: file.path, definition: attempt(file.path, () => readText(file.path)) ?? '' };
      });
      return {
        name,
        path: join(folderPath, name),
        dataFormat,
        settings: settings.get(name) ?? {},
        versions,
      };
    });
  }
}
