import protobuf from 'protobufjs';
import { InvalidSchemaError } from '../errors.ts';
import { syntaxOf } from './proto-text.ts';
import { wellKnownFile } from './well-known-files.ts';

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
): void {
  const added = new Set<string>();
  const add = (file: string): void => {
    if (added.has(file)) return;
    added.add(file);
    const reference = references.find(({ name }) => name === file);
    if (reference) {
      syntaxOf(reference.definition);
      const parsed = protobuf.parse(reference.definition, root, { keepCase: true });
      importsOf(parsed).forEach(add);
      return;
    }
    const known = wellKnownFile(file);
    if (!known) throw new InvalidSchemaError(`import "${file}" is not among the references`);
    root.define('google.protobuf').addJSON(known.types);
    known.imports.forEach(add);
  };
  imports.forEach(add);
}
