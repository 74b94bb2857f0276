const tokens = /\/\/[^\n]*|\/\*.*?(?:\*\/|$)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\w+|[^\s\w]/gs;

/** The words, literals and signs of a .proto file, without comments. */
export function protoWords(definition: string): string[] {
  return (definition.match(tokens) ?? []).filter((token) => !/^\/[/*]/.test(token));
}

/** Whether a statement begins at a word: after another one or a block. */
export function beginsStatement(words: readonly string[], at: number): boolean {
  return ['', ';', '}'].includes(words[at - 1] ?? '');
}
