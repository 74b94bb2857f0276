import { InvalidSchemaError } from '../../errors.ts';
import type { SchemaRegistry } from '../../registry/schema-registry.ts';
import { knownFile } from '../known-files/known-file.ts';
import { parseSource } from '../source/parse-source.ts';
import type { SourceFile } from '../source/source-file.ts';
import { type Symbols, symbolsOf } from './symbols.ts';

/** A file that another one can import. */
export interface Imported {
  readonly name: string;
  readonly definition: string;
}

/** A file with its names and the files that it imports. */
export interface LoadedFile {
  /** As imported; empty for the file that was asked for. */
  readonly path: string;
  readonly source: SourceFile;
  readonly symbols: Symbols;
  /** Whether it is a file of a Java library, which needs no check. */
  readonly isKnown: boolean;
  /** The file, what it imports, and what those import publicly: the files whose names it can use. */
  readonly visible: readonly LoadedFile[];
}

// Files that the Java libraries bring along are parsed once.
const knownSources = new Map<string, { source: SourceFile; symbols: Symbols }>();

/**
 * Loads a definition and, directly and indirectly, the files that it imports; the definition is the first.
 *
 * @param references files that can be imported besides those that the Java library of the frame brings along
 * @throws InvalidSchemaError a file is invalid or unknown, or two declare one name
 */
export function loadFiles(
  definition: string,
  references: readonly Imported[],
  framing: SchemaRegistry['framing'],
): readonly [LoadedFile, ...LoadedFile[]] {
  const byPath = new Map<string, LoadedFile>();
  const source = parseSource(definition);
  const file = withImports('', false, { source, symbols: symbolsOf(source) });
  const files = [file, ...byPath.values()] as const;
  for (const loaded of files) {
    for (const { path } of loaded.source.imports) addVisible(loaded, path);
  }
  rejectConflicts(files);
  return files;

  function withImports(
    path: string,
    isKnown: boolean,
    { source, symbols }: Pick<LoadedFile, 'source' | 'symbols'>,
  ): LoadedFile {
    const loaded: LoadedFile = { path, source, symbols, isKnown, visible: [] };
    (loaded.visible as LoadedFile[]).push(loaded);
    // Registered before its imports are loaded, which may import it.
    if (path !== '') byPath.set(path, loaded);
    for (const imported of source.imports) load(imported.path);
    return loaded;
  }

  function load(path: string): void {
    if (byPath.has(path)) return;
    const reference = references.find(({ name }) => name === path);
    if (reference) {
      const source = inFile(path, () => parseSource(reference.definition));
      const symbols = inFile(path, () => symbolsOf(source));
      withImports(path, false, { source, symbols });
      return;
    }
    const text = knownFile(path, framing);
    if (text === undefined) {
      throw new InvalidSchemaError(`import "${path}" is not among the references`);
    }
    let known = knownSources.get(path);
    if (!known) {
      const source = parseSource(text);
      known = { source, symbols: symbolsOf(source) };
      knownSources.set(path, known);
    }
    withImports(path, true, known);
  }

  function addVisible({ visible }: LoadedFile, path: string): void {
    const imported = byPath.get(path);
    if (!imported || visible.includes(imported)) return;
    (visible as LoadedFile[]).push(imported);
    for (const { path, isPublic } of imported.source.imports) {
      if (isPublic) addVisible({ visible } as LoadedFile, path);
    }
  }
}

/** Runs `read` and adds the file to the message of an InvalidSchemaError. */
export function inFile<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidSchemaError) || path === '') throw error;
    throw new InvalidSchemaError(`${path}: ${error.message.replace(/^unusable schema: /, '')}`);
  }
}

/** Files may share packages, and nothing else. */
function rejectConflicts(files: readonly LoadedFile[]): void {
  const declared = new Map<string, string>();
  for (const { symbols } of files) {
    for (const [name, { kind }] of symbols) {
      const before = declared.get(name);
      if (before !== undefined && !(before === 'package' && kind === 'package')) {
        throw new InvalidSchemaError(`${name} is declared in two files`);
      }
      declared.set(name, kind);
    }
  }
}
