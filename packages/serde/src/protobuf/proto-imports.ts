import protobuf from 'protobufjs';
import { InvalidSchemaError } from '../errors.ts';
import type { SchemaRegistry } from '../registry/schema-registry.ts';
import { knownFile } from './known-files/known-file.ts';
import { syntaxOf } from './proto-text.ts';

/** A file that another one can import. */
export interface Imported {
  readonly name: string;
  readonly definition: string;
}

/** The files that a parsed file imports. */
export function importsOf({ imports, weakImports }: protobuf.IParserResult): string[] {
  return [...(imports ?? []), ...(weakImports ?? [])];
}

/** Adds the files that a definition imports, and their imports. Throws InvalidSchemaError if one is unknown. */
export function addImports(
  root: protobuf.Root,
  imports: readonly string[],
  references: readonly Imported[],
  framing: SchemaRegistry['framing'],
): void {
  const added = new Set<string>();
  const add = (file: string): void => {
    if (added.has(file)) return;
    added.add(file);
    const reference = references.find(({ name }) => name === file)?.definition;
    const definition = reference ?? knownFile(file, framing);
    if (definition === undefined) {
      throw new InvalidSchemaError(`import "${file}" is not among the references`);
    }
    syntaxOf(definition);
    importsOf(protobuf.parse(definition, root, { keepCase: true })).forEach(add);
  };
  imports.forEach(add);
}
