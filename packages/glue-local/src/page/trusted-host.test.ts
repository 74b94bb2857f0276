import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTrustedHost } from './trusted-host.ts';

test('hosts that public DNS cannot name are trusted, and others are not', () => {
  for (const host of [
    ...['localhost', 'localhost:4570', 'app.localhost', '127.0.0.1:4570', '[::1]:4570', '10.1.2.3'],
    ...[
      'glue-local:4570',
      'registry.internal',
      'a.b.test',
      'registry.svc.cluster.local',
      'LOCALHOST',
    ],
  ]) {
    assert.ok(isTrustedHost(host), host);
  }
  for (const host of [
    ...[
      undefined,
      '',
      'example.com',
      'example.com:4570',
      '127.0.0.1.example.com',
      'localhost.example.com',
    ],
    ...[
      'user@localhost',
      'localhost:4570:1',
      '[::1].example.com',
      '[example.com]',
      'localhost/',
      'a b',
    ],
    ...['internal.example', '1.2.3.4.5', 'x.internal.'],
  ]) {
    assert.ok(!isTrustedHost(host), host);
  }
});
