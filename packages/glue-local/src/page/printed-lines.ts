/** Lines without blanks at their ends and without empty lines, made token by token in linear time. */
export interface PrintedLines {
  /** The length of the line so far, its indentation included. */
  column(): number;
  endsWithBlank(): boolean;
  /** The characters of the lines that have ended, without those that end them. */
  endedLength(): number;
  add(part: string): void;
  /** Ends the line and begins the next, indented by two blanks for each level. */
  newLine(depth: number): void;
  text(): string;
}

export function createPrintedLines(): PrintedLines {
  const ended: string[] = [];
  let endedLength = 0;
  let line = '';
  const end = () => {
    const trimmed = line.trimEnd();
    if (trimmed === '') return;
    ended.push(trimmed);
    endedLength += trimmed.length;
  };
  return {
    column: () => line.length,
    endsWithBlank: () => line === '' || line.endsWith(' '),
    endedLength: () => endedLength,
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
