import { printExactJson } from '@order-stream/serde';
import {
  allowedModes,
  avroMeaningChanges,
  type Change,
  changesOf,
  comparableJson,
  InvalidAvroSchemaError,
} from '@order-stream/serde/compatibility';
import { findFaults } from '../compatibility-reasons.ts';
import type { SchemaRow } from '../schema-table.ts';
import type { VersionRow } from '../version-table.ts';
import type { View } from './document.ts';
import { fieldPaths } from './field-path.ts';
import { type Html, html } from './html.ts';
import { type DiffLine, diffLines } from './line-diff.ts';
import { paths } from './paths.ts';
import { directionInWords, reasonInWords, upperFirst } from './reason-words.ts';
import { crumbsOf, renderCompareForm } from './schema-view.ts';
import { layOut } from './text-layout.ts';

/** The difference between two versions: under which modes the second can follow the first, in meaning, and in lines. */
export function compareView(schema: SchemaRow, from: VersionRow, to: VersionRow): View {
  const format = schema.data_format;
  const [was, is] = [from, to].map(({ definition }) => comparableJson(format, definition));
  const changes = changesOf(was, is);
  const reasons = findFaults(format, 'FULL', to.definition, [from]);
  const [wasName, isName] = [`version ${from.number}`, `version ${to.number}`];
  const pathOf = fieldPaths(format, to.definition);
  const warnings = warningsOf(schema, from, to);
  const content = html`
<ul class="actions">
<li><a href="${paths.version(schema, from.number)}">Version ${from.number}</a></li>
<li><a href="${paths.version(schema, to.number)}">Version ${to.number}</a></li>
<li><a href="${paths.compare(schema, { from: to.number, to: from.number })}">Compare the other way round</a></li>
</ul>
<h2>Compatibility</h2>
<p>Version ${to.number} can follow version ${from.number} under: ${allowedModes(reasons).map(
    (mode) => html`<span class="badge ${mode === 'NONE' ? 'note' : 'yes'}">${mode}</span> `,
  )}</p>
${
  reasons.length > 0 &&
  html`<ul class="plain">${reasons
    .slice(0, maxShown)
    .map(
      (reason) =>
        html`<li>${renderPath(pathOf(reason.newLocation))}${reasonInWords(reason, isName, wasName)} <span class="quiet">${directionInWords(reason, isName, wasName)}.</span></li>`,
    )}</ul>`
}
${warnings.length > 0 && html`<h3>Values that mean something else</h3><ul class="plain">${warnings.map(({ newLocation, message }) => html`<li>${renderPath(pathOf(newLocation))}${upperFirst(message)}.</li>`)}</ul>`}
<h2>What changed</h2>
${
  changes.length === 0
    ? html`<p>None. The texts differ at most in blanks, comments, the order of keys or how names are written.</p>`
    : html`<ul class="plain">${changes.slice(0, maxShown).map(renderChange)}</ul>
${changes.length > maxShown && html`<p>${changes.length - maxShown} more changes are not shown.</p>`}`
}
<h2>Lines</h2>
${renderDiff(layOut(format, from.definition), layOut(format, to.definition))}
${renderCompareForm(schema, [to, from])}`;
  const title = `Version ${from.number} compared with version ${to.number}`;
  return { title, crumbs: crumbsOf(schema), content };
}

function renderPath(path: string): Html | false {
  return path !== '' && html`<code>${path}</code>: `;
}

const maxShown = 500;

function warningsOf({ data_format }: SchemaRow, from: VersionRow, to: VersionRow) {
  if (data_format !== 'AVRO') return [];
  try {
    const previous = [from.definition];
    return avroMeaningChanges({ mode: 'BACKWARD', newSchema: to.definition, previous });
  } catch (error) {
    if (error instanceof InvalidAvroSchemaError) return [];
    throw error;
  }
}

function renderChange({ pointer, change, before, after }: Change): Html {
  const where = html`<code>${pointer === '' ? '/' : pointer}</code>`;
  if (change === 'added')
    return html`<li>added ${where}: <code>${printExactJson(after)}</code></li>`;
  if (change === 'removed') {
    return html`<li>removed ${where}: <code>${printExactJson(before)}</code></li>`;
  }
  return html`<li>changed ${where}: from <code>${printExactJson(before)}</code> to <code>${printExactJson(after)}</code></li>`;
}

// Unchanged lines around each change; the others are folded.
const context = 4;
const maxLines = 4000;

function renderDiff(first: string, second: string): Html {
  const lines = diffLines(first.split(/\r\n|\r|\n/), second.split(/\r\n|\r|\n/));
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

const signs = { same: ' ', removed: '-', added: '+' };

function renderDiffLine({ kind, text, from, to }: DiffLine): Html {
  return html`<span class="row ${kind}"><span class="at">${from}</span><span class="at">${to}</span><span class="sign">${signs[kind]}</span><span class="words">${text}\n</span></span>`;
}
