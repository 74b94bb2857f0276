const tokens = /\/\/[^\n]*|\/\*.*?(?:\*\/|$)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\w+|[^\s\w]/gs;

/** The files that a .proto file imports. Text that is not a .proto file imports nothing. */
export function protoImports(definition: string): string[] {
  const words = (definition.match(tokens) ?? []).filter((token) => !/^\/[/*]/.test(token));
  return words.flatMap((word, i) => {
    // A statement begins after another one or a block.
    if (word !== 'import' || !['', ';', '}'].includes(words[i - 1] ?? '')) return [];
    const next = ['public', 'weak'].includes(words[i + 1] ?? '') ? i + 2 : i + 1;
    const path = words[next] ?? '';
    return /^["']/.test(path) ? [path.slice(1, -1)] : [];
  });
}
