import type { DataFormat } from '@order-stream/serde';
import { definitionPlaces } from '@order-stream/serde/compatibility';
import { resultOrFault } from '../definition.ts';
import type { Reason } from '../kept-reasons.ts';
import type { RegistryState } from '../registry-state.ts';
import type { SchemaRow } from '../schema-table.ts';
import type { Reasons } from '../version-table.ts';
import { fieldPaths } from './field-path.ts';
import { type Html, html } from './html.ts';
import { paths } from './paths.ts';
import { directionInWords, reasonInWords } from './reason-words.ts';
import { shortenedPlace } from './shortened.ts';
import { readableText } from './text-layout.ts';
import { type Mark, renderText } from './text-lines.ts';

/** A definition that is not compatible. */
export interface Proposed {
  readonly definition: string;
  /** Part of a sentence: "version 4". */
  readonly name: string;
  /** Of the section with its text. */
  readonly heading: string;
}

interface Numbered extends Reason {
  readonly number: number;
}

const maxReasons = 200;

/** Why a definition is not compatible: each reason in words, and its places marked in both texts. */
export function renderReasons(
  state: RegistryState,
  schema: SchemaRow,
  { definition, name, heading }: Proposed,
  { kept, total }: Reasons,
): Html {
  const distinct = [...new Map(kept.map((reason) => [keyOf(reason), reason])).values()];
  const reasons = distinct
    .slice(0, maxReasons)
    .map((reason, index) => ({ ...reason, number: index + 1 }));
  const pathOf = fieldPaths(schema.data_format, definition);
  const byVersion = Map.groupBy(reasons, ({ previousVersion }) => previousVersion);
  const [proposedText, proposedMarks] = place(
    schema.data_format,
    definition,
    reasons,
    'newLocation',
  );
  const marked = new Set(proposedMarks.map(({ number }) => `new-${number}`));
  const previousTexts = [...byVersion].map(([number, its]) => {
    const version = number === undefined ? undefined : state.versions.findByNumber(schema, number);
    if (number === undefined || version === undefined) {
      return html`<section><h3>${number === undefined ? 'Earlier version' : `Version ${number}`}</h3>
<p>The text that it was compared with is no longer known.</p></section>`;
    }
    const [text, marks] = place(schema.data_format, version.definition, its, 'previousLocation');
    for (const mark of marks) marked.add(`v${number}-${mark.number}`);
    return html`<section><h3><a href="${paths.version(schema, number)}">Version ${number}</a></h3>
${renderText(text, `Version ${number}`, `v${number}`, marks)}</section>`;
  });
  return html`
<ol class="reasons">${reasons.map((reason) => renderReason(reason, name, pathOf(reason.newLocation), marked))}</ol>
${distinct.length > maxReasons && html`<p>${distinct.length - maxReasons} more reasons are not shown.</p>`}
${total > kept.length && html`<p>${total} reasons were counted. The first ${kept.length} are kept, ${total - kept.length} are not.</p>`}
<h2>Both texts</h2>
<div class="texts">
<section><h3>${heading}</h3>
${renderText(proposedText, heading, 'new', proposedMarks)}</section>
${previousTexts}
</div>`;
}

function renderReason(
  reason: Numbered,
  name: string,
  path: string,
  marked: ReadonlySet<string>,
): Html {
  const { number, type, previousVersion, newLocation, previousLocation } = reason;
  const previous =
    previousVersion === undefined ? 'the earlier version' : `version ${previousVersion}`;
  const link = (id: string, location: string, words: string) => {
    const where = location === '' ? 'the whole definition' : shortenedPlace(location);
    const place = marked.has(id)
      ? html`<a href="#${id}"><code>${where}</code></a>`
      : html`<code>${where}</code>`;
    return html`<span>In ${words}: ${place}</span>`;
  };
  return html`<li id="reason-${number}"><span class="number" aria-hidden="true">${number}</span><div>
<p class="sentence">${path !== '' && html`<code>${shortenedPlace(path)}</code>: `}${reasonInWords(reason, name, previous)}</p>
<p class="quiet">${directionInWords(reason, name, previous)} (<code>${type}</code>)</p>
<p class="places">${link(`new-${number}`, newLocation, name)} ${link(`v${previousVersion}-${number}`, previousLocation, previous)}</p></div></li>`;
}

/** The text as it is shown, and the places of the reasons in it. */
function place(
  dataFormat: DataFormat,
  definition: string,
  reasons: readonly Numbered[],
  location: 'newLocation' | 'previousLocation',
): [string, readonly Mark[]] {
  const text = readableText(dataFormat, definition);
  // An older version of this program may have accepted a text that this one does not read. Its places are unknown.
  const places = resultOrFault(() => definitionPlaces(dataFormat, text));
  if (places.fault !== undefined) return [text, []];
  const marks = reasons.flatMap((reason) => {
    const range = places.result(reason[location]);
    return range ? [{ ...range, number: reason.number }] : [];
  });
  return [text, marks];
}

/** Two fields of one type have the same reason. */
function keyOf({ previous, ...reason }: Reason): string {
  const { type, direction, newLocation, previousLocation, message, previousVersion } = reason;
  return JSON.stringify([type, direction, newLocation, previousLocation, message, previousVersion]);
}
