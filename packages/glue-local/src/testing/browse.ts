import type { InjectOptions } from 'fastify';
import type { openRegistry } from './open-registry.ts';

/** Gets a page as a browser does. */
export async function browse(
  { app }: Pick<ReturnType<typeof openRegistry>, 'app'>,
  url: string,
  headers: InjectOptions['headers'] = {},
) {
  const response = await app.inject({
    url,
    headers: { accept: 'text/html,*/*;q=0.8', host: '127.0.0.1:4570', ...headers },
  });
  return { status: response.statusCode, headers: response.headers, text: response.body };
}
