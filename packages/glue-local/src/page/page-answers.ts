import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseLockedError } from '../database-locked.ts';
import { GlueError } from '../glue-error.ts';
import { StorageFullError } from '../storage-full.ts';
import { UntrustedHostError } from '../untrusted-host.ts';
import { renderDocument, type View } from './document.ts';
import { refusedView } from './fault-views.ts';

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

/** Whether a person asks by a browser. A program gets the answers of the API, also at an address of the page. */
export function wantsPage({ headers }: FastifyRequest): boolean {
  return /\btext\/html\b/.test(headers.accept ?? '');
}

export function addSecurityHeaders(reply: FastifyReply): FastifyReply {
  return reply.headers(securityHeaders);
}

export function sendPage(reply: FastifyReply, view: View): FastifyReply {
  return reply
    .code(view.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(renderDocument(view));
}

/**
 * What a person is told when a page cannot be made.
 * @returns undefined for an error of this program, which belongs in the log
 */
export function errorView(error: Error & { statusCode?: number }): View | undefined {
  if (error instanceof GlueError)
    return refusedView(error.status, 'Invalid request', error.message);
  if (error instanceof StorageFullError) return refusedView(500, 'Disk full', error.message);
  if (error instanceof DatabaseLockedError) {
    return refusedView(503, 'Database in use', error.message);
  }
  const status = error.statusCode ?? 500;
  if (error instanceof UntrustedHostError) {
    return refusedView(status, 'Unknown host name', error.message);
  }
  return status < 500 ? refusedView(status, 'Invalid request', error.message) : undefined;
}
