import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../../..');

/** What holds `.order-stream`, never it itself: removing the state takes nothing that was there before. */
export const stateParent = resolve(root, process.env.ORDER_STREAM_STATE || '.');

/** All that the local stack writes: data, logs, reports. Ignored by git, removed by `npm run clean`. */
export const stateFolder = join(stateParent, '.order-stream');

/** Downloads; `ORDER_STREAM_HOME` lets several checkouts share them. */
export function downloadsFolder(env: NodeJS.ProcessEnv): string {
  return env.ORDER_STREAM_HOME ? resolve(env.ORDER_STREAM_HOME) : join(root, '.order-stream');
}
