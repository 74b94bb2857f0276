import { isDeleting } from '../deleted-row.ts';
import type { RegistryState } from '../registry-state.ts';
import { schemaResource } from '../resource-name.ts';
import type { SchemaRow } from '../schema-table.ts';
import { type ListedVersion, statusOf, type VersionRow } from '../version-table.ts';
import type { Crumb, View } from './document.ts';
import { renderFacts, renderStatus, renderTags, renderTime } from './facts.ts';
import { type Html, html } from './html.ts';
import { count, pageSize, renderPages } from './list-pages.ts';
import { modeWords } from './mode-words.ts';
import { paths } from './paths.ts';
import { registriesCrumb } from './schemas-view.ts';
import { readableText } from './text-layout.ts';
import { renderText } from './text-lines.ts';

/** The way to the pages below a schema. */
export function crumbsOf({ registry, name }: SchemaRow): readonly Crumb[] {
  return [
    registriesCrumb,
    { label: registry, path: paths.registry(registry) },
    { label: name, path: paths.schema({ registry, name }) },
  ];
}

/** A schema: what is known about it, and its versions, newest first. */
export function schemaView(state: RegistryState, schema: SchemaRow, page: number): View {
  const latest = state.versions.findLatest(schema, state.now());
  const versions = state.versions.countOf(schema);
  const rows = state.versions.list(schema, pageSize, (page - 1) * pageSize);
  const content = html`
${renderFacts({
  Format: schema.data_format,
  Compatibility: html`<b>${schema.compatibility}</b>. ${modeWords[schema.compatibility]}`,
  'Latest version':
    latest && html`<a href="${paths.version(schema, latest.number)}">${latest.number}</a>`,
  Checkpoint: schema.checkpoint,
  Description: schema.description,
  ARN: html`<code>${state.arns.schema(schema)}</code>`,
  Tags: renderTags(state.tags.list(schemaResource(schema))),
  Created: renderTime(schema.created_ms),
  Updated: schema.updated_ms !== schema.created_ms && renderTime(schema.updated_ms),
})}
<ul class="actions"><li><a href="${paths.check(schema)}">Is a definition compatible?</a></li></ul>
<h2>Versions</h2>
${versions === 0 ? html`<p>The schema has no version yet.</p>` : renderVersions(state, schema, rows, latest?.number)}
${renderPages('Versions', page, versions, (number) => paths.schema(schema, { page: number }))}
${latest !== undefined && page === 1 && renderLatest(schema, latest)}
${versions > 1 && renderCompareForm(schema, rows)}`;
  const badge = isDeleting(schema) && renderStatus('DELETING');
  return { title: schema.name, crumbs: crumbsOf(schema).slice(0, -1), badge, content };
}

function renderVersions(
  state: RegistryState,
  schema: SchemaRow,
  rows: readonly ListedVersion[],
  latest: number | undefined,
): Html {
  return html`<div class="scroll"><table class="cards">
<thead><tr><th scope="col">Version</th><th scope="col">Status</th><th scope="col">Id</th><th scope="col">Metadata</th><th scope="col">Created</th></tr></thead>
<tbody>${rows.map((version) => {
    const { number, id } = version;
    const pairs = state.metadata.list(id).length;
    return html`<tr>
<th scope="row"><a href="${paths.version(schema, number)}">Version ${number}</a>
${number === latest && html` <span class="badge note">latest</span>`}
${number === schema.checkpoint && html` <span class="badge note">checkpoint</span>`}</th>
<td>${renderStatus(statusOf(version, state.now()))}</td>
<td data-label="Id"><code>${id}</code></td>
<td data-label="Metadata">${pairs === 0 ? 'none' : `${count(pairs)} ${pairs === 1 ? 'pair' : 'pairs'}`}</td>
<td data-label="Created">${renderTime(version.created_ms)}</td></tr>`;
  })}</tbody>
</table></div>`;
}

function renderLatest(schema: SchemaRow, { number, definition }: VersionRow): Html {
  const text = readableText(schema.data_format, definition);
  return html`<h2>Definition of the latest version</h2>
${renderText(text, `Definition of version ${number}`, 'text')}`;
}

/** Offers the newest version and the one before it. */
export function renderCompareForm(
  schema: SchemaRow,
  [newest, before]: readonly Pick<VersionRow, 'number'>[],
): Html {
  const from = before?.number ?? 1;
  return html`<h2>Compare two versions</h2>
<form class="fields" action="${paths.compare(schema)}" method="get">
<label for="from">From version<input id="from" name="from" type="number" min="1" required value="${from}"></label>
<label for="to">To version<input id="to" name="to" type="number" min="1" required value="${newest?.number}"></label>
<button>Compare</button>
</form>`;
}
