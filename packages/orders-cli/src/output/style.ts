import { styleText } from 'node:util';
import type { Terminal } from '../command.ts';

export type Style = ReturnType<typeof styleFor>;

/** Colours for a terminal; plain text for files, pipes, `NO_COLOR` and `TERM=dumb`. */
export function styleFor({ stdout, env }: Pick<Terminal, 'stdout' | 'env'>) {
  const isPlain = !stdout.isTTY || Boolean(env.NO_COLOR) || env.TERM === 'dumb';
  const paint = (format: 'dim' | 'red' | 'yellow') => (text: string) =>
    isPlain ? text : styleText(format, text, { validateStream: false });
  return { dim: paint('dim'), red: paint('red'), yellow: paint('yellow') };
}
