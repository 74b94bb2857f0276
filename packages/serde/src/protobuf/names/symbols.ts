import { InvalidSchemaError } from '../../errors.ts';
import type {
  EnumSource,
  ExtensionSource,
  FieldSource,
  MessageSource,
  SourceFile,
} from '../source/source-file.ts';

/** What a full name stands for in a file. */
export type NamedThing =
  | { readonly kind: 'message'; readonly message: MessageSource }
  | { readonly kind: 'enum'; readonly enum: EnumSource }
  // `map entry`: the message that protoc makes for a `map`; no field can have it as its type.
  | { readonly kind: 'package' | 'service' | 'map entry' }
  | { readonly kind: 'extension'; readonly field: FieldSource; readonly extendee: string }
  | { readonly kind: 'enum value'; readonly enum: EnumSource }
  | { readonly kind: 'field' | 'oneof' | 'rpc' };

/** By full name, without a leading dot. */
export type Symbols = ReadonlyMap<string, NamedThing>;

/**
 * The names that a file declares, and its package with those around it. As in protoc, fields, oneofs, enum values
 * and extensions share the names of their scope with types; values of an enum are named beside it.
 *
 * @throws InvalidSchemaError a name is declared twice
 */
export function symbolsOf(file: SourceFile): Symbols {
  const symbols = new Map<string, NamedThing>();
  const { packageName } = file;
  for (let name = packageName; name !== ''; name = scopeOf(name)) {
    symbols.set(name, { kind: 'package' });
  }
  file.messages.forEach((message) => {
    addMessage(packageName, message);
  });
  file.enums.forEach((type) => {
    addEnum(packageName, type);
  });
  for (const { name, line, rpcs } of file.services) {
    const service = join(packageName, name);
    add(service, { kind: 'service' }, line);
    for (const rpc of rpcs) add(join(service, rpc.name), { kind: 'rpc' }, rpc.line);
  }
  addExtensions(packageName, file.extensions);
  return symbols;

  function add(name: string, thing: NamedThing, line: number): void {
    if (symbols.has(name)) {
      throw new InvalidSchemaError(`line ${line}: ${name} is declared twice`);
    }
    symbols.set(name, thing);
  }

  function addMessage(scope: string, message: MessageSource): void {
    const fullName = join(scope, message.name);
    const { line } = message;
    add(fullName, { kind: 'message', message }, line);
    for (const field of message.fields) {
      add(join(fullName, field.name), { kind: 'field' }, field.line);
      if (field.mapKey) add(join(fullName, mapEntryName(field)), { kind: 'map entry' }, field.line);
    }
    for (const { name, line } of message.oneofs) add(join(fullName, name), { kind: 'oneof' }, line);
    message.messages.forEach((nested) => {
      addMessage(fullName, nested);
    });
    message.enums.forEach((nested) => {
      addEnum(fullName, nested);
    });
    addExtensions(fullName, message.extensions);
  }

  function addEnum(scope: string, type: EnumSource): void {
    add(join(scope, type.name), { kind: 'enum', enum: type }, type.line);
    for (const { name } of type.values)
      add(join(scope, name), { kind: 'enum value', enum: type }, type.line);
  }

  function addExtensions(scope: string, extensions: readonly ExtensionSource[]): void {
    for (const { extendee, fields } of extensions) {
      for (const field of fields) {
        add(join(scope, field.name), { kind: 'extension', field, extendee }, field.line);
      }
    }
  }
}

export function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

/** The name around a full name; empty for the outermost scope. */
export function scopeOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));
}

/** As protoc: capitalizes the first letter and each letter after an underscore. */
function mapEntryName({ name }: FieldSource): string {
  const words = name.split('_').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${words.join('')}Entry`;
}
