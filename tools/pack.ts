// `npm run pack [-- FOLDER]`: packs the packages that can be published into a folder, by default the present one.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import { publishedFolders } from './pack/published-package.ts';

// npm runs scripts in the package's folder, and says in which folder it was started.
const destination = resolve(process.env.INIT_CWD ?? '.', process.argv[2] ?? '.');
mkdirSync(destination, { recursive: true });
for (const folder of publishedFolders) {
  const { status } = spawnSync('npm', ['pack', '--silent', '--pack-destination', destination], {
    cwd: join(root, 'packages', folder),
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}
