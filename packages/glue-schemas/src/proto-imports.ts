import { beginsStatement, protoWords } from './proto-words.ts';

/** The files that a .proto file imports. Text that is not a .proto file imports nothing. */
export function protoImports(definition: string): string[] {
  const words = protoWords(definition);
  return words.flatMap((word, i) => {
    if (word !== 'import' || !beginsStatement(words, i)) return [];
    const next = ['public', 'weak'].includes(words[i + 1] ?? '') ? i + 2 : i + 1;
    const path = words[next] ?? '';
    return /^["']/.test(path) ? [path.slice(1, -1)] : [];
  });
}
