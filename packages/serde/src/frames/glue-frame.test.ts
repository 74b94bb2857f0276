import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { peek } from '../index.ts';
import { deflateBody, glueHeader, inflateBody } from './glue-frame.ts';

const schemaVersionId = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';
const idBytes = 'b7b4a7f09c964e4aa687fb5de9ef0c63';
const cap = 32 * 1024 * 1024;

function zlibFrame(stream: Uint8Array): Buffer {
  return Buffer.concat([glueHeader(schemaVersionId, 'zlib'), stream]);
}

test('S1-10 S4-07 the header is 18 bytes: version, compression, and the id alone', () => {
  assert.equal(glueHeader(schemaVersionId, 'none').toString('hex'), `0300${idBytes}`);
  assert.equal(glueHeader(schemaVersionId, 'zlib').toString('hex'), `0305${idBytes}`);
  assert.equal(glueHeader(schemaVersionId, 'none').length, 18);
});

test('an id that is not a UUID is rejected', () => {
  for (const id of ['', '7', schemaVersionId.slice(1), `${schemaVersionId}00`, 'x'.repeat(32)]) {
    assert.throws(() => glueHeader(id, 'none'), { code: 'invalid-schema', schemaVersionId: id });
  }
});

test('S4-07 peek reads the header without the body', () => {
  for (const compression of ['none', 'zlib'] as const) {
    const header = { frame: 'glue', compression, schemaVersionId };
    assert.deepEqual(peek(glueHeader(schemaVersionId, compression)), header);
  }
});

test('another first byte is not a frame, and a short header is a damaged frame', () => {
  const header = glueHeader(schemaVersionId, 'none');
  assert.throws(() => peek(Buffer.alloc(0)), { code: 'not-a-frame', firstByte: undefined });
  assert.throws(() => peek(Buffer.from('{"json":1}')), { code: 'not-a-frame', firstByte: 0x7b });
  for (let length = 1; length < header.length; length++) {
    assert.throws(() => peek(header.subarray(0, length)), { damage: 'short-header' });
  }
  header[1] = 1;
  assert.throws(() => peek(header), { damage: 'unknown-compression', schemaVersionId });
});

test('a body is compressed only when that makes it smaller', () => {
  assert.equal(deflateBody(Buffer.from('short')), undefined);
  const body = Buffer.alloc(1000, 'a');
  const stream = deflateBody(body) as Buffer;
  assert.ok(stream.length < 100);
  assert.deepEqual(inflateBody(zlibFrame(stream), cap), body);
});

test('a zlib stream that is cut anywhere, altered or followed by more is refused', () => {
  const stream = deflateSync(Buffer.from('the body of an order, the body of an order'));
  for (let length = 0; length < stream.length; length++) {
    const cut = zlibFrame(stream.subarray(0, length));
    assert.throws(() => inflateBody(cut, cap), { damage: 'bad-zlib', schemaVersionId });
  }
  const altered = zlibFrame(stream);
  altered[altered.length - 1] = (altered.at(-1) as number) ^ 1;
  assert.throws(() => inflateBody(altered, cap), { damage: 'bad-zlib' });
  const longer = zlibFrame(Buffer.concat([stream, Buffer.alloc(1)]));
  assert.throws(() => inflateBody(longer, cap), { damage: 'trailing-bytes' });
});

test('a body is not inflated beyond the limit, nor below it if it is a bomb', () => {
  const frame = zlibFrame(deflateSync(Buffer.alloc(2000)));
  assert.equal(inflateBody(frame, 2000).length, 2000);
  assert.throws(() => inflateBody(frame, 1999), { damage: 'inflates-too-far' });
  const bomb = zlibFrame(deflateSync(Buffer.alloc(16 * 1024 * 1024)));
  assert.throws(() => inflateBody(bomb, cap), { damage: 'inflates-too-far', schemaVersionId });
});
