import type { DataFormat } from '@order-stream/serde';
import { type Html, html } from './html.ts';
import { type DiffLine, diffLines } from './line-diff.ts';
import { layOut, maxReadable } from './text-layout.ts';

// Unchanged lines around each change; the others are folded.
const context = 4;
const maxLines = 4000;

/** The lines in which two definitions differ, both laid out in the same way, or both as they are. */
export function renderChangedLines(dataFormat: DataFormat, was: string, is: string): Html {
  const [laidOutWas, laidOutIs] = [was, is].map((text) => layOut(dataFormat, text, maxReadable));
  const areLaidOut = laidOutWas !== undefined && laidOutIs !== undefined;
  const [first, second] = areLaidOut ? [laidOutWas, laidOutIs] : [was, is];
  const lines = diffLines(linesOf(first), linesOf(second));
  if (lines.every(({ kind }) => kind === 'same')) return html`<p>No line differs.</p>`;
  const near = new Set<number>();
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue;
    for (let at = index - context; at <= index + context; at += 1) near.add(at);
  }
  const shown = lines.flatMap((line, index) => {
    if (near.has(index)) return [renderDiffLine(line)];
    return index === 0 || near.has(index - 1) ? [html`<span class="fold">…\n</span>`] : [];
  });
  return html`<pre class="text diff" tabindex="0" role="region" aria-label="Changed lines">${shown.slice(0, maxLines)}</pre>
${shown.length > maxLines && html`<p>Only the first ${maxLines} lines are shown.</p>`}`;
}

const linesOf = (text: string) => text.split(/\r\n|\r|\n/);

const signs = { same: ' ', removed: '-', added: '+' };

function renderDiffLine({ kind, text, from, to }: DiffLine): Html {
  return html`<span class="row ${kind}"><span class="at">${from}</span><span class="at">${to}</span><span class="sign">${signs[kind]}</span><span class="words">${text}\n</span></span>`;
}
