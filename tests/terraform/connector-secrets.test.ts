import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { connectors, stateText } from './connectors.ts';
import { resourceEnding, resourcesOf } from './rendered-stacks.ts';

const isSecret = /password|passphrase|secret|private.?key|access.?key|token|credential/i;
const reference = (key: string) => `\${secretsmanager:orders-dev-cdc/replication:${key}}`;
const resources = resourcesOf('cdc', 'connect');

test('S2-14 a connector’s file has no password: each is a reference that the worker resolves', () => {
  const files = globSync('docker/connect/*.json', { cwd: root });
  const secrets = files.flatMap((file) => {
    const { config } = JSON.parse(readFileSync(join(root, file), 'utf8'));
    return Object.entries(config as Record<string, string>)
      .filter(([name]) => isSecret.test(name))
      .map(([name, value]) => ({ file, name, value }));
  });
  assert.ok(secrets.length >= 4, 'expected the passwords of four Debezium connectors');
  for (const { file, name, value } of secrets)
    assert.match(value, /^\$\{env:CONNECTOR_[A-Z_]+\}$/, `${file} ${name}`);
});

test('S2-14 on MSK Connect each password is a reference to Secrets Manager, and no other reference is left', () => {
  const references = connectors.flatMap(({ config }) =>
    Object.entries(config).filter(([, value]) => value.includes('${')),
  );
  assert.deepEqual(Object.fromEntries(references), {
    'database.user': reference('username'),
    'database.password': reference('password'),
  });
  for (const { name, config } of connectors)
    for (const [property, value] of Object.entries(config))
      if (isSecret.test(property))
        assert.match(value, /^\$\{secretsmanager:/, `${name} ${property}`);
});

test('S2-14 no resource of the stack has a password in its state', () => {
  const { values: secret } = resourceEnding(
    resources,
    'aws_secretsmanager_secret_version',
    'secret_id',
    String(
      resourceEnding(resources, 'aws_secretsmanager_secret', 'name', '/replication').values.id,
    ),
  );
  assert.deepEqual([secret.secret_string ?? '', secret.secret_string_wo ?? null], ['', null]);
  const { values: database } = resourceEnding(resources, 'aws_rds_cluster', 'engine', '');
  assert.equal(database.manage_master_user_password, true);
  assert.equal(database.master_password ?? null, null);
  assert.doesNotMatch(stateText, /planted-\d+-/);
});

test('S2-14 the set-up task gets its passwords from Secrets Manager, and its code may read no secret', () => {
  const { values: task } = resourceEnding(
    resources,
    'aws_ecs_task_definition',
    'family',
    '-cdc-setup',
  );
  const [container] = JSON.parse(String(task.container_definitions));
  const names = container.secrets.map(({ name }: { name: string }) => name);
  assert.deepEqual(names, ['PGPASSWORD', 'REPLICATION_PASSWORD']);
  for (const { name } of container.environment) assert.doesNotMatch(name, isSecret);
  assert.doesNotMatch(container.command.join(' '), isSecret);
  const { values: role } = resourceEnding(resources, 'aws_iam_role', 'name', '-cdc-setup-task');
  const attached = resources.filter(
    ({ type, values }) => type.startsWith('aws_iam_role_policy') && values.role === role.name,
  );
  assert.deepEqual(attached, []);
});
