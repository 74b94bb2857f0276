import { UsageError, wholeNumber } from '@order-stream/command-line';

/** The name and version of `NAME`, `NAME@latest` or `NAME@3`. */
export function parseVersionName(text: string): [name: string, version: number | 'latest'] {
  const at = text.lastIndexOf('@');
  if (text === '') throw new UsageError('expected a name, got an empty one');
  if (at < 0) return [text, 'latest'];
  const [name, version] = [text.slice(0, at), text.slice(at + 1)];
  if (name === '') throw new UsageError(`'${text}': expected a name before the @`);
  if (version === 'latest') return [name, version];
  return [name, wholeNumber('the version', version, { min: 1, max: 1_000_000 })];
}
