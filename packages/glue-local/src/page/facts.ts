import { isoTime } from '../registry-state.ts';
import { type Content, type Html, html } from './html.ts';

/** A list of names and values; a value without content is left out. */
export function renderFacts(facts: Readonly<Record<string, Content>>): Html {
  const shown = Object.entries(facts).filter(
    ([, value]) => value !== undefined && value !== null && value !== '' && value !== false,
  );
  const rows = shown.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<dl class="facts">${rows}</dl>`;
}

/** A status, always as a word: colour alone is not seen by everybody. */
export function renderStatus(status: string): Html {
  return html`<span class="badge ${status}">${status}</span>`;
}

export function renderTime(ms: number): Html {
  const time = isoTime(ms);
  return html`<time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

export function renderTags(tags: Readonly<Record<string, string>>): Html | undefined {
  const entries = Object.entries(tags);
  if (entries.length === 0) return undefined;
  const items = entries.map(([key, value]) => html`<li><b>${key}</b> ${value}</li>`);
  return html`<ul class="tags">${items}</ul>`;
}
