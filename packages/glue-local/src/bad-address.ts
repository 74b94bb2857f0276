import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './aws-json.ts';
import { refusedView } from './page/fault-views.ts';
import { addSecurityHeaders, sendPage, wantsPage } from './page/page-answers.ts';

/**
 * Answers a request whose address cannot be decoded, such as `/%E0%A4%A`, or has a part that is too long: a page for a
 * browser, else an error of the API. Fastify refuses such requests before any route, hook or error handler.
 */
export function answerBadAddress(
  { statusCode = 400 }: { statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  addSecurityHeaders(reply);
  const why =
    statusCode === 414
      ? 'A part of the address is too long.'
      : 'The address is not valid: expected two hexadecimal digits of UTF-8 after each percent sign.';
  return wantsPage(request)
    ? sendPage(reply, refusedView(statusCode, 'Invalid address', why))
    : sendError(reply, statusCode, 'SerializationException', why);
}
