import { root } from '@order-stream/local-stack/state-folder';
import { run } from './run-command.ts';

/** Installs the dependencies of packing and of this suite, which are outside of the workspace. */
export async function installDependencies(): Promise<void> {
  const folders = ['--with', 'tools/pack', '--with', 'tests/packages'];
  await run(process.execPath, ['tools/run.mjs', ...folders], { cwd: root });
}
