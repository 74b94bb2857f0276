import { textOf } from '../read-file.ts';

/**
 * A text with line feeds only. Git can convert line ends when it writes a file and when it commits one (`core.autocrlf`, the
 * attribute `eol`), and no format gives them a meaning: texts of a commit and of the working tree are compared without them.
 */
export function withLineFeeds(text: string): string {
  return text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
}

/**
 * The text of a file as it is, to compare with texts of commits.
 *
 * @throws SchemaFileError
 */
export function comparableText(path: string): string {
  return withLineFeeds(textOf(path));
}
