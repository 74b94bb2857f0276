import { cpSync, mkdirSync } from 'node:fs';
import { folderOnce } from './folder-once.ts';

/**
 * Fills a broker's data folder with a copy of formatted storage, because Kafka's own tool takes longer than a second for
 * each broker.
 *
 * @param cache folder that keeps the formatted storage
 * @param format formats the folder that it gets; called only the first time
 */
export async function copyFormattedStorage(
  cache: string,
  data: string,
  format: (folder: string) => Promise<void>,
): Promise<void> {
  const formatted = await folderOnce(cache, async (partial) => {
    mkdirSync(partial, { recursive: true });
    await format(partial);
  });
  cpSync(formatted, data, { recursive: true });
}
