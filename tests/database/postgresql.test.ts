import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '@order-stream/local-stack/until';
import { jsonLines } from '../integration/orders-command.ts';
import {
  auditCounts,
  type DatabaseStack,
  ordersOnTerminal,
  password,
  replicationPassword,
  startDatabase,
} from './database-stack.ts';

let stack: DatabaseStack;
before(async () => {
  stack = await startDatabase('postgres');
});
after(() => stack?.end());

const setup = ['db', 'setup', '--replication-user', 'debezium'];
const tablesOfOds = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'ods'";

test('S2-11 nothing is created without a confirmation: no answer, another answer, or Ctrl-C', async () => {
  const piped = await stack.orders.run(setup);
  assert.equal(piped.code, 1);
  assert.match(piped.stdout, /^to create: table ods\.cdc_events with 3 rows$/m);
  assert.equal(piped.stderr, 'orders db setup: nothing was created: pass --yes to create\n');

  const { PGPASSWORD: _, ...env } = stack.env;
  const refused = [
    ['Password', `${password}\r`],
    ['[y/N]', 'n\r'],
  ] as const;
  const declined = await ordersOnTerminal(setup, refused, env);
  assert.equal(declined.code, 1);
  assert.match(declined.shown, /orders db setup: nothing was created\r\n$/);
  const interrupted = await ordersOnTerminal(setup, [['Password', 'loc\u0003']], env);
  assert.deepEqual([interrupted.code, interrupted.echoes], [130, true]);
  assert.equal(await stack.sql(tablesOfOds), '0');
});

test('S2-11 on a terminal the password is hidden, the plan is confirmed, and everything is created once', async () => {
  const { PGPASSWORD: _, REPLICATION_PASSWORD: __, PGPORT: port, ...env } = stack.env;
  const argv = [...setup, '--host', '127.0.0.1', '--port', port, '--dbname', 'devdb'];
  const created = await ordersOnTerminal(
    [...argv, '--user', 'postgres'],
    [
      ['Password of postgres at 127.0.0.1:', `${password}\r`],
      ['Password of the replication user debezium', `${replicationPassword}\r`],
      ['Create these 10 at 127.0.0.1:', 'y\r'],
    ],
    env,
  );
  assert.deepEqual([created.code, created.echoes], [0, true], created.shown);
  assert.ok(!created.shown.includes(password) && !created.shown.includes(replicationPassword));
  assert.match(created.shown, /created: SELECT on the tables of ods for debezium\r\n$/);
  assert.equal(await stack.sql(tablesOfOds), '5');
  const customers = 'SELECT name FROM ods.customers WHERE customer_id = 9007199254740993';
  assert.equal(await stack.sql(customers), 'Edsger Dijkstra');

  // xmin changes with every version of a row.
  const state = 'SELECT xmin, * FROM ods.cdc_events ORDER BY id';
  const first = await stack.sql(state);
  assert.equal(first.split('\n').length, 3);
  const second = await stack.orders.run([...setup, '--yes', '--json']);
  assert.equal(second.code, 0);
  const { created: names, existed, cdc_settings } = JSON.parse(second.stdout);
  assert.deepEqual([names, existed.length], [[], 10]);
  assert.deepEqual(
    cdc_settings.map((setting: { name: string; is_met: boolean }) => [
      setting.name,
      setting.is_met,
    ]),
    [
      ['wal_level', true],
      ['max_replication_slots', true],
      ['max_wal_senders', true],
    ],
  );
  assert.equal(await stack.sql(state), first);
});

test('S2-11 the replication user reads the tables and makes a slot, and its password is stored as a verifier', async () => {
  const login = ['--user', 'debezium'];
  const env = { PGPASSWORD: replicationPassword };
  const rows = await stack.orders.run(['db', 'rows', ...login], env);
  assert.equal(rows.stdout.split('\n').length - 1, 3, rows.stderr);
  const as = 'SET ROLE debezium; SELECT';
  const slot = "pg_create_logical_replication_slot('tried', 'pgoutput')";
  assert.match(await stack.sql(`${as} slot_name FROM ${slot}`), /tried$/);
  assert.match(await stack.sql(`${as} pg_drop_replication_slot('tried')`), /SET/);
  assert.match(
    await stack.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'debezium'"),
    /^SCRAM-SHA-256\$4096:/,
  );
  const write = await stack.orders.run(['db', 'churn', ...login, '--changes', '1'], env);
  assert.equal(write.code, 1);
  assert.match(write.stderr, /permission denied for table cdc_events/);
});

test('S2-11 a refused login and an unknown database are errors with host, port and reason', async () => {
  const wrong = await stack.orders.run(setup, { PGPASSWORD: 'wrong-password' });
  const place = `127.0.0.1:${stack.env.PGPORT}`;
  assert.deepEqual(wrong, {
    ...{ code: 1, stdout: '' },
    stderr: `orders db setup: ${place}: password authentication failed for user "postgres"\n`,
  });
  const unknown = await stack.orders.run(['db', 'rows', '--dbname', 'nowhere']);
  assert.equal(unknown.stderr, `orders db rows: ${place}: database "nowhere" does not exist\n`);
  const encrypted = await stack.orders.run([...setup, '--tls', 'require']);
  assert.match(encrypted.stderr, /the server does not support TLS: pass --tls disable/);
});

test('S2-06 add-employee-id adds the column with its default, updates a row, and is done once', async () => {
  const evolve = ['db', 'evolve', 'add-employee-id'];
  const asked = await stack.orders.run(evolve);
  assert.equal(asked.code, 1);
  assert.match(
    asked.stdout,
    /^ALTER TABLE ods\.cdc_events ADD COLUMN employee_id int DEFAULT -1;$/m,
  );
  assert.match(asked.stderr, /nothing was changed: pass --yes/);
  assert.equal((await stack.orders.run([...evolve, '--yes'])).code, 0);
  const ids = 'SELECT id, employee_id FROM ods.cdc_events ORDER BY id';
  assert.equal(await stack.sql(ids), '1|1001\n2|-1\n3|-1');
  const again = await stack.orders.run([...evolve, '--yes']);
  assert.deepEqual(again, {
    ...{ code: 0, stderr: '' },
    stdout: 'nothing to do: ods.cdc_events already has the column employee_id\n',
  });
});

test('churn goes on after the database was killed, and no change is lost or applied twice', async () => {
  await stack.sql(`CREATE TABLE audit (verb text);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO audit VALUES (TG_OP); RETURN NULL; END $$;
    CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON ods.cdc_events
      FOR EACH ROW EXECUTE FUNCTION note()`);
  const before = Number(await stack.sql('SELECT count(*) FROM ods.cdc_events'));
  const argv = ['db', 'churn', '--changes', '1500', '--rate', '0', '--keys', '200', '--json'];
  const run = stack.orders.start([...argv, '--seed', 'killed', '--wait', '180']);
  await until(
    'the first 200 changes',
    async () => Number(await stack.sql('SELECT count(*) FROM audit')) > 200,
  );
  await stack.kill();
  await stack.start();
  const { code, stdout, stderr } = await run.ended;
  const summary = JSON.parse(stdout);
  assert.equal(code, 0, stderr);
  assert.ok(summary.reconnects >= 1);
  assert.match(stderr, /orders db churn: 127\.0\.0\.1:\d+: .*; connecting again/);
  assert.deepEqual(
    [summary.changes, summary.differences, summary.conflicts, summary.unknown.unresolved],
    [1500, 0, 0, 0],
  );
  const audit = auditCounts(await stack.sql('SELECT verb, count(*) FROM audit GROUP BY verb'));
  const { inserts, updates, deletes } = summary;
  assert.deepEqual({ inserts, updates, deletes }, audit);
  const rows = jsonLines<{ id: number }>((await stack.orders.run(['db', 'rows'])).stdout);
  assert.equal(rows.length, before + inserts - deletes);
  assert.equal(rows.length, summary.rows);
});

test('without --wait a lost database ends the run, with its summary', async () => {
  const endless = ['db', 'churn', '--changes', '1000000', '--rate', '0', '--keys', '200', '--json'];
  const run = stack.orders.start(endless);
  const count = async () => Number(await stack.sql('SELECT count(*) FROM audit'));
  const from = await count();
  await until('changes', async () => (await count()) > from + 50);
  await stack.kill();
  const { code, stdout, stderr } = await run.ended;
  assert.equal(code, 1);
  assert.match(stderr, /^orders db churn: 127\.0\.0\.1:\d+: [^\n]+\n$/);
  const summary = JSON.parse(stdout);
  assert.ok(summary.changes >= 50 && summary.rows === null && summary.unknown.unresolved <= 1);
});
