import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRegistryName } from '../identifiers.ts';
import { fileFault } from './file-fault.ts';
import { readSettingsFile, type SettingsMember } from './read-settings.ts';
import { readText } from './read-text.ts';
import type { SeedRegistry, SeedSchema } from './seed.ts';
import { SeedError } from './seed-error.ts';
import {
  faultsOfNumbers,
  parseLooseName,
  parseVersionName,
  type VersionFile,
} from './version-file.ts';

const registryMembers = ['description', 'tags'] as const;
const schemaMembers = ['compatibility', 'description', 'tags'] as const;

/** Settings, and the file that has them. */
type FoundSettings = Pick<SeedSchema, 'settings' | 'settingsPath'>;

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
  const add = (registry: SeedRegistry) => {
    const { name, path } = registry;
    if (registries.every((known) => known.name !== name)) registries.push(registry);
    else fault(path, `the registry ${name} has schemas in this folder and beside it`);
  };
  if (loose.size > 0) {
    const schemas = schemasOf(loose, new Map());
    add({ name: defaultRegistryName, path: folder, settings: {}, settingsPath: folder, schemas });
  }
  for (const name of folders) {
    const path = join(folder, name);
    const inside = entriesOf(path);
    const settings = readSettings(path, 'registry.json', inside.files, registryMembers);
    const named = inside.files.filter((file) => file !== 'registry.json');
    const versions = readFiles(path, named);
    const schemaSettings = new Map<string, FoundSettings & { path: string }>();
    for (const schema of inside.folders) {
      const below = join(path, schema);
      schemaSettings.set(schema, {
        path: below,
        ...readSchemaFolder(below, schema, versions),
      });
    }
    add({ name, path, ...settings, schemas: schemasOf(versions, schemaSettings) });
  }
  if (registries.length === 0 && faults.length === 0) fault(folder, 'no schemas found');
  if (faults.length > 0) throw new SeedError(faults);
  return registries;

  function fault(path: string, message: string): void {
    const line = `${path}: ${message}`;
    // A broken link fails twice: as an entry of its folder and as a text.
    if (!faults.includes(line)) faults.push(line);
  }

  /** Runs a step for a file, and collects its fault. */
  function attempt<Result>(path: string, step: () => Result): Result | undefined {
    try {
      return step();
    } catch (error) {
      fault(path, fileFault(error));
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
      const parsed = attempt(join(path, name), () => parseLooseName(name));
      if (parsed === undefined) continue;
      const { schema, ...version } = parsed;
      const files = found.get(schema) ?? [];
      files.push({ path: join(path, name), ...version });
      found.set(schema, files);
    }
    return found;
  }

  function readSchemaFolder(
    path: string,
    schema: string,
    versions: Map<string, VersionFile[]>,
  ): FoundSettings {
    const { files, folders } = entriesOf(path);
    for (const name of folders) fault(join(path, name), 'expected a file, found a folder');
    if (versions.has(schema)) fault(path, 'the schema has files in this folder and beside it');
    const own: VersionFile[] = [];
    for (const name of files.filter((one) => one !== 'schema.json')) {
      const version = attempt(join(path, name), () => parseVersionName(name));
      if (version !== undefined) own.push({ path: join(path, name), ...version });
    }
    if (own.length > 0) versions.set(schema, own);
    else if (faults.length === 0) fault(path, 'no version found');
    return readSettings(path, 'schema.json', files, schemaMembers);
  }

  /** Without the file there are no settings, and only the name of the folder can be at fault. */
  function readSettings(
    path: string,
    name: string,
    files: readonly string[],
    members: readonly SettingsMember[],
  ): FoundSettings {
    if (!files.includes(name)) return { settings: {}, settingsPath: path };
    const settingsPath = join(path, name);
    const read = () => readSettingsFile(settingsPath, members);
    return { settings: attempt(settingsPath, read) ?? {}, settingsPath };
  }

  function schemasOf(
    found: Map<string, VersionFile[]>,
    folders: Map<string, FoundSettings & { path: string }>,
  ): SeedSchema[] {
    return [...found].map(([name, files]) => {
      files.sort((a, b) => a.number - b.number);
      for (const { path, message } of faultsOfNumbers(files)) fault(path, message);
      const versions = files.map(({ path }) => ({
        path,
        definition: attempt(path, () => readText(path)) ?? '',
      }));
      const dataFormat = files[0]?.dataFormat ?? 'AVRO';
      // A schema without a folder is known by its first file.
      const path = files[0]?.path ?? '';
      const place = folders.get(name) ?? { path, settings: {}, settingsPath: path };
      return { name, ...place, dataFormat, versions };
    });
  }
}
