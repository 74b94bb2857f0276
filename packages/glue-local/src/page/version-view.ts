import type { RegistryState } from '../registry-state.ts';
import type { SchemaRow } from '../schema-table.ts';
import { statusOf, type VersionRow } from '../version-table.ts';
import type { View } from './document.ts';
import { renderFacts, renderStatus, renderTime } from './facts.ts';
import { type Html, html } from './html.ts';
import { paths } from './paths.ts';
import { crumbsOf } from './schema-view.ts';
import { renderText } from './text-lines.ts';

/** A version: its status, its metadata and its text. */
export function versionView(state: RegistryState, schema: SchemaRow, version: VersionRow): View {
  const { number } = version;
  const before = state.versions.listBefore(schema, number, 1)[0]?.number;
  const isLatest = state.versions.findLatest(schema, state.now())?.number === number;
  const content = html`
${renderFacts({
  Id: html`<code>${version.id}</code>`,
  Format: schema.data_format,
  Created: renderTime(version.created_ms),
  Metadata: renderMetadata(state, version.id),
})}
<ul class="actions">
${before && html`<li><a href="${paths.compare(schema, { from: before, to: number })}">Compare with version ${before}</a></li>`}
<li><a href="${paths.definition(schema, number)}">Text as it was registered</a></li>
</ul>
<h2>Definition</h2>
${renderText(version.definition, `Definition of version ${number}`)}`;
  const badge = html`${renderStatus(statusOf(version, state.now()))}
${isLatest && html`<span class="badge note">latest</span>`}
${number === schema.checkpoint && html`<span class="badge note">checkpoint</span>`}`;
  return { title: `Version ${number}`, crumbs: crumbsOf(schema), badge, content };
}

function renderMetadata(state: RegistryState, versionId: string): Html | undefined {
  const pairs = state.metadata.list(versionId);
  if (pairs.length === 0) return undefined;
  const items = pairs.map(
    ({ key, value, created_ms }) =>
      html`<li><b>${key}</b> ${value} <span class="quiet">${renderTime(created_ms)}</span></li>`,
  );
  return html`<ul class="tags">${items}</ul>`;
}
