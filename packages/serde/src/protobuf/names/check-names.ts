import { InvalidSchemaError } from '../../errors.ts';
import type { FieldSource, MessageSource, SourceFile } from '../source/source-file.ts';
import { createExtensionNumbers } from './extension-numbers.ts';
import { inFile, type LoadedFile } from './loaded-files.ts';
import { type NameUse, type Resolved, resolveName } from './resolve-name.ts';
import { isScalarType } from './scalar-type.ts';
import { join } from './symbols.ts';

/**
 * Resolves every name that the files use, also in messages that nothing refers to, as protoc does.
 *
 * @throws InvalidSchemaError a name is not declared or is not that of a type, or an extension's number cannot be used
 */
export function checkNames(files: readonly LoadedFile[]): void {
  const extensionNumbers = createExtensionNumbers();
  for (const file of files) {
    if (file.isKnown) continue;
    inFile(file.path, () => checkFile(file, files, extensionNumbers));
  }
}

function checkFile(
  file: LoadedFile,
  files: readonly LoadedFile[],
  extensionNumbers: ReturnType<typeof createExtensionNumbers>,
): void {
  const { source } = file;
  checkScope(source.packageName, source);
  for (const { name, rpcs } of source.services) {
    for (const { name: rpc, request, response, line } of rpcs) {
      const user = join(join(source.packageName, name), rpc);
      for (const type of [request, response])
        resolveMessage({ name: type, user, file, line }, files);
    }
  }

  function checkScope(
    scope: string,
    { messages, extensions }: Pick<SourceFile, 'messages' | 'extensions'>,
  ): void {
    for (const message of messages) checkMessage(join(scope, message.name), message);
    for (const { extendee, line, fields } of extensions) {
      // protoc resolves the message for each field, so an empty block names nothing.
      for (const field of fields) {
        const user = join(scope, field.name);
        const { thing } = resolveMessage({ name: extendee, user, file, line }, files);
        extensionNumbers.add(user, thing.message, field);
      }
      checkFields(scope, fields);
    }
  }

  function checkMessage(fullName: string, message: MessageSource): void {
    checkFields(fullName, message.fields);
    checkScope(fullName, message);
  }

  function checkFields(scope: string, fields: readonly FieldSource[]): void {
    for (const { type, name, line } of fields) {
      if (!isScalarType(type)) {
        resolveType({ name: type, user: join(scope, name), file, line }, files);
      }
    }
  }
}

/** The message or enum that is the type of a field. */
export function resolveType(use: NameUse, files: readonly LoadedFile[]): Resolved {
  const resolved = resolveName(use, 'type', files);
  const { kind } = resolved.thing;
  return kind === 'message' || kind === 'enum' ? resolved : rejectUse(use, resolved, 'a type');
}

/** The message that an rpc or an extension names. */
export function resolveMessage(use: NameUse, files: readonly LoadedFile[]): ResolvedMessage {
  const resolved = resolveName(use, 'anything', files);
  return isMessage(resolved) ? resolved : rejectUse(use, resolved, 'a message');
}

type ResolvedMessage = Resolved & { readonly thing: { readonly kind: 'message' } };

export function isMessage(resolved: Resolved): resolved is ResolvedMessage {
  return resolved.thing.kind === 'message';
}

function rejectUse(
  { name, user, line }: NameUse,
  { fullName, thing }: Resolved,
  expected: string,
): never {
  const found = thing.kind === 'map entry' ? 'the entry of a map' : `the ${thing.kind} ${fullName}`;
  throw new InvalidSchemaError(
    `line ${line}: ${user}: expected the name of ${expected}, '${name}' is ${found}`,
  );
}
