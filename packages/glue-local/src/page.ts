import { invalidInput } from './glue-error.ts';
import { type Members, optionalInteger, optionalText } from './members.ts';

const defaultSize = 25;

/**
 * One page of a list, with a `nextToken` when there are more items. The token holds the last key of the page before, so
 * rows added between two requests neither hide nor repeat others.
 * @param list returns at most `limit` rows after a key; an empty key: from the start
 * @throws GlueError InvalidInputException when the token is not one of this list
 */
export function readPage<Item>(
  input: Members,
  list: (after: readonly string[], limit: number) => readonly Item[],
  keyOf: (item: Item) => readonly string[],
  maxSize = 100,
) {
  const size = optionalInteger(input, 'MaxResults', { min: 1, max: maxSize }) ?? defaultSize;
  const token = optionalText(input, 'NextToken', { maxLength: 10_000 });
  const rows = list(token === undefined ? [] : parseToken(token), size + 1);
  const items = rows.slice(0, size);
  const last = items.at(-1);
  if (rows.length <= size || last === undefined) return { items };
  return { items, nextToken: Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') };
}

function parseToken(token: string): readonly string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(key) && key.every((part) => typeof part === 'string')) return key;
  } catch {
    // Falls through to the error.
  }
  throw invalidInput('The token is not valid. Parameter Name: nextToken');
}
