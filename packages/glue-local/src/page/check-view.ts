import { type CompatibilityMode, compatibilityModes } from '@order-stream/serde/compatibility';
import { decideRegistration, type Registration } from '../decide-registration.ts';
import { GlueError } from '../glue-error.ts';
import { findLiveSchema } from '../identifiers.ts';
import type { RegistryState } from '../registry-state.ts';
import { parseRequest } from '../request-rules.ts';
import type { SchemaRow } from '../schema-table.ts';
import { statusOf, type VersionRow } from '../version-table.ts';
import type { View } from './document.ts';
import { renderStatus } from './facts.ts';
import { type Html, html } from './html.ts';
import { modeWords } from './mode-words.ts';
import { paths } from './paths.ts';
import { renderReasons } from './reasons.ts';
import { crumbsOf } from './schema-view.ts';
import { layOut } from './text-layout.ts';

/** What the form sends. */
export interface CheckRequest {
  readonly definition: string;
  /** Anything but a mode stands for the mode of the schema. */
  readonly mode: string;
}

/** "Is this definition compatible?": a form, and the answer to what it sent. Nothing is stored. */
export function checkView(
  state: RegistryState,
  schema: SchemaRow,
  request: CheckRequest | undefined,
): View {
  const mode = compatibilityModes.find((known) => known === request?.mode) ?? schema.compatibility;
  // Without a maxlength: browsers cut a longer text in silence, and count otherwise than AWS.
  const content = html`
<p>Compares a definition with the versions of <a href="${paths.schema(schema)}">${schema.name}</a>, as a registration would.
Nothing is stored.</p>
${request && renderAnswer(state, schema, request.definition, mode)}
<h2>${request ? 'Another definition' : 'The definition'}</h2>
<form action="${paths.check(schema)}" method="post">
<label for="definition">${schema.data_format} definition</label>
<textarea id="definition" name="definition" rows="18" required spellcheck="false" autocapitalize="off"
 autocomplete="off">\n${request?.definition ?? latestText(state, schema)}</textarea>
<div class="fields">
<label for="mode">Compatibility<select id="mode" name="mode">${compatibilityModes.map(
    (one) =>
      html`<option value="${one}"${one === mode && html` selected`}>${one}${one === schema.compatibility && ' (of this schema)'}</option>`,
  )}</select></label>
<button class="main">Check</button>
</div>
</form>`;
  const title = 'Is a definition compatible?';
  return { title, crumbs: crumbsOf(schema), content };
}

/** The limit for a definition: the form would refuse the text that it offers. */
const maxOffered = 170_000;

/** To begin with: what most changes start from. */
function latestText(state: RegistryState, schema: SchemaRow): string {
  const latest = state.versions.findLatest(schema, state.now());
  if (latest === undefined) return '';
  return layOut(schema.data_format, latest.definition, maxOffered) ?? latest.definition;
}

function renderAnswer(
  state: RegistryState,
  schema: SchemaRow,
  definition: string,
  mode: CompatibilityMode,
): Html {
  let registration: Registration;
  try {
    registration = tryRegistration(state, schema, definition, mode);
  } catch (error) {
    if (!(error instanceof GlueError)) throw error;
    return html`<h2>Refused <span class="badge no">no</span></h2>
<p>A registration under ${mode} gets <code>${error.type}</code>: ${error.message}</p>`;
  }
  if (registration.existing !== undefined) {
    return renderExisting(state, schema, registration.existing);
  }
  const { reasons } = registration;
  const words = html`<p>${mode}: ${modeWords[mode]}</p>`;
  if (reasons.total === 0)
    return html`<h2>Compatible <span class="badge yes">yes</span></h2>${words}`;
  const proposed = { definition, name: 'the new definition', heading: 'The new definition' };
  return html`<h2>Not compatible <span class="badge no">no</span></h2>${words}
${renderReasons(state, schema, proposed, reasons)}`;
}

/**
 * What RegisterSchemaVersion would do, if the schema had the mode: the same checks in the same order.
 * @throws GlueError
 */
function tryRegistration(
  state: RegistryState,
  { registry: RegistryName, name: SchemaName }: SchemaRow,
  definition: string,
  mode: CompatibilityMode,
): Registration {
  const body = { SchemaId: { RegistryName, SchemaName }, SchemaDefinition: definition };
  const request = parseRequest('RegisterSchemaVersion', JSON.stringify(body));
  const { id, row } = findLiveSchema(state, request.SchemaId);
  const schema = { ...row, compatibility: mode };
  return decideRegistration(state, schema, request.SchemaDefinition, id.printed);
}

function renderExisting(state: RegistryState, schema: SchemaRow, existing: VersionRow): Html {
  const status = statusOf(existing, state.now());
  return html`<h2>Registered already ${renderStatus(status)}</h2>
<p>The definition is <a href="${paths.version(schema, existing.number)}">version ${existing.number}</a> already. A registration
returns that version, with the status ${status}.</p>
${status === 'FAILURE' && html`<p>It is not compared again, under any mode, until version ${existing.number} is deleted.</p>`}`;
}
