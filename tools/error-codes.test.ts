import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { createMetrics, errorCode, refusals } from '@order-stream/runtime';
import * as serde from '@order-stream/serde';
import * as compatibility from '@order-stream/serde/compatibility';
import { createConsumerMetrics } from '../services/order-consumer/src/metrics.ts';
import { resetReasons } from '../services/order-consumer/src/offset-resets.ts';
import { refusalReasons } from '../services/order-consumer/src/refusal.ts';
import { createProducerMetrics } from '../services/order-producer/src/metrics.ts';

const text = (path: string) => readFileSync(join(root, path), 'utf8');
const filesOf = (...patterns: string[]) => patterns.flatMap((one) => globSync(one, { cwd: root }));

const kebabCase = /^[a-z]+(-[a-z]+)*$/;
/** A keyword of ajv, whose definition has a field `code` too, and codes of Node and mysql2 for errors of pg that have none. */
const foreignCodes = ['regularExpression', 'ETIMEDOUT', 'HANDSHAKE_NO_SSL_SUPPORT'];
/** Every place in the sources that sets an error's code: a field, or the first argument of a base class. */
const declarations = filesOf('{packages,services}/*/src/**/*.ts', 'tools/**/*.ts')
  .filter((path) => !/\.test\.ts$|node_modules|\/testing\//.test(path))
  .flatMap((path) =>
    [...text(path).matchAll(/(?:readonly code = |super\(\s*|\bcode: )'([\w-]+)'/g)].map(
      ([, code]) => ({ path, code: code as string }),
    ),
  )
  .filter(({ code }) => !foreignCodes.includes(code));
const codes = new Set(declarations.map(({ code }) => code));

/** Class → code. The code does not depend on the constructor's arguments. */
const serdeCodes = new Map<string, string>();
for (const [name, value] of Object.entries({ ...serde, ...compatibility })) {
  const isLeaf = value !== serde.SerdeError && value !== serde.UndecodableError;
  if (!isLeaf || !(typeof value === 'function' && value.prototype instanceof Error)) continue;
  const error = new (value as unknown as new (about: object) => { code: string })({});
  serdeCodes.set(name, error.code);
}

/** The documents, dashboards, rules and alarms for operators. */
const pages = filesOf(
  '*.md',
  'docs/*.md',
  'packages/*/README.md',
  'docker/prometheus/**/*.yml',
  'docker/grafana/**/*.json',
  'tools/generate/dashboards/*.ts',
  'deploy/terraform/**/*.{tf,md}',
);

test('every error code is in kebab-case', () => {
  assert.ok(declarations.length > 30, `${declarations.length} codes found`);
  assert.deepEqual(
    declarations.filter(({ code }) => !kebabCase.test(code)),
    [],
  );
  assert.ok(serdeCodes.size > 10, `${serdeCodes.size} classes found`);
  for (const [name, code] of serdeCodes) assert.match(code, kebabCase, name);
});

test('the README of serde lists exactly the error classes with their codes', () => {
  const readme = text('packages/serde/README.md');
  const [, table = ''] = /\| error \| `code` \|[^\n]*\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  const rows = table.split('\n').map((row) => row.split('|').map((cell) => cell.trim()));
  const quoted = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word as string);
  const listed = rows.flatMap(([, names, listedCodes]) => {
    const classes = quoted(names).filter((name) => serdeCodes.has(name));
    return quoted(listedCodes).map((code, i) => [classes[i], code]);
  });
  const others = ['JsonTextError'];
  assert.deepEqual(
    new Map(listed.sort() as [string, string][]),
    new Map([...serdeCodes].filter(([name]) => !others.includes(name)).sort()),
  );
  for (const name of others)
    assert.ok(
      readme.replaceAll('\n', ' ').includes(`\`${name}\` (\`${serdeCodes.get(name)}\`)`),
      name,
    );
});

test('metrics start with known labels, and errors without a code of ours get the label `unexpected`', async () => {
  const registry = createMetrics({ service: '', version: '' });
  createProducerMetrics(registry, 'orders', { inFlight: () => 0, receiving: () => 0 });
  const consumer = createMetrics({ service: '', version: '' });
  createConsumerMetrics(consumer, 'group', ['orders']);
  const metrics = [...(await registry.getMetricsAsJSON()), ...(await consumer.getMetricsAsJSON())];
  const labels = metrics.flatMap(({ values }) => values.map((value) => value.labels));
  const labelValues = labels.flatMap(({ error_type: errorType, reason }) => [errorType, reason]);
  const words = new Set(labelValues.filter((word) => word !== undefined && word !== ''));
  assert.ok(words.has('outcome-unknown') && words.has('undecodable'), [...words].join());
  for (const word of words) assert.match(String(word), /^\d{3}$|^[a-z]+(-[a-z]+)*$/);
  for (const word of words) assert.ok(isKnown(String(word)), String(word));

  assert.equal(errorCode(new serde.RegistryUnavailableError('down')), 'registry-unavailable');
  const fullDisk = Object.assign(new Error('e'), { code: 'ENOSPC', errno: -28 });
  assert.equal(errorCode(fullDisk), 'enospc');
  const foreign = [
    new TypeError('t'),
    Object.assign(new Error('e'), { code: 'ERR_OF_NODE' }),
    'text',
  ];
  for (const error of foreign) assert.equal(errorCode(error), 'unexpected');
});

test('documents, rules, dashboards and alarms name only codes and reasons that exist', () => {
  const old = new Set([...codes].map((code) => code.toUpperCase().replaceAll('-', '_')));
  let seen = 0;
  for (const path of pages) {
    const page = text(path);
    for (const [, words = ''] of page.matchAll(
      /\b(?:error_type|reason)(?:=|!=|=~|!~)\\?"([^"\\]*)\\?"/g,
    ))
      for (const word of words.split('|').filter((one) => /^[\w-]+$/.test(one))) {
        seen += 1;
        assert.ok(isKnown(word), `${path}: no error has the code ${word}`);
      }
    for (const [word] of page.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g))
      assert.ok(!old.has(word), `${path}: ${word} is spelled in kebab-case`);
  }
  assert.ok(seen > 3, `${seen} labels found`);
  const runbook = text('docs/runbook.md');
  for (const reason of refusalReasons) assert.ok(runbook.includes(`| \`${reason}\` `), reason);
});

function isKnown(word: string): boolean {
  // Kafka's own names, such as not-enough-replicas, say why the brokers refuse every record.
  const isReason = [...refusalReasons, ...resetReasons, ...refusals].includes(word);
  return codes.has(word) || isReason || word === 'unexpected' || /^\d{3}$/.test(word);
}
