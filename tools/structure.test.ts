import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';

const text = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = (folder: string) =>
  JSON.parse(text(`${folder}/package.json`)) as { dependencies: Record<string, string> };

/** Files that ship: no tests, benchmarks or what only development uses. */
const sources = ['packages', 'services'].flatMap((folder) =>
  globSync(`${folder}/*/src/**/*.ts`, { cwd: root }).filter(
    (path) => !/^packages\/local-stack\/|\.(test|bench)\.ts$|\/testing\//.test(path),
  ),
);

/** Files that import values, not only types, from the package or a path of it. */
function importersOf(name: string): string[] {
  const value = new RegExp(
    `(?:^import (?!type\\b)[^;]*?|\\bimport\\(|require\\()['"]${name}(?:/[^'"]*)?['"]`,
    'm',
  );
  return sources.filter((path) => value.test(text(path))).sort();
}

test('D-01 the rooms exist, and both services take their encoding and decoding from serde', () => {
  for (const path of [
    ...['services/order-producer', 'services/order-consumer', 'packages/serde'],
    ...['deploy/terraform', 'docker', 'compose.yml', 'pnpm-workspace.yaml'],
  ])
    assert.ok(existsSync(join(root, path)), path);
  for (const service of ['services/order-producer', 'services/order-consumer'])
    assert.equal(manifest(service).dependencies['@order-stream/serde'], 'workspace:*');
  const outside = importersOf('avsc').filter((path) => !path.startsWith('packages/serde/'));
  assert.deepEqual(outside, [], 'avsc outside serde');
});

test('D-02 the named packages do the work that they are named for', () => {
  for (const path of importersOf('@aws-sdk/client-glue'))
    assert.match(path, /^packages\/serde\/src\/registry\/glue\//);
  for (const path of importersOf('avsc')) assert.match(path, /^packages\/serde\//);
  const uses: [string, RegExp][] = [
    ['kafkajs', /^packages\/runtime\/src\/kafka-client\.ts$/],
    ['avsc', /^packages\/serde\/src\//],
    ['@aws-sdk/client-glue', /^packages\/serde\/src\/registry\/glue\//],
    ['fastify', /^services\/order-producer\/src\//],
    ['pino', /^packages\/runtime\/src\//],
    ['prom-client', /^packages\/runtime\/src\//],
    ['aws-msk-iam-sasl-signer-js', /^packages\/runtime\/src\//],
  ];
  for (const [name, room] of uses)
    assert.ok(
      importersOf(name).some((path) => room.test(path)),
      `${name} is used in ${room}`,
    );
  assert.match(text('packages/local-stack/src/kafka-container.ts'), /import\('testcontainers'\)/);
});

test('kafkajs and the Glue SDK stay behind the files that are named for them', () => {
  const kafka = [
    'packages/runtime/src/kafka-client.ts',
    'packages/runtime/src/kafka-sender.ts',
    'services/order-consumer/src/consumer.ts',
  ];
  assert.deepEqual(
    importersOf('kafkajs').filter((path) => !kafka.includes(path)),
    [],
  );
});

test('no file has a name that says nothing', () => {
  const empty = /\/(utils?|helpers?|common|types|constants|misc)(\.ts|\/)/;
  assert.deepEqual(
    sources.filter((path) => empty.test(path)),
    [],
  );
});
