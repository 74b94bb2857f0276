import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { consumerBoard } from './consumer.ts';
import { ordersBoard } from './orders.ts';
import { producerBoard } from './producer.ts';

const boards = [ordersBoard, producerBoard, consumerBoard];
const panelsOf = ({ panels = [] }: (typeof boards)[number]) =>
  panels.flatMap((panel) => ('targets' in panel ? [panel] : []));
const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
const sections = [...runbook.matchAll(/^#+ (\w+)$/gm)].map(([, name]) => name?.toLowerCase());

test('every panel has a unique title, a unit, a description and a section of the runbook', () => {
  for (const board of boards) {
    const titles = panelsOf(board).map(({ title }) => title);
    assert.deepEqual([...new Set(titles)], titles, board.uid);
    for (const { title, description, fieldConfig, links } of panelsOf(board)) {
      assert.ok(title && description && fieldConfig?.defaults?.unit, `${board.uid}: ${title}`);
      const anchor = links?.[0]?.url?.replace(/^\$\{runbook\}#/, '');
      assert.ok(sections.includes(anchor), `${title} links to ${anchor}`);
    }
  }
});

test('no query invents data, and every dashboard has variables for instance and topic', () => {
  for (const board of boards) {
    const queries = JSON.stringify(panelsOf(board).map(({ targets }) => targets));
    assert.doesNotMatch(queries, /vector\(|absent\(/);
    for (const variable of ['instance', 'topic']) {
      assert.ok(board.templating?.list?.some(({ name }) => name === variable));
      assert.match(queries, new RegExp(`=~\\\\"\\$${variable}\\\\"`), `${board.uid}: ${variable}`);
    }
  }
});

test('the runbook names panels and dashboards that exist', () => {
  const named = [...runbook.matchAll(/(?<!\*)\*([A-Z][^*\n]+)\*(?!\*)/g)].map(
    ([, name]) => name as string,
  );
  const known = boards.flatMap((board) => [
    board.title,
    ...panelsOf(board).map(({ title }) => title),
  ]);
  const unknown = named.filter((name) => !known.includes(name));
  assert.deepEqual(unknown, []);
});

test('docs/metrics.md or a recording rule has every metric of the panels and rules', () => {
  const text = (path: string) => readFileSync(join(root, path), 'utf8');
  const rules = `${text('docker/prometheus/rules/recording.yml')}${text('docker/prometheus/rules/alerts.yml')}`;
  const recorded = [...rules.matchAll(/record: (\S+)/g)].map(([, name]) => name as string);
  const listed = [...text('docs/metrics.md').matchAll(/^- `(\w+)`/gm)].map(
    ([, name]) => name as string,
  );
  const queries = boards.flatMap((board) =>
    panelsOf(board).flatMap(({ targets = [] }) =>
      targets.map((target) => (target as { expr?: string }).expr ?? ''),
    ),
  );
  const asked = [...queries, rules]
    .join('\n')
    .replaceAll(/\bby \([^)]*\)/g, '')
    .replaceAll(/\{[^{}]*\}/g, '')
    .matchAll(
      /(?<![\w:])(?:(?:http|messaging|orders|process|nodejs)_|build_info|(?:job|topic):)[\w:]+/g,
    );
  const known = new Set([
    ...[...listed, ...recorded],
    ...listed.flatMap((name) => [`${name}_bucket`, `${name}_count`]),
  ]);
  const names = new Set([...asked].map(([name]) => name));
  assert.ok(names.size > 20, 'the queries were found');
  assert.deepEqual(
    [...names].filter((name) => !known.has(name)),
    [],
  );
});
