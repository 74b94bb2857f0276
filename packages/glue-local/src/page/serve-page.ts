import type { FastifyInstance } from 'fastify';
import type { RegistryState } from '../registry-state.ts';
import type { Transaction } from '../transactions.ts';
import { UntrustedHostError } from '../untrusted-host.ts';
import { refusedView } from './fault-views.ts';
import { addSecurityHeaders, errorView, sendPage } from './page-answers.ts';
import { addPageRoutes } from './page-routes.ts';
import { isTrustedHost } from './trusted-host.ts';

/**
 * The pages of the registry for people, at `GET /` and below. They are whole documents without a script. They change
 * nothing.
 * @param run runs the reads of one page in one transaction
 */
export function servePage(app: FastifyInstance, state: RegistryState, run: Transaction): void {
  const addPages = async (pages: FastifyInstance) => {
    pages.addHook('onRequest', async (request, reply) => {
      addSecurityHeaders(reply);
      if (!isTrustedHost(request.headers.host)) throw new UntrustedHostError();
    });
    pages.setErrorHandler((error: Error, request, reply) => {
      // The error may come from a hook before the one above.
      addSecurityHeaders(reply);
      const view = errorView(error);
      if (view !== undefined) return sendPage(reply, view);
      request.log.error({ err: error }, 'page failed');
      const why = 'The page could not be made. The log of glue-local has the error.';
      return sendPage(reply, refusedView(500, 'Internal error', why));
    });
    addPageRoutes(pages, state, run);
  };
  // Without a name, fastify looks for one in `require.cache`, which a bundle of ES modules does not have.
  app.register(Object.assign(addPages, { [Symbol.for('fastify.display-name')]: 'pages' }));
}
