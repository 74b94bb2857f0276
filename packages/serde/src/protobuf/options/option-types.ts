import { resolveMessage, resolveType } from '../names/check-names.ts';
import type { LoadedFile } from '../names/loaded-files.ts';
import type { NameUse } from '../names/resolve-name.ts';
import { isScalarType } from '../names/scalar-type.ts';
import { join } from '../names/symbols.ts';
import type { ExtensionSource, FieldSource, MessageSource } from '../source/source-file.ts';

const extendsOptions = /^google\.protobuf\.\w+Options$/;

/**
 * The messages that are the types of options, or of their parts, and that no other message or rpc uses. Records
 * do not contain them.
 */
export function optionTypes(files: readonly LoadedFile[]): ReadonlySet<MessageSource> {
  const typesIn = new Map<MessageSource, readonly MessageSource[]>();
  const ofOptions: MessageSource[] = [];
  const ofRecords: MessageSource[] = [];
  for (const file of files) if (!file.isKnown) visitFile(file);
  const optional = reachable(ofOptions);
  const others = [...typesIn.keys()].filter((message) => !optional.has(message));
  const used = reachable([...others, ...ofRecords]);
  return new Set([...optional].filter((message) => !used.has(message)));

  function visitFile(file: LoadedFile): void {
    const { packageName, messages, extensions, services } = file.source;
    for (const message of messages) visitMessage(message, packageName, file);
    for (const extension of extensions) visitExtension(extension, packageName, file);
    for (const { name: service, rpcs } of services) {
      for (const { name, line, request, response } of rpcs) {
        const user = join(join(packageName, service), name);
        for (const type of [request, response])
          ofRecords.push(resolveMessage({ name: type, user, file, line }, files).thing.message);
      }
    }
  }

  function visitMessage(message: MessageSource, scope: string, file: LoadedFile): void {
    const fullName = join(scope, message.name);
    typesIn.set(message, typesOf(message.fields, fullName, file));
    for (const nested of message.messages) visitMessage(nested, fullName, file);
    for (const extension of message.extensions) visitExtension(extension, fullName, file);
  }

  function visitExtension(extension: ExtensionSource, scope: string, file: LoadedFile): void {
    const { extendee, line, fields } = extension;
    const user = join(scope, fields[0]?.name ?? '');
    const { fullName } = resolveMessage({ name: extendee, user, file, line }, files);
    const isOption = extendsOptions.test(fullName);
    (isOption ? ofOptions : ofRecords).push(...typesOf(fields, scope, file));
  }

  function typesOf(fields: readonly FieldSource[], scope: string, file: LoadedFile) {
    return fields.flatMap(({ name, type, line }) => {
      if (isScalarType(type)) return [];
      const use: NameUse = { name: type, user: join(scope, name), file, line };
      const { thing } = resolveType(use, files);
      return thing.kind === 'message' ? [thing.message] : [];
    });
  }

  function reachable(from: readonly MessageSource[]): Set<MessageSource> {
    const found = new Set(from);
    // A set is iterated in the order in which its members are added, with those added meanwhile.
    for (const message of found) for (const type of typesIn.get(message) ?? []) found.add(type);
    return found;
  }
}
