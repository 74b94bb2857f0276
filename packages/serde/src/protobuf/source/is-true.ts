import type { OptionSetting } from './source-file.ts';

/** Whether the last setting of the option in a declaration is `true`. */
export function isTrue(
  { options }: { readonly options: readonly OptionSetting[] },
  name: string,
): boolean {
  const value = options.findLast(({ path }) => path.length === 1 && path[0] === name)?.value;
  return value?.kind === 'identifier' && value.text === 'true';
}
