import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { shownIds } from './behaviours.ts';

const text = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = (folder: string) =>
  JSON.parse(text(`${folder}/package.json`)) as {
    dependencies: Record<string, string>;
    exports?: Record<string, string>;
  };

/** Files that ship: no tests, benchmarks or development packages. */
const sources = ['packages', 'services'].flatMap((folder) =>
  globSync(`${folder}/*/src/**/*.ts`, { cwd: root }).filter(
    (path) => !/^packages\/local-stack\/|\.(test|bench)\.ts$|\/testing\//.test(path),
  ),
);

/** Files that import values from the package or one of its paths. Imports of types do not count. */
function importersOf(name: string): string[] {
  const value = new RegExp(
    `(?:^import (?!type\\b)[^;]*?|\\bimport\\(|require\\()['"]${name}(?:/[^'"]*)?['"]`,
    'm',
  );
  return sources.filter((path) => value.test(text(path))).sort();
}

test('D-01 the folders exist, and both services use serde to encode and decode', () => {
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

test('D-02 each named package is used, in its own folder', () => {
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
  for (const [name, allowed] of uses)
    assert.ok(
      importersOf(name).some((path) => allowed.test(path)),
      `${name} is used in ${allowed}`,
    );
  assert.match(text('packages/local-stack/src/kafka-container.ts'), /import\('testcontainers'\)/);
});

/** The only places that may import values from the package. */
const allowedImporters: Record<string, RegExp> = {
  kafkajs: /^packages\/runtime\/src\/(kafka-client\.ts|kafka-writer\/)/,
  '@aws-sdk/client-glue': /^packages\/serde\/src\/registry\/glue\//,
  '@aws-sdk/client-dynamodb':
    /^(packages\/orders-cli\/src\/stores|services\/order-consumer\/src\/sinks\/dynamodb)\//,
  '@aws-sdk/client-s3':
    /^(packages\/orders-cli\/src\/stores|services\/order-consumer\/src\/sinks\/s3)\//,
};

test('kafkajs and the AWS SDK stay behind the files that are named for them', () => {
  for (const [name, allowed] of Object.entries(allowedImporters))
    assert.deepEqual(
      importersOf(name).filter((path) => !allowed.test(path)),
      [],
      name,
    );
});

/** The imports of a file, types included. Relative imports are paths from the repository's root. */
function importsOf(path: string): string[] {
  const statements = /^(?:import|export)\b[^;'"]*?'([^']+)'|\bimport\(\s*'([^']+)'/gm;
  return [...text(path).matchAll(statements)].map(([, named, loaded]) => {
    const specifier = (named ?? loaded) as string;
    return specifier.startsWith('.') ? join(dirname(path), specifier) : specifier;
  });
}

/** The files of the first import cycle, or nothing. */
function importCycle(files: readonly string[]): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const next of importsOf(file).filter((one) => files.includes(one))) {
      const found = visit(next);
      if (found.length > 0) return found;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of files) {
    const found = visit(file);
    if (found.length > 0) return found;
  }
  return [];
}

test('there is no import cycle', () => {
  assert.deepEqual(importCycle(sources), []);
});

test('shipped files import no development code, and tools, tests and benchmarks share only the local stack', () => {
  const inFolder = (folder: string) =>
    globSync(`${folder}/**/*.{ts,mts,mjs}`, {
      cwd: root,
      exclude: (name) => name === 'node_modules',
    });
  const forbidden: [readonly string[], RegExp][] = [
    [sources, /local-stack|^(tools|tests|bench)\//],
    [inFolder('packages/local-stack'), /^(tools|tests|bench)\//],
    [inFolder('tools'), /^(tests|bench)\//],
    [inFolder('tests'), /^(tools|bench)\//],
    [inFolder('bench'), /^(tools|tests)\//],
  ];
  for (const [files, target] of forbidden) {
    assert.ok(files.length > 0);
    const crossing = files.flatMap((path) =>
      importsOf(path)
        .filter((imported) => target.test(imported))
        .map((imported) => `${path} imports ${imported}`),
    );
    assert.deepEqual(crossing, []);
  }
});

/** Files with times of the outside: timestamps of records and spans, dates of orders, versions, answers and certificates. */
const readersOfWallClock = [
  'packages/glue-local/src/glue-local.ts',
  'packages/orders-cli/src/produce.ts',
  'packages/orders-cli/src/wall-clock.ts',
  'packages/runtime/src/certificate-file.ts',
  'packages/runtime/src/kafka-role.ts',
  'packages/runtime/src/record-batch/encode-batch.ts',
  'packages/runtime/src/tracing.ts',
  'packages/serde/src/registry/confluent/confluent-client.ts',
  'services/order-consumer/src/consumer-health.ts',
  'services/order-consumer/src/dead-letter.ts',
  'services/order-consumer/src/sinks/s3/s3-sink.ts',
  'services/order-producer/src/order-route.ts',
];

test('F16 durations are measured by the monotonic clock: few files read the wall clock', () => {
  const readers = sources.filter((path) => /\bDate\.now\b|\bnew Date\(\)/.test(text(path)));
  assert.deepEqual(readers.sort(), readersOfWallClock);
});

test('no file has a meaningless name, and each index.ts is an export of its package', () => {
  const empty = /\/(utils?|helpers?|common|types|constants|misc)(\.ts|\/)/;
  assert.deepEqual(
    sources.filter((path) => empty.test(path)),
    [],
  );
  for (const path of sources.filter((one) => one.endsWith('/index.ts'))) {
    const folder = path.split('/').slice(0, 2).join('/');
    const exported = Object.values(manifest(folder).exports ?? {});
    assert.ok(exported.includes(`./${path.slice(folder.length + 1)}`), path);
  }
});

test('lines of documents have at most 120 characters outside code blocks', () => {
  const documents = globSync('**/*.md', { cwd: root, exclude: (name) => name === 'node_modules' });
  assert.ok(documents.length > 30);
  const tooLong = documents.flatMap((path) =>
    text(path)
      // The line breaks of a code block stay, so that line numbers stay right.
      .replace(/^( *)```[\s\S]*?^\1```$/gm, (block) => block.replace(/.+/g, ''))
      .split('\n')
      // A long word, such as a URL, cannot be wrapped.
      .flatMap((line, index) =>
        [...line].length > 120 && !/\S{100}/.test(line) ? [`${path}:${index + 1}`] : [],
      ),
  );
  assert.deepEqual(tooLong, []);
});

test('docs/operation.md names every test of tests/operation, and no other', () => {
  const rows = text('docs/operation.md').match(/^\| \[.*$/gm) ?? [];
  const named = rows.flatMap((row) => [...row.matchAll(/`([\w-]+)` \|$/g)].map(([, name]) => name));
  const tests = globSync('tests/operation/*.test.ts', { cwd: root })
    .map((path) => basename(path, '.test.ts'))
    .filter((name) => name !== 'observer');
  assert.deepEqual(new Set(named), new Set(tests));
});

test('docs/records.md has a row for each kind of record that a test shows, and each row has a test', () => {
  const rows = [...text('docs/records.md').matchAll(/^\| (?!record \||--- )([^|]+) \|/gm)];
  const kinds = [
    'tests/integration/record-kinds.test.ts',
    'tests/conformance/consumer-records.test.ts',
    'tests/conformance/change-events.test.ts',
    'tests/conformance/envelopes.test.ts',
  ].flatMap((path) =>
    [...text(path).matchAll(/\btest\(\s*['"`]([^:]+): /g)].map(([, title = '']) =>
      title.slice(shownIds(title).join(' ').length).trim(),
    ),
  );
  assert.ok(kinds.length > 30);
  assert.deepEqual(kinds.sort(), rows.map(([, kind]) => kind).sort());
});
