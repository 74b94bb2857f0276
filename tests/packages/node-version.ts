import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '@order-stream/local-stack/exclusive';
import { downloadsFolder } from '@order-stream/local-stack/state-folder';
import { run } from './run-command.ts';

const versions = { 20: '20.20.2', 22: '22.23.3' };

/** The path of that Node's binary, which npm fetches once. Node 24 is `process.execPath`. */
export async function nodeOf(major: keyof typeof versions): Promise<string> {
  const version = versions[major];
  const folder = join(downloadsFolder(process.env), 'nodes', version);
  const binary = join(folder, 'node_modules/node/bin/node');
  mkdirSync(folder, { recursive: true });
  await exclusively(join(folder, 'install.lock'), async () => {
    if (existsSync(binary)) return;
    // Its install script puts the binary in place.
    const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--foreground-scripts=false'];
    await run('npm', ['install', ...flags, '--prefix', folder, `node@${version}`], { cwd: folder });
  });
  return binary;
}
