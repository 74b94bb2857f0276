import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { findSecrets } from './secrets.ts';

const letters = (count: number) => 'aB3'.repeat(count).slice(0, count);

/** Put together here, so that this file holds none. */
const planted: Record<string, string[]> = {
  'AWS access key id': [`AKIA${'Q2'.repeat(8)}`, `"ASIA${'Z7'.repeat(8)}"`],
  'AWS secret access key': [
    `aws_secret_access_key = ${letters(40)}`,
    `"SecretAccessKey": "${letters(40)}"`,
  ],
  'private key': ['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED '].map(
    (name) => `-----BEGIN ${name}${'PRIVATE'} KEY-----`,
  ),
  'GitHub token': [`ghp${'_'}${letters(36)}`, `gho_${letters(36)}`, `github_pat_${letters(60)}`],
  'npm token': [`//registry.npmjs.org/:_authToken=npm_${letters(36)}`],
  'password in a URL': [
    ['https://maria:', 'hunter2@registry.example.com/a'].join(''),
    ['redis://:', 'hunter2@cache:6379'].join(''),
  ],
};

test('S4-11 a planted secret of every kind is found, with its line and without its text', () => {
  for (const [kind, texts] of Object.entries(planted))
    for (const text of texts)
      assert.deepEqual(findSecrets(`first\n  ${text}\nlast`), [{ kind, line: 2 }], text);
});

test('what only resembles a secret is none: examples of AWS, variables, placeholders, digests', () => {
  const texts = [
    'AKIAIOSFODNN7EXAMPLE',
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local',
    '-----BEGIN CERTIFICATE-----',
    `https://user:$${'{PASSWORD}'}@registry.example.com https://<user>:<password>@registry http://user:…@registry http://user:p%zz@host`,
    'http://127.0.0.1:3000/orders?to=maria@example.com git@github.com:owner/name.git',
    `@sha256:${'0a'.repeat(32)}`,
  ];
  for (const text of texts) assert.deepEqual(findSecrets(text), [], text);
});

test('S4-11 no tracked file holds a secret', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    // A file that was removed and not yet committed is still tracked.
    .filter((path) => path !== '' && existsSync(join(root, path)));
  assert.ok(tracked.length > 500 && tracked.includes('tools/secrets.test.ts'));
  const found = tracked.flatMap((path) =>
    findSecrets(readFileSync(join(root, path), 'utf8')).map(
      ({ kind, line }) => `${path}:${line}: ${kind}`,
    ),
  );
  assert.deepEqual(found, []);
});
