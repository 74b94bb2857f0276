const columns = 120;

/** One entry of a list: a term, facts about it in a few words, and its meaning. */
export interface Entry {
  term: string;
  facts: readonly string[];
  text: string;
}

/** A list of `term (facts): text`, in lines of at most 120 columns. */
export function markdownList(entries: readonly Entry[]): string {
  return entries
    .flatMap(({ term, facts, text }) => wrapped(`- ${term} (${facts.join('; ')}): ${text}`, '  '))
    .map((line) => `${line}\n`)
    .join('');
}

/** The words of a text in lines of at most 120 columns; every line after the first begins with `indent`. */
export function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.trimEnd().split(/(?<=\S) +/)) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].filter((one) => one.trim() !== '');
}
