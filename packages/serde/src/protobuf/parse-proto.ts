import { InvalidSchemaError } from '../errors.ts';
import type { SchemaRegistry } from '../registry/schema-registry.ts';
import { buildFile } from './build-file.ts';
import { checkFiles } from './checks/check-files.ts';
import { checkNames } from './names/check-names.ts';
import { type Imported, loadFiles } from './names/loaded-files.ts';
import type { ProtoFile } from './proto-file.ts';

/** Files that a definition can import. */
export interface ImportOptions {
  /** More files that can be imported: text by path. */
  readonly imports?: Readonly<Record<string, string>> | undefined;
  /** Its Java library decides which files can be imported without being given. Default: `glue`. */
  readonly framing?: SchemaRegistry['framing'] | undefined;
}

/**
 * Parses the text of a .proto file, proto2 or proto3, written by hand or printed by Square Wire (maps as
 * `repeated XEntry` with `option map_entry = true`). Names are resolved as protoc resolves them. Groups, editions
 * and features are rejected. Fields of extensions are unknown fields.
 *
 * @param references files that it imports, besides those of the options; they come first
 * @throws InvalidSchemaError
 */
export function parseProto(
  definition: string,
  references: readonly Imported[] = [],
  { imports = {}, framing = 'glue' }: ImportOptions = {},
): ProtoFile {
  try {
    const given = Object.entries(imports).map(([name, definition]) => ({ name, definition }));
    const files = loadFiles(definition, [...references, ...given], framing);
    checkNames(files);
    checkFiles(files, framing === 'glue' ? 'refuse' : 'keep');
    return buildFile(files, framing);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidSchemaError('the messages nest too deeply');
  }
}
