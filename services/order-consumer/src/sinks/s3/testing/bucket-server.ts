import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listeningEndpoint } from '../../../testing/listening-endpoint.ts';
import { openConnections } from '../../../testing/open-connections.ts';

/** A request that changes the bucket. */
export interface BucketRequest {
  /** Method and path, and which kind of request it is if it belongs to an upload. */
  readonly name: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const xml = (name: string, content: string) => `<?xml version="1.0"?><${name}>${content}</${name}>`;

/**
 * A server in place of S3, with an empty bucket that keeps nothing. An upload has the path of its object as its id.
 *
 * @param statusOf resolves to the status of an answer, which waits for it
 */
export async function startBucketServer(
  context: { after(end: () => void): void },
  statusOf: (request: BucketRequest) => Promise<number> | number = () => 200,
) {
  const requests: BucketRequest[] = [];

  async function answer(request: IncomingMessage): Promise<{ status: number; content: string }> {
    const { method = '', url = '', headers } = request;
    const body = await buffer(request);
    const { pathname, searchParams } = new URL(url, 'http://store');
    if (method === 'GET')
      return {
        status: 200,
        content: searchParams.has('uploads')
          ? xml('ListMultipartUploadsResult', '<IsTruncated>false</IsTruncated>')
          : xml('ListBucketResult', '<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated>'),
      };
    const path = decodeURIComponent(pathname);
    const part = searchParams.get('partNumber');
    const ofUpload = searchParams.has('uploadId')
      ? ` of upload ${searchParams.get('uploadId')}`
      : '';
    const name = `${method} ${path}${part === null ? '' : ` part ${part}`}${ofUpload}`;
    const one = { name, headers, body };
    requests.push(one);
    const status = await statusOf(one);
    if (method !== 'POST' || status !== 200) return { status, content: '' };
    const content = searchParams.has('uploads')
      ? xml('InitiateMultipartUploadResult', `<UploadId>${path}</UploadId>`)
      : xml('CompleteMultipartUploadResult', '<ETag>"e"</ETag>');
    return { status, content };
  }

  const server = createServer(async (request, response) => {
    const { status, content } = await answer(request);
    response.writeHead(status, { etag: '"e"', 'content-type': 'application/xml' }).end(content);
  });
  const connections = openConnections(server);
  return {
    endpoint: await listeningEndpoint(context, server),
    requests,
    connections,
    names: () => requests.map(({ name }) => name),
  };
}
