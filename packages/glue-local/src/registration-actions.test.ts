import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { test } from 'node:test';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import { createArns } from './arn.ts';
import { createCommitLog } from './commit-log.ts';
import { type Database, openDatabase } from './database.ts';
import { noQuotas } from './quotas.ts';
import { createRegistrationActions } from './registration-actions.ts';
import { createRegistryState, type RegistryState } from './registry-state.ts';
import type { Request } from './request.ts';
import { createSchemaActions } from './schema-actions.ts';
import { createSchemaVersionActions } from './schema-version-actions.ts';
import { orderSchema } from './testing/start-registry.ts';
import { createTransactions, writeOnce } from './transactions.ts';

const RegistryId = { RegistryName: 'default-registry' };
const SchemaId = { ...RegistryId, SchemaName: 's' };
const call = { holdsVersion: () => false };

/** The actions of one process on a database file that it shares with others. `requestNow` does not wait for a lock. */
function openProcess(file: string, watch: (database: Database) => Database = (same) => same) {
  const database = openDatabase(file, 0);
  const state = createRegistryState({
    database: watch(database),
    arns: createArns({ region: 'us-east-1', accountId: '000000000000' }),
    ...{ pendingMs: 0, deletingMs: 0, quotas: noQuotas, now: () => 1 },
    log: createCommitLog({ info: () => {}, warn: () => {} }),
  });
  const slowActions = createRegistrationActions(state);
  const actions = { ...createSchemaActions(state), ...createSchemaVersionActions(state) };
  const { writePrepared } = createTransactions(database, state, 0);
  const now = <Result>(work: () => Result) => writeOnce(database, state, work);
  return {
    state,
    register: (definition: string) =>
      writePrepared(() =>
        slowActions.RegisterSchemaVersion({ SchemaId, SchemaDefinition: definition }, call),
      ),
    registerNow: (SchemaDefinition: string) =>
      now(() => {
        const request = { SchemaId, SchemaDefinition };
        const { answer, store } = slowActions.RegisterSchemaVersion(request, call);
        return answer ?? store?.();
      }),
    create: (request: Partial<Request<'CreateSchema'>>) =>
      now(() => {
        const schema = { SchemaName: 's', DataFormat: 'AVRO', ...request } as const;
        return slowActions.CreateSchema(schema, call).store();
      }),
    update: (Compatibility: CompatibilityMode) =>
      now(() => {
        const SchemaVersionNumber = { VersionNumber: 1 };
        return actions.UpdateSchema({ SchemaId, Compatibility, SchemaVersionNumber });
      }),
    deleteVersion: (Versions: string) =>
      now(() => actions.DeleteSchemaVersions({ SchemaId, Versions })),
    deleteSchema: () => now(() => actions.DeleteSchema({ SchemaId })),
    [Symbol.dispose]: () => database.close(),
  };
}

/** Two processes: while the first compares a definition, `onCompare` does something in the second. */
function openTwo() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
  const file = join(folder.path, 'registry.sqlite');
  const comparisons = { count: 0, meanwhile: (_count: number): unknown => undefined };
  const other = openProcess(file);
  const own = openProcess(file, (database) => ({
    ...database,
    prepare(sql) {
      const statement = database.prepare(sql);
      return /SELECT number, definition FROM versions/.test(sql)
        ? watched(statement, () => comparisons.meanwhile(++comparisons.count))
        : statement;
    },
  }));
  return {
    own,
    other,
    comparisons,
    [Symbol.dispose]() {
      own[Symbol.dispose]();
      other[Symbol.dispose]();
      folder.remove();
    },
  };
}

type Statement = ReturnType<Database['prepare']>;

/** Calls `onRead` after the statement has read the last version, or the first of all versions. */
function watched(statement: Statement, onRead: () => unknown): Statement {
  const { get, iterate } = statement as unknown as {
    get: (...parameters: SQLInputValue[]) => unknown;
    iterate: (...parameters: SQLInputValue[]) => Iterable<unknown>;
  };
  return Object.assign(statement as object, {
    get(...parameters: SQLInputValue[]) {
      const row = get.apply(statement, parameters);
      onRead();
      return row;
    },
    *iterate(...parameters: SQLInputValue[]) {
      for (const [index, row] of [...iterate.apply(statement, parameters)].entries()) {
        if (index === 0) onRead();
        yield row;
      }
    },
  }) as Statement;
}

const fields = (...types: string[]) =>
  orderSchema(...types.map((type, index) => ({ name: `f${index}`, type })));

/** Every version of the schema, with its verdict and the numbers of the versions that speak against it. */
function versionsOf(state: RegistryState) {
  return state.versions
    .listBefore({ registry: RegistryId.RegistryName, name: 's' }, Number.MAX_SAFE_INTEGER, 100)
    .toReversed()
    .map((version) => [
      version.number,
      version.verdict,
      ...new Set(
        state.versions.findReasons(version.id).kept.map((reason) => reason.previousVersion),
      ),
    ]);
}

test('while a definition is compared, another process can write, and the comparison counts', async () => {
  for (const Compatibility of ['FULL', 'FULL_ALL'] as const) {
    using registry = openTwo();
    const { own, other, comparisons } = registry;
    own.create({ Compatibility, SchemaDefinition: fields('int') });
    comparisons.meanwhile = () => other.create({ SchemaName: 't' });
    const answer = await own.register(fields('string'));
    assert.equal(answer.Status, 'FAILURE');
    assert.equal(comparisons.count, 1);
    assert.deepEqual(versionsOf(other.state), [
      [1, 'AVAILABLE'],
      [2, 'FAILURE', 1],
    ]);
  }
});

type Pair = ReturnType<typeof openTwo>;

/** What another process does while the definition `fields('string', 'int')` is compared with `first`, and what is right then. */
const changes: readonly {
  what: string;
  mode: CompatibilityMode;
  first: string;
  meanwhile: (other: Pair['other']) => unknown;
  comparisons: number;
  versions: unknown[][];
}[] = [
  {
    what: 'registers a version that is not compatible with it',
    mode: 'BACKWARD',
    first: fields('string', 'int', 'int'),
    meanwhile: (other) => other.registerNow(fields('string')),
    comparisons: 2,
    versions: [
      [1, 'AVAILABLE'],
      [2, 'AVAILABLE'],
      [3, 'FAILURE', 2],
    ],
  },
  {
    what: 'registers one under a mode that compares with all',
    mode: 'BACKWARD_ALL',
    first: fields('string', 'int', 'int'),
    meanwhile: (other) => other.registerNow(fields('string')),
    comparisons: 2,
    versions: [
      [1, 'AVAILABLE'],
      [2, 'AVAILABLE'],
      [3, 'FAILURE', 2],
    ],
  },
  {
    what: 'registers a version that fails, with which nothing is compared',
    mode: 'BACKWARD_ALL',
    first: fields('string', 'int', 'int'),
    meanwhile: (other) => other.registerNow(fields('boolean')),
    comparisons: 1,
    versions: [
      [1, 'AVAILABLE'],
      [2, 'FAILURE', 1],
      [3, 'AVAILABLE'],
    ],
  },
  {
    what: 'registers the same definition',
    mode: 'BACKWARD',
    first: fields('string', 'int', 'int'),
    meanwhile: (other) => other.registerNow(fields('string', 'int')),
    comparisons: 1,
    versions: [
      [1, 'AVAILABLE'],
      [2, 'AVAILABLE'],
    ],
  },
  {
    what: 'lifts the mode',
    mode: 'FULL',
    first: fields('boolean'),
    meanwhile: (other) => other.update('NONE'),
    comparisons: 1,
    versions: [
      [1, 'AVAILABLE'],
      [2, 'AVAILABLE'],
    ],
  },
  {
    what: 'changes the mode to a stricter one',
    mode: 'BACKWARD',
    first: fields('string', 'int', 'int'),
    meanwhile: (other) => other.update('FULL'),
    comparisons: 2,
    versions: [
      [1, 'AVAILABLE'],
      [2, 'FAILURE', 1],
    ],
  },
  {
    what: 'creates the schema again, with the same number of versions',
    mode: 'BACKWARD',
    first: fields('string', 'int', 'int'),
    meanwhile(other) {
      other.deleteSchema();
      const SchemaDefinition = fields('boolean');
      other.create({ Compatibility: 'BACKWARD', SchemaDefinition });
    },
    comparisons: 2,
    versions: [
      [1, 'AVAILABLE'],
      [2, 'FAILURE', 1],
    ],
  },
  {
    what: 'creates the schema again without a version',
    mode: 'BACKWARD',
    first: fields('boolean'),
    meanwhile(other) {
      other.deleteSchema();
      other.create({ Compatibility: 'BACKWARD' });
    },
    comparisons: 2,
    versions: [[1, 'AVAILABLE']],
  },
];

for (const { what, mode, first, meanwhile, ...expected } of changes) {
  test(`another process ${what} during a comparison`, async () => {
    using registry = openTwo();
    const { own, other, comparisons } = registry;
    own.create({ Compatibility: mode, SchemaDefinition: first });
    comparisons.meanwhile = (count) => count === 1 && meanwhile(other);
    const definition = fields('string', 'int');
    const answer = await own.register(definition);
    assert.deepEqual(versionsOf(other.state), expected.versions);
    assert.equal(comparisons.count, expected.comparisons);
    assert.deepEqual(await other.register(definition), answer);
  });
}

test('a version that is deleted during a comparison speaks neither for nor against a definition', async () => {
  using registry = openTwo();
  const { own, other, comparisons } = registry;
  const SchemaDefinition = fields('string', 'int', 'int');
  own.create({ Compatibility: 'BACKWARD', SchemaDefinition });
  own.registerNow(fields('string'));
  comparisons.count = 0;
  comparisons.meanwhile = (count) => count === 1 && other.deleteVersion('2');
  assert.equal((await own.register(fields('string', 'int'))).Status, 'AVAILABLE');
  assert.equal(comparisons.count, 2);
});

test('a schema that another process forbids, deletes or makes one of another format during a comparison', async () => {
  for (const [meanwhile, expected] of [
    [(other: Pair['other']) => other.update('DISABLED'), /DISABLED does not allow versioning/],
    [(other: Pair['other']) => other.deleteSchema(), /^Schema is not found/],
    [
      (other: Pair['other']) => {
        other.deleteSchema();
        return other.create({ DataFormat: 'PROTOBUF', SchemaDefinition: 'message M {}' });
      },
      /^Schema definition of PROTOBUF data format is invalid/,
    ],
  ] as const) {
    using registry = openTwo();
    const { own, other, comparisons } = registry;
    const SchemaDefinition = fields('int');
    own.create({ Compatibility: 'BACKWARD', SchemaDefinition });
    comparisons.meanwhile = (count) => count === 1 && meanwhile(other);
    await assert.rejects(own.register(fields('long')), { message: expected });
  }
});

test('a definition that is outdated three times is compared while no other process can write', async () => {
  for (const Compatibility of ['BACKWARD', 'BACKWARD_ALL'] as const) {
    using registry = openTwo();
    const { own, other, comparisons } = registry;
    const SchemaDefinition = fields('int');
    own.create({ Compatibility, SchemaDefinition });
    const refused: number[] = [];
    comparisons.meanwhile = (count) => {
      const next = orderSchema({ name: 'f0', type: 'int', doc: String(count) });
      try {
        other.registerNow(next);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'database-locked');
        refused.push(count);
      }
    };
    const answer = await own.register(fields('string'));
    assert.deepEqual(refused, [4]);
    assert.deepEqual([answer.VersionNumber, answer.Status], [5, 'FAILURE']);
    const against = Compatibility === 'BACKWARD' ? [4] : [1, 2, 3, 4];
    assert.deepEqual(versionsOf(other.state).at(-1), [5, 'FAILURE', ...against]);
  }
});
