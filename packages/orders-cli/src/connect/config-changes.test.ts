import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configChanges, looksSecret, withoutSecrets } from './config-changes.ts';

const config = (properties: Record<string, string>) => new Map(Object.entries(properties));

test('properties that may hold a secret are recognised by name, by value and by their type', () => {
  for (const [property, value] of [
    ['database.password', 'x'],
    ['aws.secret.access.key', 'x'],
    ['s3.credentials.provider', 'x'],
    ['consumer.override.sasl.jaas.config', 'x'],
    ['basic.auth.user.info', 'x'],
    ['ssl.keystore.key', 'x'],
    ['connection.url', 'jdbc:postgresql://me:it@db/orders'],
    ['connection.url', 'jdbc:mysql://db/orders?user=me&password=it'],
  ] as const)
    assert.ok(looksSecret(property, value), property);
  assert.ok(looksSecret('pin', '1', new Set(['pin'])));
  for (const [property, value] of [
    ['key.converter', 'org.apache.kafka.connect.storage.StringConverter'],
    ['database.password', '$' + '{env:POSTGRES_PASSWORD}'],
    ['genv.order.customer_id.matching', 'customer.key'],
    ['value.converter.endpoint', 'http://glue-local:4570'],
  ] as const)
    assert.ok(!looksSecret(property, value), property);
});

test('a change has both values, or none of them where one may be a secret', () => {
  const changes = configChanges(
    config({ a: '1', gone: 'x', same: 's', 'db.password': 'old' }),
    config({ a: '2', new: 'y', same: 's', 'db.password': 'new' }),
    looksSecret,
  );
  assert.deepEqual(changes, [
    { property: 'a', from: '1', to: '2' },
    { property: 'db.password', from: '[hidden]', to: '[hidden]' },
    { property: 'gone', from: 'x', to: undefined },
    { property: 'new', from: undefined, to: 'y' },
  ]);
});

test('secrets are removed from the text of another program, the longer one first', () => {
  const secrets = config({ 'a.password': 'pass', 'b.password': 'password1', url: 'pass' });
  assert.equal(withoutSecrets('pass and password1', secrets), '[hidden] and [hidden]');
});
