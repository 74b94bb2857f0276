// The baseline of `npm run bench:glue-local`: a Fastify route that reads the request as text and answers the bytes of a file.
// Arguments: port, file.
import { readFileSync } from 'node:fs';
import fastify from 'fastify';

const [, , port, file] = process.argv as [string, string, string, string];
const answer = readFileSync(file);
const app = fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
app.post('/', (_request, reply) =>
  reply.header('content-type', 'application/x-amz-json-1.1').send(answer),
);
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.stderr.write('listening\n');
