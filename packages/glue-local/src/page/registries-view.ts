import { isDeleting } from '../deleted-row.ts';
import type { RegistryState } from '../registry-state.ts';
import type { View } from './document.ts';
import { renderStatus, renderTime } from './facts.ts';
import { html } from './html.ts';
import { count, pageSize, renderPages } from './list-pages.ts';
import { paths } from './paths.ts';

/** All registries, by name. */
export function registriesView(state: RegistryState, page: number): View {
  const rows = state.registries.list(pageSize, (page - 1) * pageSize);
  const total = state.registries.count();
  const pathOf = (number: number | undefined) =>
    number === undefined ? paths.registries() : `${paths.registries()}?page=${number}`;
  const content =
    total === 0
      ? html`<p>There is no registry yet. The first <code>CreateSchema</code> without a registry creates
<code>default-registry</code>; <code>CreateRegistry</code> creates any other.</p>
<p>Point a client at this server with <code>AWS_ENDPOINT_URL_GLUE</code>; any region and credentials work.</p>`
      : html`
<div class="scroll"><table class="cards">
<thead><tr><th scope="col">Registry</th><th scope="col" class="number">Schemas</th><th scope="col">Description</th><th scope="col">Created</th></tr></thead>
<tbody>${rows.map(
          (row) => html`<tr>
<th scope="row"><a href="${paths.registry(row.name)}">${row.name}</a>${isDeleting(row) && html` ${renderStatus('DELETING')}`}</th>
<td class="number" data-label="Schemas">${count(state.schemas.countMatching(row.name, ''))}</td>
<td>${row.description}</td>
<td data-label="Created">${renderTime(row.created_ms)}</td></tr>`,
        )}</tbody>
</table></div>
${renderPages('Registries', page, total, pathOf)}`;
  return { title: 'Registries', content };
}
