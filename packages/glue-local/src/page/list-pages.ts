import { type Html, html } from './html.ts';

export const pageSize = 50;
// Beyond it a number would no longer be exact as an offset.
const maxPage = 1_000_000;

/** The `page` of a query, counted from 1; anything else is the first page. */
export function pageNumber(text: string | undefined): number {
  const page = Number(text);
  return Number.isInteger(page) && page >= 1 && page <= maxPage ? page : 1;
}

/**
 * Which items of a list are shown, with links to the pages before and after.
 * @param pathOf the address of a page; the first page has none in its address
 */
export function renderPages(
  what: string,
  page: number,
  total: number,
  pathOf: (page: number | undefined) => string,
): Html | undefined {
  const last = Math.max(1, Math.ceil(total / pageSize));
  if (last === 1 && page === 1) return undefined;
  const first = (page - 1) * pageSize + 1;
  const end = Math.min(page * pageSize, total);
  const shown = first > total ? 'no' : `${count(first)} to ${count(end)} of ${count(total)}`;
  const before = Math.min(page - 1, last);
  return html`<nav class="pages" aria-label="Pages of ${what}">
<span>${what}: ${shown}</span>
${page > 1 && html`<a rel="prev" href="${pathOf(before === 1 ? undefined : before)}">Previous page</a>`}
${page < last && html`<a rel="next" href="${pathOf(page + 1)}">Next page</a>`}
</nav>`;
}

/** With thin spaces between groups of three digits. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, '\u202f');
}
