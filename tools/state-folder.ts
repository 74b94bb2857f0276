import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

/** All that the local stack writes: data, logs, reports. Ignored by git, removed by `npm run clean`. */
export const stateFolder = join(root, '.order-stream');

/** Downloads; `ORDER_STREAM_HOME` lets several checkouts share them. */
export function downloadsFolder(env: NodeJS.ProcessEnv): string {
  return env.ORDER_STREAM_HOME ? resolve(env.ORDER_STREAM_HOME) : stateFolder;
}
