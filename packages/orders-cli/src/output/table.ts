import { printable } from './printable.ts';

export interface Column {
  title: string;
  /** Default left. */
  align?: 'right';
}

/** Rows below their titles, in columns that are as wide as their widest cell. Ends with a newline. */
export function formatTable(columns: readonly Column[], rows: readonly string[][]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_, column) =>
    Math.max(...lines.map((line) => lengthOf(line[column] ?? ''))),
  );
  return lines
    .map((line) => {
      const cells = columns.map(({ align }, column) => {
        const cell = line[column] ?? '';
        const filler = ' '.repeat((widths[column] as number) - lengthOf(cell));
        return align === 'right' ? filler + cell : cell + filler;
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

/** In characters, not in UTF-16 code units. */
const lengthOf = (text: string): number => [...text].length;
