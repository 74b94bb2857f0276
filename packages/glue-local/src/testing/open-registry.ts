import type { InjectOptions } from 'fastify';
import { createGlueLocal, type GlueLocalOptions } from '../glue-local.ts';

/** A registry without a port: `call` sends a body as it is, also one that no SDK would send. */
export function openRegistry(options: Partial<GlueLocalOptions> = {}) {
  const app = createGlueLocal({ databaseFile: ':memory:', ...options });
  return {
    async call(action: string, body: unknown, headers: InjectOptions['headers'] = {}) {
      const response = await app.inject({
        method: 'POST',
        url: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AWSGlue.${action}`,
          ...headers,
        },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { response, status: response.statusCode, answer: response.json() };
    },
    app,
    [Symbol.asyncDispose]: () => app.close(),
  };
}
