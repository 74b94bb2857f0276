import { knownFile } from '../known-files/known-file.ts';
import { resolveMessage } from '../names/check-names.ts';
import { type LoadedFile, loadFiles } from '../names/loaded-files.ts';
import { findName } from '../names/resolve-name.ts';
import { scopeOf } from '../names/symbols.ts';
import type { FieldSource, MessageSource } from '../source/source-file.ts';

/** A message whose fields are options, or parts of an option. */
export interface OptionMessage {
  readonly message: MessageSource;
  readonly fullName: string;
  readonly file: LoadedFile;
}

/** A field of such a message, or an extension of it. */
export interface OptionField {
  readonly field: FieldSource;
  /** Scopes around it are searched for its type. */
  readonly fullName: string;
  readonly file: LoadedFile;
}

/** The messages of `google/protobuf/descriptor.proto` that declare the options. */
export type OptionsName =
  | `${'File' | 'Message' | 'Field' | 'Oneof' | 'Enum' | 'EnumValue'}Options`
  | `${'Service' | 'Method' | 'ExtensionRange'}Options`;

const descriptorPath = 'google/protobuf/descriptor.proto';
let descriptorFile: LoadedFile | undefined;

/** The options of a kind of declarations: as a file that is imported declares them, else as the Java library's file does. */
export function optionsMessage(name: OptionsName, files: readonly LoadedFile[]): OptionMessage {
  const fullName = `google.protobuf.${name}`;
  for (const file of [...files, knownDescriptor()]) {
    const thing = file.symbols.get(fullName);
    if (thing?.kind === 'message') return { message: thing.message, fullName, file };
  }
  throw new TypeError(`${descriptorPath} has no message ${fullName}`);
}

function knownDescriptor(): LoadedFile {
  descriptorFile ??= loadFiles(knownFile(descriptorPath, 'glue') ?? '', [], 'glue')[0];
  return descriptorFile;
}

/**
 * The field with that name, as `name` or, by the name that scopes are searched for, as `(name)`; undefined if the message
 * has none. An extension is always in parentheses.
 */
export function optionField(
  name: string,
  { message, fullName, file }: OptionMessage,
  user: string,
  from: LoadedFile,
  files: readonly LoadedFile[],
): OptionField | undefined {
  if (!name.startsWith('(')) return ownField(name);
  const found = findName({ name: name.slice(1, -1), user, file: from, line: 0 });
  if (found?.thing.kind === 'field' && scopeOf(found.fullName) === fullName) {
    return ownField(found.fullName.slice(fullName.length + 1));
  }
  if (found?.thing.kind !== 'extension') return undefined;
  const { field, extendee } = found.thing;
  const use = { name: extendee, user: found.fullName, file: found.file, line: field.line };
  if (resolveMessage(use, files).fullName !== fullName) return undefined;
  return { field, fullName: found.fullName, file: found.file };

  function ownField(name: string): OptionField | undefined {
    const field = message.fields.find((field) => field.name === name);
    return field && { field, fullName: `${fullName}.${name}`, file };
  }
}
