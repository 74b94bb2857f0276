import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '@order-stream/local-stack/until';
import {
  auditCounts,
  type DatabaseStack,
  replicationPassword,
  startDatabase,
} from './database-stack.ts';

let stack: DatabaseStack;
before(async () => {
  stack = await startDatabase('mysql');
});
after(() => stack?.end());

const mysql = ['--kind', 'mysql'];
const setup = ['db', 'setup', ...mysql, '--replication-user', 'debezium', '--yes'];

test('S2-11 MySQL gets database, table, rows and replication user, once', async () => {
  const created = await stack.orders.run(setup);
  assert.equal(created.code, 0, created.stderr);
  assert.match(created.stdout, /^created: table test_db\.person$/m);
  const grants = await stack.sql("SHOW GRANTS FOR 'debezium'@'%'");
  assert.match(
    grants,
    /GRANT RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT ON \*\.\*/,
  );
  assert.match(grants, /GRANT SELECT, LOCK TABLES ON `test\\\\?_db`\.\*/);
  const state = 'SELECT * FROM test_db.person ORDER BY id';
  const first = await stack.sql(state);
  const again = await stack.orders.run(setup);
  assert.equal(again.code, 0);
  assert.match(
    again.stdout,
    /^nothing to create: all 6 parts exist at 127\.0\.0\.1:\d+\/test_db\n$/,
  );
  assert.equal(await stack.sql(state), first);
});

test('S2-11 a wrong password is one line without it', async () => {
  const wrong = await stack.orders.run(setup, { MYSQL_PWD: 'wrong-password' });
  assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
  const expected = /^orders db setup: 127\.0\.0\.1:\d+: Access denied for user 'root'@[^\n]+\n$/;
  assert.match(wrong.stderr, expected);
  assert.ok(!wrong.stderr.includes('wrong-password'));
});

test('the certificate of the server is verified: its authority, and with verify-full its name', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'orders-db-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  // The server has made an authority, and a certificate without a host name.
  writeFileSync(ca, await stack.inContainer('cat', '/var/lib/mysql/ca.pem'));
  const rows = (...flags: string[]) =>
    stack.orders.run(['db', 'rows', ...mysql, '--host', 'localhost', ...flags]);
  const failure = async (...flags: string[]) => {
    const { code, stdout, stderr } = await rows(...flags);
    assert.deepEqual([code, stdout], [1, ''], flags.join(' '));
    return stderr;
  };
  assert.match(await failure('--tls', 'verify-full'), /authority .* is unknown: pass --ca-file/);
  assert.match(await failure('--tls', 'verify-ca'), /authority .* is unknown: pass --ca-file/);
  assert.match(
    await failure('--tls', 'verify-full', '--ca-file', ca),
    /the server certificate is for another host/,
  );
  assert.equal((await rows('--tls', 'verify-ca', '--ca-file', ca)).code, 0);
  assert.equal((await rows('--tls', 'require')).code, 0);
});

test('the rows are exact: integers beyond 2^53, decimals, microseconds', async () => {
  const { stdout } = await stack.orders.run(['db', 'rows', ...mysql, '--user', 'debezium'], {
    MYSQL_PWD: replicationPassword,
  });
  const [, second, third] = stdout.split('\n');
  assert.match(
    second ?? '',
    /"loyaltyPoints":9007199254740993,"visits":4294967295,"balance":"0\.0001"/,
  );
  assert.match(third ?? '', /"firstName":"Zoë ☕".*"loyaltyPoints":9223372036854775807/);
  assert.match(
    third ?? '',
    /"balance":"-99999999999999\.9999".*"createdAt":"1999-12-31 23:59:59\.999999"/,
  );
});

test('churn goes on while columns change and after the database was killed, and no change is applied twice', async () => {
  await stack.sql(
    ['INSERT', 'UPDATE', 'DELETE']
      .map(
        (verb) =>
          `CREATE TRIGGER test_db.note_${verb} AFTER ${verb} ON test_db.person
            FOR EACH ROW INSERT INTO test_db.audit VALUES ('${verb}');`,
      )
      .reduce((sql, trigger) => sql + trigger, 'CREATE TABLE test_db.audit (verb VARCHAR(6));'),
  );
  const count = async () => Number(await stack.sql('SELECT COUNT(*) FROM test_db.audit'));
  const argv = ['db', 'churn', ...mysql, '--changes', '1200', '--rate', '0', '--keys', '150'];
  const run = stack.orders.start([...argv, '--seed', 'killed', '--wait', '180', '--json']);
  await until('the first 100 changes', async () => (await count()) > 100);
  for (const name of ['drop-column', 'add-nullable-column', 'add-required-column']) {
    const evolved = await stack.orders.run(['db', 'evolve', name, '--yes']);
    assert.equal(evolved.code, 0, evolved.stderr);
    assert.match(evolved.stdout, /^ALTER TABLE `test_db`\.person [A-Z]+ COLUMN /);
    assert.match(
      (await stack.orders.run(['db', 'evolve', name, '--yes'])).stdout,
      /^nothing to do/,
    );
  }
  await stack.kill();
  await stack.start();
  const { code, stdout, stderr } = await run.ended;
  const summary = JSON.parse(stdout);
  assert.equal(code, 0, stderr);
  assert.ok(summary.reconnects >= 1, stderr);
  assert.deepEqual(
    [summary.changes, summary.differences, summary.conflicts, summary.unknown.unresolved],
    [1200, 0, 0, 0],
  );
  const { inserts, updates, deletes } = summary;
  const audit = await stack.sql('SELECT verb, COUNT(*) FROM test_db.audit GROUP BY verb');
  assert.deepEqual({ inserts, updates, deletes }, auditCounts(audit));
  const rows = await stack.orders.run(['db', 'rows', ...mysql]);
  assert.equal(rows.stdout.split('\n').length - 1, 3 + inserts - deletes);
  assert.match(rows.stdout, /"city":/);
  assert.match(rows.stdout, /"country":"[^"]/);
  assert.doesNotMatch(rows.stdout, /"lastName":/);
});
