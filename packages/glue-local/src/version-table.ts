import type { Database } from './database.ts';
import { type Deletion, isDeleting } from './deleted-row.ts';
import { firstReasons, type Reason } from './kept-reasons.ts';
import type { SchemaKey } from './schema-table.ts';

export interface VersionRow extends Partial<Deletion> {
  id: string;
  registry: string;
  schema: string;
  number: number;
  definition: string;
  /** The same for every spelling of one definition. */
  fingerprint: string;
  verdict: 'AVAILABLE' | 'FAILURE';
  /** The version is PENDING from its creation until this time. Earlier than its creation, the clock was set back. */
  settled_ms: number;
  /** How many reasons against the version were found. `findReasons` reads the first of them. */
  incompatibility_count: number;
  created_ms: number;
}

/** A version in a list, which has up to 100: without its text. */
export type ListedVersion = Omit<VersionRow, 'definition' | 'fingerprint'>;

const listedColumns =
  'id, registry, schema, number, verdict, settled_ms, incompatibility_count, created_ms, deleted_ms, gone_ms';
// Not `incompatibilities`, which can have 500 000 characters.
const columns = `${listedColumns}, definition, fingerprint`;

/** The `settled_ms` of a version that a fault keeps PENDING. */
export const heldMs = Number.MAX_SAFE_INTEGER;

export type VersionStatus = 'PENDING' | 'DELETING' | VersionRow['verdict'];

export function statusOf(version: ListedVersion, nowMs: number): VersionStatus {
  if (isDeleting(version)) return 'DELETING';
  const isPending = version.created_ms <= nowMs && nowMs < version.settled_ms;
  return isPending ? 'PENDING' : version.verdict;
}

/** Why a definition is not compatible: the first reasons, and how many were found. */
export interface Reasons {
  readonly kept: readonly Reason[];
  readonly total: number;
}

/** What a new version is compared with. */
export type AcceptedVersion = Pick<VersionRow, 'number' | 'definition'>;

export function createVersionTable(database: Database) {
  const insert = database.prepare(
    `INSERT INTO versions (id, registry, schema, number, definition, fingerprint, verdict, settled_ms,
     incompatibilities, incompatibility_count, created_ms) VALUES (:id, :registry, :schema, :number, :definition,
     :fingerprint, :verdict, :settled_ms, :incompatibilities, :incompatibility_count, :created_ms)`,
  );
  const byId = database.prepare(`SELECT ${columns} FROM versions WHERE id = ?`);
  const ofSchema = (selected: string, rest = '') =>
    database.prepare(`SELECT ${selected} FROM versions WHERE registry = ? AND schema = ? ${rest}`);
  const byNumber = ofSchema(columns, 'AND number = ?');
  const byFingerprint = ofSchema(columns, 'AND fingerprint = ?');
  const reasons = database.prepare(
    'SELECT incompatibilities, incompatibility_count FROM versions WHERE id = ?',
  );
  const isPending = '? BETWEEN created_ms AND settled_ms - 1';
  const latest = ofSchema(
    columns,
    `AND gone_ms IS NULL AND verdict = 'AVAILABLE' AND NOT ${isPending} ORDER BY number DESC LIMIT 1`,
  );
  // SQLite would choose the index of the numbers, and read texts to know the verdicts.
  const ofAccepted = (selected: string, rest = '') =>
    database.prepare(
      `SELECT ${selected} FROM versions INDEXED BY versions_accepted
       WHERE registry = ? AND schema = ? AND gone_ms IS NULL AND verdict = 'AVAILABLE' ${rest}`,
    );
  const accepted = ofAccepted('number, definition', 'ORDER BY number');
  const acceptedIds = ofAccepted('id', 'ORDER BY number');
  const lastAccepted = ofAccepted('number, definition', 'ORDER BY number DESC LIMIT 1');
  const lastAcceptedId = ofAccepted('id', 'ORDER BY number DESC LIMIT 1');
  const acceptedCount = ofAccepted('count(*) AS total');
  const before = ofSchema(
    listedColumns,
    'AND number < ? AND gone_ms IS NULL ORDER BY number DESC LIMIT ?',
  );
  const newest = ofSchema(listedColumns, 'AND gone_ms IS NULL ORDER BY number DESC LIMIT 1');
  const settle = database.prepare('UPDATE versions SET settled_ms = 0 WHERE id = ?');
  const settleHeld = database.prepare(
    `UPDATE versions SET settled_ms = 0 WHERE settled_ms = ${heldMs}`,
  );
  const slice = ofSchema(listedColumns, 'ORDER BY number DESC LIMIT ? OFFSET ?');
  const versionCount = ofSchema('count(*) AS total');
  const failureCount = ofSchema(
    'count(*) AS total',
    `AND gone_ms IS NULL AND verdict = 'FAILURE' AND NOT ${isPending}`,
  );
  const count = database.prepare('SELECT count(*) AS total FROM versions');
  return {
    /** @param incompatibilities the reasons that are kept, as JSON */
    insert: (row: Omit<VersionRow, keyof Deletion>, incompatibilities: string) =>
      insert.run({ ...row, incompatibilities }),
    /** Why the verdict on a version is FAILURE. Databases of older versions of this program may have more than is kept. */
    findReasons(id: string): Reasons {
      const found = reasons.get(id) as
        | { incompatibilities: string; incompatibility_count: number }
        | undefined;
      if (found === undefined) return { kept: [], total: 0 };
      const stored = JSON.parse(found.incompatibilities) as Reason[];
      return { kept: firstReasons(stored), total: found.incompatibility_count };
    },
    findById: (id: string) => byId.get(id) as VersionRow | undefined,
    findByNumber: ({ registry, name }: SchemaKey, number: number) =>
      byNumber.get(registry, name, number) as VersionRow | undefined,
    findByFingerprint: ({ registry, name }: SchemaKey, fingerprint: string) =>
      byFingerprint.get(registry, name, fingerprint) as VersionRow | undefined,
    /** The last AVAILABLE version: neither FAILURE nor PENDING. */
    findLatest: ({ registry, name }: SchemaKey, nowMs: number) =>
      latest.get(registry, name, nowMs) as VersionRow | undefined,
    /** The accepted versions, including PENDING ones that will be AVAILABLE, oldest first. One text is read at a time. */
    eachAccepted: ({ registry, name }: SchemaKey) =>
      accepted.iterate(registry, name) as unknown as Iterable<AcceptedVersion>,
    findLastAccepted: ({ registry, name }: SchemaKey) =>
      lastAccepted.get(registry, name) as AcceptedVersion | undefined,
    listAcceptedIds: ({ registry, name }: SchemaKey) =>
      (acceptedIds.all(registry, name) as { id: string }[]).map(({ id }) => id),
    findLastAcceptedId: ({ registry, name }: SchemaKey) =>
      (lastAcceptedId.get(registry, name) as { id: string } | undefined)?.id,
    countAccepted: ({ registry, name }: SchemaKey) =>
      (acceptedCount.get(registry, name) as { total: number }).total,
    listBefore: ({ registry, name }: SchemaKey, number: number, limit: number) =>
      before.all(registry, name, number, limit) as unknown as readonly ListedVersion[],
    /** The version with the highest number, whatever its status. */
    findNewest: ({ registry, name }: SchemaKey) =>
      newest.get(registry, name) as ListedVersion | undefined,
    /** Gives versions that a fault kept PENDING their verdict. */
    settle: (ids: ReadonlySet<string> | 'all') => {
      if (ids === 'all') settleHeld.run();
      else for (const id of ids) settle.run(id);
    },
    /** Newest first, DELETING ones included. */
    list: ({ registry, name }: SchemaKey, limit: number, offset: number) =>
      slice.all(registry, name, limit, offset) as unknown as readonly ListedVersion[],
    /** How many versions a schema has, DELETING ones included. */
    countOf: ({ registry, name }: SchemaKey) =>
      (versionCount.get(registry, name) as { total: number }).total,
    /** How many versions of a schema have the status FAILURE. */
    countFailures: ({ registry, name }: SchemaKey, nowMs: number) =>
      (failureCount.get(registry, name, nowMs) as { total: number }).total,
    count: () => (count.get() as { total: number }).total,
  };
}
