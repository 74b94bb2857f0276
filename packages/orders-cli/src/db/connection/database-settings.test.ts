import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '@order-stream/command-line';
import { ConfigError } from '@order-stream/runtime';
import { databaseSettings } from './database-settings.ts';

const wait = { wait: '0' };

test('S2-11 without flags, PostgreSQL is devdb on port 5432 of this machine, and MySQL test_db on 3306', () => {
  const here = { host: '127.0.0.1', tls: { mode: 'disable' }, waitMs: 0 };
  assert.deepEqual(databaseSettings('postgresql', wait, {}), {
    ...{ kind: 'postgresql', port: 5432, dbname: 'devdb', user: 'postgres' },
    ...here,
  });
  assert.deepEqual(databaseSettings('mysql', wait, {}), {
    ...{ kind: 'mysql', port: 3306, dbname: 'test_db', user: 'root' },
    ...here,
  });
});

test('flags come before the variables of libpq and of the mysql client', () => {
  const env = {
    ...{ PGHOST: 'db.example', PGPORT: '6432', PGDATABASE: 'd', PGUSER: 'u', PGSSLMODE: 'require' },
    ...{ MYSQL_HOST: 'my.example', MYSQL_TCP_PORT: '3307' },
  };
  const postgresql = databaseSettings('postgresql', wait, env);
  assert.deepEqual(
    [postgresql.host, postgresql.port, postgresql.dbname, postgresql.user, postgresql.tls.mode],
    ['db.example', 6432, 'd', 'u', 'require'],
  );
  const flags = { ...wait, host: 'other', port: '1', dbname: 'x', user: 'y', tls: 'disable' };
  const chosen = databaseSettings('postgresql', flags, env);
  assert.deepEqual(
    [chosen.host, chosen.port, chosen.dbname, chosen.user, chosen.tls.mode],
    ['other', 1, 'x', 'y', 'disable'],
  );
  const mysql = databaseSettings('mysql', wait, env);
  assert.deepEqual([mysql.host, mysql.port], ['my.example', 3307]);
});

test('only this machine is reached without TLS by default', () => {
  for (const [host, mode] of [
    ['localhost', 'disable'],
    ['127.0.0.9', 'disable'],
    ['::1', 'disable'],
    ['postgres', 'verify-full'],
    ['db.eu-west-1.rds.amazonaws.com', 'verify-full'],
  ] as const)
    assert.equal(databaseSettings('mysql', { ...wait, host }, {}).tls.mode, mode, host);
});

test('wrong variables are faults of the environment, wrong flags of the command line', () => {
  assert.throws(
    () => databaseSettings('postgresql', wait, { PGPORT: 'x', PGSSLMODE: 'prefer' }),
    (error: ConfigError) =>
      error instanceof ConfigError &&
      error.faults.map(({ variable }) => variable).join() === 'PGPORT,PGSSLMODE',
  );
  assert.throws(() => databaseSettings('mysql', { wait: 'soon' }, {}), UsageError);
});

test('a file of authorities is read, and must contain a certificate', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'orders-db-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  const flags = { ...wait, host: 'db.example', 'ca-file': file };
  assert.throws(() => databaseSettings('mysql', flags, {}), /cannot be read \(ENOENT\)/);
  writeFileSync(file, 'certificates');
  assert.throws(() => databaseSettings('mysql', flags, {}), /expected certificates in PEM/);
  const pem = '-----BEGIN CERTIFICATE-----\n';
  writeFileSync(file, pem);
  assert.deepEqual(databaseSettings('mysql', flags, {}).tls, { mode: 'verify-full', ca: pem });
});
