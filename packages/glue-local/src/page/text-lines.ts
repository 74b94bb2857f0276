import type { TextRange } from '@order-stream/serde/compatibility';
import { type Html, html } from './html.ts';

/** A place in a text, with the number of the reason that it belongs to. */
export interface Mark extends TextRange {
  readonly number: number;
}

// A definition may consist of line breaks. More lines would make the page unusable.
const maxLines = 4000;

/**
 * A text with numbered lines, in a box that the keyboard can scroll. A marked place begins with the number of its reason,
 * which links to the reason. A place of several lines is marked on its first line; the others have a bar at their side.
 * @param name unique in the document: the places have the ids `<name>-<number>`, reasons `reason-<number>`
 */
export function renderText(
  text: string,
  label: string,
  name: string,
  marks: readonly Mark[] = [],
): Html {
  const lines = linesOf(text);
  const rows = lines.slice(0, maxLines).map((line) => renderLine(text, line, name, marks));
  return html`<pre class="text" tabindex="0" role="region" aria-label="${label}">${rows}</pre>
${lines.length > maxLines && html`<p>Only the first ${maxLines} of ${lines.length} lines are shown.</p>`}`;
}

function linesOf(text: string): TextRange[] {
  const lines: TextRange[] = [];
  let start = 0;
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) {
    lines.push({ start, end: index });
    start = index + end.length;
  }
  return [...lines, { start, end: text.length }];
}

function renderLine(text: string, line: TextRange, name: string, marks: readonly Mark[]): Html {
  const starting = marks.filter(({ start }) => start >= line.start && start <= line.end);
  const isWithin = marks.some(({ start, end }) => start < line.start && end > line.start);
  const cuts = new Set([line.start, line.end]);
  for (const { start, end } of starting) cuts.add(start).add(Math.min(end, line.end));
  const edges = [...cuts].sort((one, other) => one - other);
  const parts = edges.slice(0, -1).map((from, index) => {
    const part = text.slice(from, edges[index + 1]);
    const numbers = starting
      .filter(({ start }) => start === from)
      .map(({ number }) => renderNumber(number, name));
    const isMarked = starting.some(({ start, end }) => start <= from && end > from);
    return html`${numbers}${isMarked ? html`<mark>${part}</mark>` : part}`;
  });
  return html`<span class="line${isWithin && ' within'}">${parts}\n</span>`;
}

function renderNumber(number: number, name: string): Html {
  return html`<a class="ref" id="${name}-${number}" href="#reason-${number}" aria-label="Reason ${number}">${number}</a>`;
}
