import { isDeleting } from '../deleted-row.ts';
import type { RegistryState } from '../registry-state.ts';
import type { RegistryRow } from '../registry-table.ts';
import { registryResource } from '../resource-name.ts';
import type { SchemaRow } from '../schema-table.ts';
import type { Crumb, View } from './document.ts';
import { renderFacts, renderStatus, renderTags, renderTime } from './facts.ts';
import { type Html, html } from './html.ts';
import { count, pageSize, renderPages } from './list-pages.ts';
import { paths } from './paths.ts';

export interface SchemaSearch {
  /** A part of a name; empty: every schema. */
  readonly text: string;
  readonly page: number;
}

export const registriesCrumb: Crumb = { label: 'Registries', path: paths.registries() };

/** The schemas of all registries whose names contain a text. */
export function searchView(state: RegistryState, search: SchemaSearch): View {
  const title = search.text === '' ? 'All schemas' : `Schemas with “${search.text}”`;
  const content = renderList(state, undefined, search);
  return { title, crumbs: [registriesCrumb], search: search.text, content };
}

/** A registry: what is known about it, and its schemas. */
export function registryView(
  state: RegistryState,
  registry: RegistryRow,
  search: SchemaSearch,
): View {
  const { name, description, created_ms, updated_ms } = registry;
  const content = html`
${renderFacts({
  Description: description,
  ARN: html`<code>${state.arns.registry(name)}</code>`,
  Tags: renderTags(state.tags.list(registryResource(name))),
  Created: renderTime(created_ms),
  Updated: updated_ms !== created_ms && renderTime(updated_ms),
})}
<h2>Schemas</h2>
<form class="fields" action="${paths.registry(name)}" method="get">
<label for="filter">Name contains
<input id="filter" name="search" type="search" value="${search.text}" maxlength="255" autocomplete="off" spellcheck="false">
</label>
<button>Filter</button>
${search.text !== '' && html`<a href="${paths.registry(name)}">Show all</a>`}
</form>
${renderList(state, name, search)}`;
  const badge = isDeleting(registry) && renderStatus('DELETING');
  return { title: name, crumbs: [registriesCrumb], badge, content };
}

function renderList(
  state: RegistryState,
  registry: string | undefined,
  { text, page }: SchemaSearch,
): Html {
  const rows = state.schemas.search(registry, text, pageSize, (page - 1) * pageSize);
  const total = state.schemas.countMatching(registry, text);
  const pathOf = (number: number | undefined) =>
    registry === undefined
      ? paths.schemas({ search: text, page: number })
      : paths.registry(registry, { search: text, page: number });
  if (total === 0) {
    return html`<p>${text === '' ? 'There is no schema yet.' : `No schema has a name with “${text}”.`}</p>`;
  }
  return html`
<div class="scroll"><table class="cards">
<thead><tr><th scope="col">Schema</th>${registry === undefined && html`<th scope="col">Registry</th>`}<th scope="col">Format</th><th scope="col">Compatibility</th><th scope="col" class="number">Latest</th><th scope="col" class="number">Versions</th><th scope="col">Newest version</th></tr></thead>
<tbody>${rows.map((row) => renderRow(state, row, registry === undefined))}</tbody>
</table></div>
${renderPages('Schemas', page, total, pathOf)}`;
}

function renderRow(state: RegistryState, row: SchemaRow, withRegistry: boolean): Html {
  const versions = state.versions.countOf(row);
  const failures = state.versions.countFailures(row, state.now());
  const [newest] = state.versions.list(row, 1, 0);
  return html`<tr>
<th scope="row"><a href="${paths.schema(row)}">${row.name}</a>${isDeleting(row) && html` ${renderStatus('DELETING')}`}</th>
${withRegistry && html`<td data-label="Registry"><a href="${paths.registry(row.registry)}">${row.registry}</a></td>`}
<td data-label="Format">${row.data_format}</td>
<td data-label="Compatibility">${row.compatibility}</td>
<td class="number" data-label="Latest">${state.versions.findLatest(row, state.now())?.number ?? 'none'}</td>
<td class="number" data-label="Versions">${count(versions)}${failures > 0 && html` <span class="badge FAILURE">${count(failures)} failed</span>`}</td>
<td data-label="Newest version">${newest ? renderTime(newest.created_ms) : 'none'}</td></tr>`;
}
