/** Kafka Connect's default padding of offsets in names. Longer offsets keep all their digits. */
const minDigits = 10;
const beyondOffsets = 2n ** 63n;

/** The names of one partition's objects. */
export type PartitionKeys = ReturnType<typeof partitionKeys>;

/**
 * Kafka Connect's names: `topics/orders/partition=0/orders+0+0000000120.json`. The number is the first offset of the file's range.
 *
 * @param folder `S3_PREFIX`, without a slash at either end; may be empty
 */
export function partitionKeys(folder: string, topic: string, partition: number) {
  const directory = `${folder === '' ? '' : `${folder}/`}${topic}/partition=${partition}/`;
  const stem = `${directory}${topic}+${partition}+`;

  return {
    /** Begins the keys of all files of the partition. */
    stem,
    file: (first: bigint, extension: string) => `${stem}${digitsOf(first)}.${extension}`,
    /** Sorts before the file that begins at `first`, and after those that begin below it and have names of the same length. */
    before: (first: bigint) => `${stem}${digitsOf(first)}`,
    /** Sorts after all files. */
    end: `${stem}:`,
    /**
     * The end of a range that is not known when its upload begins. The underscore hides the object from query engines, and from
     * listings of files.
     */
    rangeEnd: (first: bigint, fileId: string) => `${directory}_range+${digitsOf(first)}+${fileId}`,
    /** The first offset of a file by its key; undefined for other objects. */
    firstOf(key: string): bigint | undefined {
      if (!key.startsWith(stem)) return undefined;
      const [, digits] = /^(\d{10,19})\.(?:json|avro)$/.exec(key.slice(stem.length)) ?? [];
      if (digits === undefined) return undefined;
      const first = BigInt(digits);
      return digitsOf(first) === digits ? first : undefined;
    },
  };
}

function digitsOf(offset: bigint): string {
  return String(offset).padStart(minDigits, '0');
}

/**
 * The first offset whose name is longer than that of `offset`. Names sort as numbers only while they have the same length, so that
 * no file's range goes beyond it: the files after an offset can then be found by one listing.
 */
export function longerNamesFrom(offset: bigint): bigint {
  const end = 10n ** BigInt(digitsOf(offset).length);
  return end < beyondOffsets ? end : beyondOffsets;
}
