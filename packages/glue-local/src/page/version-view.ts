import type { RegistryState } from '../registry-state.ts';
import type { SchemaRow } from '../schema-table.ts';
import { statusOf, type VersionRow } from '../version-table.ts';
import type { View } from './document.ts';
import { renderFacts, renderStatus, renderTime } from './facts.ts';
import { type Html, html } from './html.ts';
import { paths } from './paths.ts';
import { renderReasons } from './reasons.ts';
import { crumbsOf } from './schema-view.ts';
import { readableText } from './text-layout.ts';
import { renderText } from './text-lines.ts';

/** A version: its status, its metadata and its text, and why it failed. */
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
${renderDefinition(state, schema, version)}`;
  const badge = html`${renderStatus(statusOf(version, state.now()))}
${isLatest && html`<span class="badge note">latest</span>`}
${number === schema.checkpoint && html`<span class="badge note">checkpoint</span>`}`;
  return { title: `Version ${number}`, crumbs: crumbsOf(schema), badge, content };
}

function renderDefinition(state: RegistryState, schema: SchemaRow, version: VersionRow): Html {
  const { number, definition } = version;
  // A PENDING version has its verdict already, which AWS does not show either.
  if (statusOf(version, state.now()) === 'FAILURE') {
    const reasons = state.versions.findReasons(version.id);
    const name = `version ${number}`;
    return html`<h2>Why it failed</h2>
${renderReasons(state, schema, { definition, name, heading: `Version ${number}, which failed` }, reasons)}`;
  }
  const text = readableText(schema.data_format, definition);
  return html`<h2>Definition</h2>
${renderText(text, `Definition of version ${number}`, 'text')}`;
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
