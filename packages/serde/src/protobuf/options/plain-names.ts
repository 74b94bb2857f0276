import type { LoadedFile } from '../names/loaded-files.ts';
import { findName } from '../names/resolve-name.ts';
import type { OptionSetting } from '../source/source-file.ts';

/**
 * The settings with `deprecated` in place of `(google.protobuf.MessageOptions.deprecated)`. As protoc does, those that were
 * in parentheses come after the others, so that the last setting of an option applies.
 *
 * @param user the full name of the declaration
 */
export function withPlainNames(
  settings: readonly OptionSetting[],
  user: string,
  file: LoadedFile,
): OptionSetting[] {
  const isCustom = ({ path }: OptionSetting) => path[0]?.startsWith('(') === true;
  if (!settings.some(isCustom)) return [...settings];
  const plain = ({ path, ...rest }: OptionSetting) => ({
    ...rest,
    path: path.map((name) => plainName(name, user, file)),
  });
  return [...settings.filter((one) => !isCustom(one)), ...settings.filter(isCustom).map(plain)];
}

/** The name of a field in place of its full name in parentheses; other names as they are. */
function plainName(name: string, user: string, file: LoadedFile): string {
  if (!name.startsWith('(')) return name;
  const found = findName({ name: name.slice(1, -1), user, file, line: 0 });
  if (found?.thing.kind !== 'field') return name;
  return found.fullName.slice(found.fullName.lastIndexOf('.') + 1);
}
