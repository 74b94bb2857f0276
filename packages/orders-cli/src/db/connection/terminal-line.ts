import { StringDecoder } from 'node:string_decoder';
import type { Terminal } from '../../command.ts';
import { StoppedError } from './stopped-error.ts';
import { createTypedLine } from './typed-line.ts';

/**
 * Asks on the terminal and returns the line that is typed, without its end. A hidden answer is not echoed: the terminal is
 * raw before the question appears.
 *
 * @returns undefined at the end of input (Ctrl-D)
 * @throws StoppedError at Ctrl-C, and when `stop` is aborted
 */
export async function askLine(
  question: string,
  { isHidden }: { isHidden: boolean },
  { stdin, stderr, stop }: Terminal,
): Promise<string | undefined> {
  if (!stdin?.isTTY) throw new TypeError('stdin is not a terminal');
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const decoder = new StringDecoder('utf8');
  const line = createTypedLine(isHidden ? () => {} : (text) => stderr.write(text));
  const onStop = () => reject(new StoppedError('stopped before an answer'));

  const read = (bytes: Buffer) => {
    const characters = [...decoder.write(bytes)];
    for (const [index, character] of characters.entries()) {
      const key = line.key(character);
      if (key === undefined) continue;
      if (key === 'interrupt') onStop();
      else resolve(key === 'line' ? line.text() : undefined);
      // The rest answers the next question.
      const rest = characters.slice(index + 1).join('');
      stdin.off('data', read);
      stdin.pause();
      if (rest !== '') stdin.unshift(Buffer.from(rest));
      return;
    }
  };

  stdin.setRawMode(true);
  stderr.write(question);
  stdin.on('data', read);
  // A new listener does not start a stream that an earlier question paused.
  stdin.resume();
  stop.addEventListener('abort', onStop);
  if (stop.aborted) onStop();
  try {
    return await promise;
  } finally {
    stop.removeEventListener('abort', onStop);
    stdin.off('data', read);
    stdin.pause();
    stdin.setRawMode(false);
    stderr.write('\n');
  }
}
