/** One small change of one file: the text from `start` to `end` becomes `replacement`. */
export interface Mutant {
  /** Absolute path. */
  file: string;
  start: number;
  end: number;
  replacement: string;
}

export function applyMutant({ start, end, replacement }: Mutant, text: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

export function lineOf(mutant: Mutant, text: string): number {
  return text.slice(0, mutant.start).split('\n').length;
}

/** The change on one line, such as `a < b → a <= b`. */
export function describeMutant({ start, end, replacement }: Mutant, text: string): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const before = text.slice(lineStart, start).trimStart();
  const after = text.slice(end, lineEnd < 0 ? undefined : lineEnd);
  const oneLine = (part: string) => part.replace(/\s+/g, ' ');
  return oneLine(`${before}⟦${text.slice(start, end)} → ${replacement || 'nothing'}⟧${after}`);
}
