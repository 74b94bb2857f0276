import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import {
  buildImages,
  buildTarget,
  docker,
  imageFacts,
  removeImages,
  type Target,
  targets,
} from './images.ts';

const mebibyte = 2 ** 20;
const maxBytesOverBase = 120 * mebibyte;

let images: Record<Target, string>;

before(async () => {
  images = await buildImages();
});

after(removeImages);

test('D-05 each image adds less than 120 MiB to its base', async (context) => {
  const base = await imageFacts('node:24-bookworm-slim');
  for (const target of targets) {
    const facts = await imageFacts(images[target]);
    assert.deepEqual(facts.RootFS.Layers.slice(0, base.RootFS.Layers.length), base.RootFS.Layers);
    const added = facts.Size - base.Size;
    context.diagnostic(`${target}: ${(added / mebibyte).toFixed(1)} MiB over the base`);
    assert.ok(added < maxBytesOverBase, target);
  }
});

test('D-05 each image has its name, licence and revision as labels, and runs as user 1000', async () => {
  for (const target of targets) {
    const { Config: config } = await imageFacts(images[target]);
    const label = (name: string) => config.Labels[`org.opencontainers.image.${name}`];
    assert.equal(label('title'), target);
    assert.ok(label('description'), target);
    assert.deepEqual([label('licenses'), label('revision')], ['Apache-2.0', '0123abc'], target);
    assert.equal(config.User, '1000:1000', target);
    // The command line serves no requests, so its image has no health check.
    assert.equal(config.Healthcheck !== undefined, target !== 'orders', target);
  }
});

test('the images have no development files: no TypeScript, tests, compiler or package store', async () => {
  const search = `const { globSync } = require('node:fs');
    console.log(JSON.stringify(globSync(['/app/**/*.ts', '/app/**/typescript', '/app/**/fast-check', '/pnpm'])));`;
  for (const target of targets) {
    const run = ['run', '--rm', '--network', 'none', '--entrypoint', 'node', images[target]];
    assert.deepEqual(JSON.parse(await docker(...run, '-e', search)), [], target);
  }
});

test('a change of the sources rebuilds only the layers of the sources', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-context-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8');
  const parts = [...ignored.matchAll(/^!(.+)$/gm)].map(([, part]) => part as string);
  for (const part of [...parts, '.dockerignore', 'docker/Dockerfile'])
    cpSync(join(root, part), join(folder, part), {
      recursive: true,
      filter: (path) => !path.endsWith('node_modules'),
    });
  const unchanged = await imageFacts(await buildTarget('order-producer', folder));
  const first = await imageFacts(images['order-producer']);
  assert.deepEqual(unchanged.RootFS.Layers, first.RootFS.Layers);

  appendFileSync(
    join(folder, 'services/order-producer/src/main.ts'),
    `\nprocess.title = '${folder}';\n`,
  );
  const startedMs = performance.now();
  const changed = await buildTarget('order-producer', folder);
  context.diagnostic(`rebuilt in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  const { Layers: layers } = (await imageFacts(changed)).RootFS;
  const kept = layers.filter((layer, index) => layer === first.RootFS.Layers[index]).length;
  assert.equal(layers.length, first.RootFS.Layers.length);
  assert.ok(kept < layers.length, 'the change is in the image');
  // Rebuilt: serde, runtime and the service. Kept: the base and the dependencies.
  assert.ok(kept >= layers.length - 3, `${kept} of ${layers.length} layers kept`);
});
