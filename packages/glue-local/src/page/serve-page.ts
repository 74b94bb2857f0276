import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RegistryState } from '../registry-state.ts';
import type { SchemaKey, SchemaRow } from '../schema-table.ts';
import type { Transaction } from '../transactions.ts';
import { UntrustedHostError } from '../untrusted-host.ts';
import type { VersionRow } from '../version-table.ts';
import { checkView } from './check-view.ts';
import { compareView } from './compare-view.ts';
import { renderDocument, styleSheetDigest, type View } from './document.ts';
import { notFoundView, refusedView } from './fault-views.ts';
import { pageNumber } from './list-pages.ts';
import { nameOf, paths } from './paths.ts';
import { registriesView } from './registries-view.ts';
import { schemaView } from './schema-view.ts';
import { registryView, searchView } from './schemas-view.ts';
import { styleSheet } from './style-sheet.ts';
import { isSameSite, isTrustedHost } from './trusted-host.ts';
import { versionView } from './version-view.ts';

type Parameters = Readonly<Record<string, string | undefined>>;
type PageRequest = FastifyRequest<{ Params: Parameters; Querystring: Record<string, unknown> }>;

/** Nothing is loaded but the style sheet, no script runs, and no other site can show the page in a frame. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/**
 * The pages of the registry for people, at `GET /` and below. They are whole documents without a script. They change
 * nothing.
 * @param run runs the reads of one page in one transaction
 */
export function servePage(app: FastifyInstance, state: RegistryState, run: Transaction): void {
  const addPages = async (pages: FastifyInstance) => {
    pages.addHook('onRequest', async (request, reply) => {
      reply.headers(securityHeaders);
      if (!isTrustedHost(request.headers.host)) throw new UntrustedHostError();
    });
    pages.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
      const status = error.statusCode ?? 500;
      if (error instanceof UntrustedHostError) {
        return send(
          reply.headers(securityHeaders),
          refusedView(status, 'Unknown host name', error.message),
        );
      }
      if (status < 500) return send(reply, refusedView(status, 'Invalid request', error.message));
      request.log.error({ err: error }, 'page failed');
      const why = 'The page could not be made. The log of glue-local has the error.';
      return send(reply, refusedView(500, 'Internal error', why));
    });

    show('/', ({ query }) => registriesView(state, pageNumber(textOf(query.page))));
    pages.get('/schemas', async (request: PageRequest, reply) => {
      const { query } = request;
      const text = textOf(query.search)?.trim() ?? '';
      const version = await run(() => state.versions.findById(text.toLowerCase()));
      if (version !== undefined) {
        const key = { registry: version.registry, name: version.schema };
        return reply.redirect(paths.version(key, version.number), 303);
      }
      return send(
        reply,
        await run(() => searchView(state, { text, page: pageNumber(textOf(query.page)) })),
      );
    });
    show('/registries/:registry', ({ params, query }) => {
      const name = nameOf(params.registry ?? '');
      const registry = state.registries.find(name);
      if (registry === undefined) return notFoundView(`Registry ${name} does not exist`);
      const text = textOf(query.search)?.trim() ?? '';
      return registryView(state, registry, { text, page: pageNumber(textOf(query.page)) });
    });
    showSchema('', (schema, { query }) =>
      schemaView(state, schema, pageNumber(textOf(query.page))),
    );
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
    pages.post(
      '/registries/:registry/schemas/:schema/check',
      async (request: PageRequest, reply) => {
        if (!isSameSite(request.headers)) {
          const why = 'The form was sent by a page of another site.';
          return send(reply, refusedView(403, 'Request of another site', why));
        }
        const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
        // Browsers send line breaks as CR LF.
        const definition = (form.get('definition') ?? '').replaceAll('\r\n', '\n');
        const asked = { definition, mode: form.get('mode') ?? '' };
        return send(
          reply,
          await run(() => schemaPage(request, (schema) => checkView(state, schema, asked))),
        );
      },
    );
    // The text alone, byte for byte as it was registered.
    pages.get(
      '/registries/:registry/schemas/:schema/versions/:version/definition',
      async (request: PageRequest, reply) => {
        const version = await run(() =>
          findNumbered(keyOf(request.params), request.params.version),
        );
        if (version === undefined) {
          return send(reply, versionNotFound(keyOf(request.params), request.params.version));
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
    pages.get('/*', (request, reply) => {
      // A program gets the answer that the API gives.
      if (!/\btext\/html\b/.test(request.headers.accept ?? '')) return reply.callNotFound();
      return send(reply, notFoundView('There is no page at this address'));
    });

    function show(path: string, view: (request: PageRequest) => View): void {
      pages.get(path, async (request: PageRequest, reply) =>
        send(reply, await run(() => view(request))),
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
  };
  // Without a name, fastify looks for one in `require.cache`, which a bundle of ES modules does not have.
  app.register(Object.assign(addPages, { [Symbol.for('fastify.display-name')]: 'pages' }));
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

function send(reply: FastifyReply, view: View): FastifyReply {
  return reply
    .code(view.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(renderDocument(view));
}
