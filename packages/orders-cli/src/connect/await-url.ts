import { UsageError } from '@order-stream/command-line';
import { request } from 'undici';
import { WorkerUnavailableError } from './connect-errors.ts';
import { type Patience, persist } from './persist.ts';

/** @throws UsageError unless the text is an http or https URL without a user and password, which messages would show */
export function checkUrl(flag: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!isHttp || url.username !== '' || url.password !== '')
    throw new UsageError(
      `${flag} must be an http or https URL without user and password, such as http://registry:8080/health`,
    );
}

/**
 * Waits until GET of the URL is answered with 2xx.
 *
 * @throws WorkerUnavailableError at the deadline, with what the last request saw; StoppedError
 */
export function awaitUrl(url: string, patience: Patience): Promise<void> {
  return persist(patience, async (signal) => {
    let status: number;
    try {
      const answer = await request(url, { signal });
      await answer.body.dump();
      status = answer.statusCode;
    } catch (error) {
      const { code, name } = error as { code?: unknown; name: string };
      throw new WorkerUnavailableError(`no answer from ${url} (${code ?? name})`);
    }
    if (status < 200 || status > 299)
      throw new WorkerUnavailableError(`${url} answered ${status}, expected 2xx`);
  });
}
