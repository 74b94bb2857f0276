/** Lines without blanks at their ends and without empty lines, made token by token in linear time. */
export interface PrintedLines {
  /** The length of the line so far, its indentation included. */
  column(): number;
  endsWithBlank(): boolean;
  add(part: string): void;
  /** Ends the line and begins the next, indented by two blanks for each level. */
  newLine(depth: number): void;
  text(): string;
}

export function createPrintedLines(): PrintedLines {
  const ended: string[] = [];
  let line = '';
  const end = () => {
    const trimmed = line.trimEnd();
    if (trimmed !== '') ended.push(trimmed);
  };
  return {
    column: () => line.length,
    endsWithBlank: () => line === '' || line.endsWith(' '),
    add: (part) => {
      line += part;
    },
    newLine: (depth) => {
      end();
      line = '  '.repeat(depth);
    },
    text: () => {
      end();
      line = '';
      return ended.join('\n');
    },
  };
}
