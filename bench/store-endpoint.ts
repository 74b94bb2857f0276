// An endpoint of S3 and DynamoDB that answers at once and keeps nothing: what a sink costs without its store. A process of its own,
// so that its time is not the service's. Prints its port.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const xml = (name: string, content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;

function answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void {
  if (headers['x-amz-target'] !== undefined) {
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end('{}');
    return;
  }
  const query = new URL(url, 'http://localhost').searchParams;
  response.setHeader('etag', '"d41d8cd98f00b204e9800998ecf8427e"');
  response.setHeader('content-type', 'application/xml');
  if (method === 'GET' && query.has('uploads'))
    response.end(xml('ListMultipartUploadsResult', '<IsTruncated>false</IsTruncated>'));
  else if (method === 'GET')
    response.end(xml('ListBucketResult', '<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated>'));
  else if (method === 'POST' && query.has('uploads'))
    response.end(xml('InitiateMultipartUploadResult', '<UploadId>bench</UploadId>'));
  else if (method === 'POST')
    response.end(xml('CompleteMultipartUploadResult', '<ETag>"bench"</ETag>'));
  else response.end();
}

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => answer(request, response));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`),
);
process.on('SIGTERM', () => process.exit(0));
