import { printExactJson } from '@order-stream/serde';
import fc, { type GeneratorValue } from 'fast-check';
import { jsonGrammar } from './text-parts.ts';

const spaces = ['', '', '', ' ', '\n', '\t', '\r\n'];
const comments = ['// c\n', '/* c */', '/**/', '// "x": {\n', '/* } */', '//\n'];

/** JSON text of the tree as people or other programs write it; with `comments`, those of JavaScript at any place. */
export function dressJson(g: GeneratorValue, tree: unknown, allowsComments: boolean): string {
  const text = printExactJson(tree);
  const style = g(fc.nat, 5);
  if (style < 3) return text;
  const hasComments = allowsComments && style === 3;
  const tokens = text.match(jsonGrammar.tokens) ?? [];
  const note = () => {
    const space = g(fc.constantFrom, ...spaces);
    return hasComments && g(fc.nat, 5) === 0 ? space + g(fc.constantFrom, ...comments) : space;
  };
  return tokens.map((token) => note() + token).join('') + note();
}
