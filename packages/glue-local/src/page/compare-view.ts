import { printExactJson } from '@order-stream/serde';
import {
  allowedModes,
  avroMeaningChanges,
  type Change,
  changesOf,
  checkCompatibility,
  comparableJson,
  type Incompatibility,
} from '@order-stream/serde/compatibility';
import { definitionFault, resultOrFault } from '../definition.ts';
import type { SchemaRow } from '../schema-table.ts';
import type { VersionRow } from '../version-table.ts';
import { renderChangedLines } from './changed-lines.ts';
import type { View } from './document.ts';
import { fieldPaths } from './field-path.ts';
import { type Html, html } from './html.ts';
import { isCut } from './is-cut.ts';
import { paths } from './paths.ts';
import { directionInWords, reasonInWords, upperFirst } from './reason-words.ts';
import { crumbsOf, renderCompareForm } from './schema-view.ts';
import { shortened, shortenedPlace } from './shortened.ts';

/** The difference between two versions: under which modes the second can follow the first, in meaning, and in lines. */
export function compareView(schema: SchemaRow, from: VersionRow, to: VersionRow): View {
  const content = html`
<ul class="actions">
<li><a href="${paths.version(schema, from.number)}">Version ${from.number}</a></li>
<li><a href="${paths.version(schema, to.number)}">Version ${to.number}</a></li>
<li><a href="${paths.compare(schema, { from: to.number, to: from.number })}">Compare the other way round</a></li>
</ul>
<h2>Compatibility</h2>
${renderCompatibility(schema, from, to)}
<h2>What changed</h2>
${renderChanges(schema, from, to)}
<h2>Lines</h2>
${renderChangedLines(schema.data_format, from.definition, to.definition)}
${renderCompareForm(schema, [to, from])}`;
  const title = `Version ${from.number} compared with version ${to.number}`;
  return { title, crumbs: crumbsOf(schema), content };
}

function renderCompatibility(schema: SchemaRow, from: VersionRow, to: VersionRow): Html {
  const format = schema.data_format;
  const question = { newSchema: to.definition, previous: [from.definition] };
  const found = resultOrFault(
    () => checkCompatibility(format, { mode: 'FULL', ...question }).incompatibilities,
  );
  const reasons: readonly Partial<Incompatibility>[] = found.result ?? [{}];
  const modes = html`<p>Version ${to.number} can follow version ${from.number} under: ${allowedModes(
    reasons,
  ).map(
    (mode) => html`<span class="badge ${mode === 'NONE' ? 'note' : 'yes'}">${mode}</span> `,
  )}</p>`;
  if (found.result === undefined) {
    return html`${modes}${renderIncomparable(schema, [from, to], found.fault)}`;
  }
  const pathOf = fieldPaths(format, to.definition);
  const [isName, wasName] = [`version ${to.number}`, `version ${from.number}`];
  const warnings =
    format === 'AVRO' && resultOrFault(() => avroMeaningChanges({ mode: 'BACKWARD', ...question }));
  return html`${modes}
${renderList(
  found.result,
  'reasons',
  (reason) =>
    html`<li>${renderPath(pathOf(reason.newLocation))}${reasonInWords(reason, isName, wasName)} <span class="quiet">${directionInWords(reason, isName, wasName)}.</span></li>`,
  !isCut(found.result),
)}
${
  warnings &&
  warnings.result !== undefined &&
  warnings.result.length > 0 &&
  html`<h3>Values that mean something else</h3>${renderList(
    warnings.result,
    'warnings',
    ({ newLocation, message }) =>
      html`<li>${renderPath(pathOf(newLocation))}${upperFirst(message)}.</li>`,
  )}`
}`;
}

/** Older versions of this program accepted definitions that this one does not. Lines are compared all the same. */
function renderIncomparable(
  { data_format }: SchemaRow,
  versions: readonly VersionRow[],
  fault: string,
): Html {
  const invalid = versions.flatMap(({ number, definition }) => {
    const its = definitionFault(data_format, definition);
    return its === undefined ? [] : [html`<li>Version ${number}: ${its}.</li>`];
  });
  return html`<p>The versions cannot be compared with each other.</p>
<ul class="plain">${invalid.length > 0 ? invalid : html`<li>${upperFirst(fault)}.</li>`}</ul>`;
}

function renderPath(path: string): Html | false {
  return path !== '' && html`<code>${shortenedPlace(path)}</code>: `;
}

function renderChanges({ data_format }: SchemaRow, from: VersionRow, to: VersionRow): Html {
  const found = resultOrFault(() => {
    const [was, is] = [from, to].map(({ definition }) => comparableJson(data_format, definition));
    return changesOf(was, is);
  });
  if (found.fault !== undefined) return html`<p>Only lines can be compared: ${found.fault}.</p>`;
  return found.result.length === 0
    ? html`<p>None. The texts differ at most in blanks, comments, the order of keys or how names are written.</p>`
    : renderList(found.result, 'changes', renderChange);
}

const maxShown = 500;

/** The first items, and how many more there are. */
function renderList<Item>(
  items: readonly Item[],
  what: string,
  render: (item: Item) => Html,
  areAll = true,
): Html {
  if (items.length === 0) return html``;
  const hidden = items.length - maxShown;
  return html`<ul class="plain">${items.slice(0, maxShown).map(render)}</ul>
${hidden > 0 && html`<p>${!areAll && 'At least '}${hidden} more ${what} are not shown.</p>`}
${hidden <= 0 && !areAll && html`<p>There can be more ${what}: the comparison ended at a limit.</p>`}`;
}

const maxValue = 2000;

function renderChange({ pointer, change, before, after }: Change): Html {
  const where =
    pointer === '' ? 'the whole definition' : html`<code>${shortenedPlace(pointer)}</code>`;
  const [was, is] = [before, after].map(
    (value) =>
      html`<code>${value !== undefined && shortened(printExactJson(value), maxValue)}</code>`,
  );
  if (change === 'added') return html`<li>added ${where}: ${is}</li>`;
  if (change === 'removed') return html`<li>removed ${where}: ${was}</li>`;
  return html`<li>changed ${where}: from ${was} to ${is}</li>`;
}
