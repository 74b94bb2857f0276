import { type Html, html } from './html.ts';

/** A text with numbered lines, in a box that the keyboard can scroll. */
export function renderText(text: string, label: string): Html {
  const lines = text.split(/\r\n|\r|\n/);
  const rows = lines.map((line) => html`<span class="line">${line}</span>\n`);
  return html`<pre class="text" tabindex="0" role="region" aria-label="${label}">${rows}</pre>`;
}
