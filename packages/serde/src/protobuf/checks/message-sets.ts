import { InvalidSchemaError } from '../../errors.ts';
import { resolveType } from '../names/check-names.ts';
import type { LoadedFile } from '../names/loaded-files.ts';
import type { Resolved } from '../names/resolve-name.ts';
import { isScalarType } from '../names/scalar-type.ts';
import { withPlainNames } from '../options/plain-names.ts';
import { isMessageSet } from '../source/message-set.ts';
import type { FieldSource, MessageSource, SourceFile } from '../source/source-file.ts';

/** Rejects a message set with fields, and one of proto3. */
export function checkMessageSet(
  fullName: string,
  message: MessageSource,
  syntax: SourceFile['syntax'],
): void {
  if (!isMessageSet(message)) return;
  if (syntax === 'proto3') {
    throw new InvalidSchemaError(`${fullName}: proto3 has no message sets`);
  }
  if (message.fields.length > 0) {
    throw new InvalidSchemaError(`${fullName}: a message set has extensions, but no fields`);
  }
}

/** Rejects an extension of a message set that is not an optional message. */
export function checkMessageSetExtension(
  field: FieldSource,
  fullName: string,
  extendee: Resolved,
  file: LoadedFile,
  files: readonly LoadedFile[],
): void {
  if (extendee.thing.kind !== 'message') return;
  const settings = extendee.thing.message.options;
  if (!isMessageSet({ options: withPlainNames(settings, extendee.fullName, extendee.file) }))
    return;
  const { type, label, line, isGroup } = field;
  const isMessage =
    !isGroup &&
    !isScalarType(type) &&
    resolveType({ name: type, user: fullName, file, line }, files).thing.kind === 'message';
  if (label === 'repeated' || !isMessage) {
    throw new InvalidSchemaError(
      `line ${line}: ${fullName}: expected an optional message as extension of a message set`,
    );
  }
}
