import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { copyTree } from '../change-order/tree-copy.ts';
import { type InstalledPackages, installedPackages } from './installed-packages.ts';
import { run } from './run-command.ts';

const names = ['serde', 'glue-schemas', 'glue-local'] as const;

let installed: InstalledPackages;
const unpacked = mkdtempSync(join(tmpdir(), 'unpacked-'));
before(async () => {
  installed = await installedPackages();
});
after(() => rmSync(unpacked, { recursive: true, force: true }));

const folderOf = (name: string) => join(installed.folder, 'node_modules/@order-stream', name);
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();

for (const name of names) {
  test(`${name} has code, types, licence and README, and nothing else`, () => {
    const files = filesOf(folderOf(name));
    const others = files.filter((path) => !/^dist\/[\w/-]+(\.d)?\.(js|mjs|ts|mts)$/.test(path));
    assert.deepEqual(
      others.filter((path) => path !== 'dist/THIRD-PARTY-LICENSES.txt'),
      ['LICENSE', 'README.md', 'package.json'],
    );
    assert.deepEqual(
      files.filter((path) => /\.test|bench|vector|testing/.test(path)),
      [],
    );
    const text = (path: string) => readFileSync(path, 'utf8');
    assert.equal(text(join(folderOf(name), 'LICENSE')), text(join(root, 'LICENSE')));
  });

  test(`${name} loads its own dependencies and files by constant names alone`, () => {
    const manifest = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'));
    const allowed = Object.keys(manifest.dependencies);
    for (const path of filesOf(folderOf(name)).filter((one) => /\.m?[jt]s$/.test(one))) {
      const text = readFileSync(join(folderOf(name), path), 'utf8');
      const atRunTime = /createRequire|import\.meta|__dirname|__filename|\brequire\((?!').*/;
      assert.equal(atRunTime.exec(text)?.[0], undefined, path);
      const loads = /^(?:import|export)\b[^'";]*?'([^'\n]+)';$|\b(?:require|import)\('([^']+)'\)/gm;
      for (const [, first, second] of text.matchAll(loads)) {
        const loaded = (first ?? second) as string;
        if (loaded.startsWith('.') || isBuiltin(loaded)) continue;
        const dependency = loaded.split('/').slice(0, loaded.startsWith('@') ? 2 : 1);
        assert.ok(allowed.includes(dependency.join('/')), `${path} loads ${loaded}`);
      }
    }
  });

  test(`the package.json of ${name} names versions, and nothing of the workspace`, () => {
    const manifest = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'));
    for (const [dependency, version] of Object.entries(manifest.dependencies))
      assert.match(String(version), /^\^?\d+\.\d+\.\d+$/, dependency);
    assert.deepEqual(
      ['private', 'scripts', 'devDependencies'].filter((key) => key in manifest),
      [],
    );
    assert.doesNotMatch(JSON.stringify(manifest), /src\/|kafkajs"/);
  });
}

test('installing them installs no Kafka client', () => {
  const modules = readdirSync(join(installed.folder, 'node_modules'));
  assert.ok(modules.includes('fastify'));
  assert.deepEqual(
    modules.filter((name) => /kafka/.test(name)),
    [],
  );
});

test('pnpm packs the same files as npm, package.json stays as it was, and publishing a folder is refused', async () => {
  using tree = copyTree();
  const cwd = tree.path('packages/glue-local');
  const before = tree.read('packages/glue-local/package.json');
  const { packageManager } = JSON.parse(tree.read('package.json'));
  const flags = ['--config.verify-deps-before-run=false', '--pack-destination', unpacked];
  await run('npx', ['--yes', packageManager, 'pack', ...flags], { cwd });
  assert.equal(tree.read('packages/glue-local/package.json'), before);
  const [tarball = ''] = readdirSync(unpacked).filter((path) => path.endsWith('.tgz'));
  await run('tar', ['-xzf', tarball], { cwd: unpacked });
  const packed = join(unpacked, 'package');
  assert.deepEqual(filesOf(packed), filesOf(folderOf('glue-local')));
  for (const path of filesOf(packed).filter((one) => !one.endsWith('package.json')))
    assert.equal(
      readFileSync(join(packed, path), 'utf8'),
      readFileSync(join(folderOf('glue-local'), path), 'utf8'),
    );
  await assert.rejects(run('npm', ['publish', '--dry-run'], { cwd }), /npm run pack/);
});
