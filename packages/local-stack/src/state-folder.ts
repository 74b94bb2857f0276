import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../../..');

/** The parent of `.order-stream`. Only `.order-stream` is ever removed, so no other file is lost. */
export const stateParent = resolve(root, process.env.ORDER_STREAM_STATE || '.');

/** Everything that the local stack writes: data, logs, reports. Ignored by git, removed by `npm run clean`. */
export const stateFolder = join(stateParent, '.order-stream');

/** The folder for downloads. `ORDER_STREAM_HOME` lets several checkouts share it. */
export function downloadsFolder(env: NodeJS.ProcessEnv): string {
  return env.ORDER_STREAM_HOME ? resolve(env.ORDER_STREAM_HOME) : join(root, '.order-stream');
}
