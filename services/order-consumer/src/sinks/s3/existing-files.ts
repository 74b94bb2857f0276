import type { PartitionStart } from '../sink.ts';
import { type FileRange, isOfPartition, lastOffsetOf, type ObjectMetadata } from './file-range.ts';
import { longerNamesFrom, type PartitionKeys } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';
import { ForeignObjectError } from './s3-failure.ts';

export type ExistingFiles = ReturnType<typeof createExistingFiles>;

/** The first interval below an offset in which its file is looked for. One listing returns so many keys. */
const firstInterval = 1000n;
const growth = 8n;

/**
 * The files of one partition that are in the bucket. Each range is in the metadata of its object.
 *
 * @throws ForeignObjectError from each function, when an object has the name of a file and is not one
 */
export function createExistingFiles(
  start: Pick<PartitionStart, 'topic' | 'partition' | 'topicId' | 'attempt'>,
  store: ObjectStore,
  keys: PartitionKeys,
) {
  const { attempt } = start;

  const metadata = (key: string) =>
    attempt(`HeadObject ${store.urlOf(key)}`, (signal) => store.metadata(key, signal));

  const list = (after: string) =>
    attempt(`ListObjectsV2 ${store.urlOf(keys.stem)}`, (signal) =>
      store.keys(keys.stem, after, signal),
    );

  /** The files that begin from `first` to below `end`, of which no name is longer, in this order. */
  async function* filesBetween(first: bigint, end: bigint) {
    const lastKey = end === longerNamesFrom(first) ? keys.end : keys.before(end);
    let after = keys.before(first);
    for (;;) {
      const page = await list(after);
      for (const key of page.keys) {
        if (key >= lastKey) return;
        const offset = keys.firstOf(key);
        // Longer names stand between shorter ones.
        if (offset !== undefined && offset >= first && offset < end) yield { key, first: offset };
      }
      const last = page.keys.at(-1);
      if (page.isLast || last === undefined) return;
      after = last;
    }
  }

  /**
   * @param found the metadata of the object
   * @param read asks for the metadata of another object
   */
  async function rangeOf(
    key: string,
    first: bigint,
    found: ObjectMetadata,
    read: (key: string) => Promise<ObjectMetadata | undefined>,
  ): Promise<FileRange> {
    const foreign = (what: string) => new ForeignObjectError(store.urlOf(key), what);
    if (found['first-offset'] === undefined) throw foreign('an object without an offset range');
    if (found['first-offset'] !== String(first) || !isOfPartition(found, start))
      throw foreign(
        `a file of topic ${found.topic}, id ${found['topic-id']}, partition ${found.partition}`,
      );
    const fileId = found['file-id'] ?? '';
    // Of a large file, the end was not known when its upload began.
    const last =
      lastOffsetOf(found) ?? lastOffsetOf((await read(keys.rangeEnd(first, fileId))) ?? {});
    if (last === undefined || last < first) throw foreign('an object without the end of its range');
    return { first, last };
  }

  /** Undefined if there is no such object. */
  async function rangeAt(key: string, first: bigint): Promise<FileRange | undefined> {
    const found = await metadata(key);
    return found && rangeOf(key, first, found, metadata);
  }

  /** The file with the lowest range that begins at `offset` or above, up to where names become longer. */
  async function atOrAfter(offset: bigint): Promise<FileRange | undefined> {
    for await (const { key, first } of filesBetween(offset, longerNamesFrom(offset))) {
      const range = await rangeAt(key, first);
      if (range !== undefined) return range;
    }
    return undefined;
  }

  /** The file with the highest range that begins at `offset` or below. */
  async function atOrBefore(offset: bigint): Promise<FileRange | undefined> {
    const lowest = lowestOfLength(offset);
    let end = offset + 1n;
    for (let interval = firstInterval; end > lowest; interval *= growth) {
      const begin = end - interval > lowest ? end - interval : lowest;
      let highest: { key: string; first: bigint } | undefined;
      for await (const file of filesBetween(begin, end)) highest = file;
      if (highest) return rangeAt(highest.key, highest.first);
      end = begin;
    }
    return undefined;
  }

  return {
    rangeOf,
    atOrAfter,
    /**
     * Where the next file begins when the commit says nothing of the files: after the file that contains `offset`, else at
     * `offset`. Offsets below it that are in no file can still be stored later, after another reset.
     */
    async beginFor(offset: bigint): Promise<bigint> {
      const before = await atOrBefore(offset);
      return before !== undefined && before.last >= offset ? before.last + 1n : offset;
    },
  };
}

/** The lowest offset whose name is as long as that of `offset`. */
function lowestOfLength(offset: bigint): bigint {
  const length = String(offset).length;
  return length <= 10 ? 0n : 10n ** BigInt(length - 1);
}
