import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '@order-stream/local-stack/exclusive';
import { root, stateFolder } from '@order-stream/local-stack/state-folder';
import { copyTree } from '../change-order/tree-copy.ts';
import { installDependencies } from './own-dependencies.ts';
import { run } from './run-command.ts';

export interface InstalledPackages {
  /** Paths of the packed files, by the names of the packages without their scope. */
  tarballs: Record<'serde' | 'glue-schemas' | 'glue-local', string>;
  /** A folder made by `npm init -y`, in which the packed files are installed. Tests write into folders of their own in it. */
  folder: string;
}

const state = join(stateFolder, 'packages');

/** Packs the packages and installs them, once for each state of the sources. */
export async function installedPackages(): Promise<InstalledPackages> {
  const folder = join(state, 'user');
  const packed = join(state, 'packed');
  mkdirSync(state, { recursive: true });
  await exclusively(join(state, 'install.lock'), async () => {
    const stamp = join(state, 'installed');
    const sources = await sourcesHash();
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
    for (const path of [stamp, folder, packed]) rmSync(path, { recursive: true, force: true });
    await installDependencies();
    await pack(packed);
    await install(folder, packed);
    writeFileSync(stamp, sources);
  });
  const tarball = (name: string) => join(packed, `order-stream-${name}-${versionOf(name)}.tgz`);
  return {
    folder,
    tarballs: {
      serde: tarball('serde'),
      'glue-schemas': tarball('glue-schemas'),
      'glue-local': tarball('glue-local'),
    },
  };
}

/** In a copy, because packing replaces each package.json for a while. */
async function pack(packed: string): Promise<void> {
  using tree = copyTree();
  const { status, output } = tree.run(['tools/pack.ts', packed]);
  if (status !== 0) throw new Error(`packing failed\n${output}`);
}

async function install(folder: string, packed: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await run('npm', ['init', '-y'], { cwd: folder });
  const files = readdirSync(packed).map((name) => join(packed, name));
  const types = `@types/node@${manifest('.').devDependencies['@types/node']}`;
  const flags = ['--no-audit', '--no-fund', '--prefer-offline'];
  await run('npm', ['install', ...flags, ...files, types], { cwd: folder });
}

function manifest(folder: string) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

function versionOf(name: string): string {
  return manifest(`packages/${name}`).version;
}

async function sourcesHash(): Promise<string> {
  const folders = ['packages', 'tools/pack', 'tools/pack.ts', 'pnpm-lock.yaml'];
  const args = ['ls-files', '-z', '-co', '--exclude-standard', ...folders];
  const paths = (await run('git', args, { cwd: root })).split('\0');
  const hash = createHash('sha256');
  for (const path of paths.filter((one) => existsSync(join(root, one)) && one !== ''))
    hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}
