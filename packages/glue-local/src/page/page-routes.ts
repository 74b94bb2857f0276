import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RegistryState } from '../registry-state.ts';
import type { SchemaKey, SchemaRow } from '../schema-table.ts';
import type { Transaction } from '../transactions.ts';
import type { VersionRow } from '../version-table.ts';
import { checkView } from './check-view.ts';
import { compareView } from './compare-view.ts';
import { styleSheetDigest, type View } from './document.ts';
import { notFoundView, refusedView } from './fault-views.ts';
import { pageNumber } from './list-pages.ts';
import { sendPage, wantsPage } from './page-answers.ts';
import { nameOf, paths } from './paths.ts';
import { registriesView } from './registries-view.ts';
import { schemaView } from './schema-view.ts';
import { registryView, searchView } from './schemas-view.ts';
import { styleSheet } from './style-sheet.ts';
import { isSameSite } from './trusted-host.ts';
import { versionView } from './version-view.ts';

type Parameters = Readonly<Record<string, string | undefined>>;
type PageRequest = FastifyRequest<{ Params: Parameters; Querystring: Record<string, unknown> }>;

/** @param run runs the reads of one page in one transaction */
export function addPageRoutes(
  pages: FastifyInstance,
  state: RegistryState,
  run: Transaction,
): void {
  show('/', ({ query }) => registriesView(state, pageNumber(textOf(query.page))));
  pages.get('/schemas', async (request: PageRequest, reply) => {
    const { text, page } = searchOf(request);
    const version = await run(() => state.versions.findById(text.toLowerCase()));
    if (version !== undefined) {
      const key = { registry: version.registry, name: version.schema };
      return reply.redirect(paths.version(key, version.number), 303);
    }
    const view = await run(() => searchView(state, { text, page }));
    return sendPage(reply, view);
  });
  show('/registries/:registry', (request) => {
    const name = nameOf(request.params.registry ?? '');
    const registry = state.registries.find(name);
    if (registry === undefined) return notFoundView(`Registry ${name} does not exist`);
    return registryView(state, registry, searchOf(request));
  });
  showSchema('', (schema, { query }) => schemaView(state, schema, pageNumber(textOf(query.page))));
  showSchema('/versions/:version', (schema, { params }) => {
    const version = findNumbered(schema, params.version);
    if (version === undefined) return versionNotFound(schema, params.version);
    return versionView(state, schema, version);
  });
  showSchema('/compare', (schema, { query }) => {
    const [from, to] = [query.from, query.to].map((number) => findNumbered(schema, number));
    if (from === undefined) return versionNotFound(schema, query.from);
    if (to === undefined) return versionNotFound(schema, query.to);
    return compareView(schema, from, to);
  });
  showSchema('/check', (schema) => checkView(state, schema, undefined));
  pages.post('/registries/:registry/schemas/:schema/check', async (request: PageRequest, reply) => {
    if (!isSameSite(request.headers)) {
      const why = 'The form was sent by a page of another site.';
      return sendPage(reply, refusedView(403, 'Request of another site', why));
    }
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
    // Browsers send line breaks as CR LF.
    const definition = (form.get('definition') ?? '').replaceAll('\r\n', '\n');
    const asked = { definition, mode: form.get('mode') ?? '' };
    const view = await run(() => schemaPage(request, (schema) => checkView(state, schema, asked)));
    return sendPage(reply, view);
  });
  // The text alone, byte for byte as it was registered.
  pages.get(
    '/registries/:registry/schemas/:schema/versions/:version/definition',
    async (request: PageRequest, reply) => {
      const version = await run(() => findNumbered(keyOf(request.params), request.params.version));
      if (version === undefined) {
        return sendPage(reply, versionNotFound(keyOf(request.params), request.params.version));
      }
      return reply.type('text/plain; charset=utf-8').send(version.definition);
    },
  );
  pages.get(paths.styleSheet(styleSheetDigest), (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .type('text/css; charset=utf-8')
      .send(styleSheet),
  );
  pages.get('/*', (request, reply) =>
    wantsPage(request)
      ? sendPage(reply, notFoundView('There is no page at this address'))
      : reply.callNotFound(),
  );

  function show(path: string, view: (request: PageRequest) => View): void {
    pages.get(path, async (request: PageRequest, reply) =>
      sendPage(reply, await run(() => view(request))),
    );
  }

  function showSchema(path: string, view: (schema: SchemaRow, request: PageRequest) => View) {
    show(`/registries/:registry/schemas/:schema${path}`, (request) =>
      schemaPage(request, (schema) => view(schema, request)),
    );
  }

  function schemaPage({ params }: PageRequest, view: (schema: SchemaRow) => View): View {
    const key = keyOf(params);
    const schema = state.schemas.find(key);
    if (schema !== undefined) return view(schema);
    return notFoundView(`Registry ${key.registry} has no schema ${key.name}`);
  }

  function findNumbered(key: SchemaKey, number: unknown): VersionRow | undefined {
    return /^[1-9]\d{0,14}$/.test(String(number))
      ? state.versions.findByNumber(key, Number(number))
      : undefined;
  }
}

function searchOf({ query }: PageRequest) {
  return { text: textOf(query.search)?.trim() ?? '', page: pageNumber(textOf(query.page)) };
}

function keyOf({ registry = '', schema = '' }: Parameters): SchemaKey {
  return { registry: nameOf(registry), name: nameOf(schema) };
}

function versionNotFound({ name }: SchemaKey, number: unknown): View {
  return notFoundView(`Schema ${name} has no version ${String(number ?? '')}`);
}

/** A parameter of a query that is given once. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
