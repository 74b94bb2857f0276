import { createHash } from 'node:crypto';
import { invalidParameter } from './glue-error.ts';

const defaultSize = 25;

/**
 * One page of a list, with a `nextToken` when there are more items. The token holds the last key of the page before, so
 * rows added or deleted between two requests neither hide nor repeat others.
 * @param scope names the list; a token of another list is refused
 * @param list returns at most `limit` rows after a key; an empty key: from the start
 * @throws GlueError InvalidInputException when the token is damaged or of another list
 */
export function readPage<Item>(
  { MaxResults: size = defaultSize, NextToken: token }: { MaxResults?: number; NextToken?: string },
  scope: readonly string[],
  list: (after: readonly string[], limit: number) => readonly Item[],
  keyOf: (item: Item) => readonly string[],
) {
  const rows = list(token === undefined ? [] : readToken(scope, token), size + 1);
  const items = rows.slice(0, size);
  const last = items.at(-1);
  if (rows.length <= size || last === undefined) return { items };
  return { items, nextToken: writeToken(scope, keyOf(last)) };
}

/** The digest finds damage and tokens of other lists. It keeps no secret: a token says nothing that the page did not. */
function writeToken(scope: readonly string[], key: readonly string[]): string {
  return Buffer.concat([digest(scope, key), Buffer.from(JSON.stringify(key))]).toString(
    'base64url',
  );
}

function readToken(scope: readonly string[], token: string): readonly string[] {
  const bytes = Buffer.from(token, 'base64url');
  const body = bytes.subarray(digestLength).toString();
  try {
    const key: readonly string[] = JSON.parse(body);
    // Written again, so that a token with other characters than base64url's is refused too.
    if (writeToken(scope, key) === token) return key;
  } catch {
    // Falls through to the error.
  }
  throw invalidParameter('The token is not valid.', 'nextToken');
}

const digestLength = 12;

function digest(scope: readonly string[], key: readonly string[]): Buffer {
  const text = JSON.stringify([scope, key]);
  return createHash('sha256').update(text).digest().subarray(0, digestLength);
}
