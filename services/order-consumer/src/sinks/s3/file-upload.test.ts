import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createExistingFiles } from './existing-files.ts';
import { metadataOf } from './file-range.ts';
import { createFileUpload, UploadLostError } from './file-upload.ts';
import { partitionKeys } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';
import { createMemoryStore } from './testing/memory-store.ts';

const keys = partitionKeys('topics', 'orders', 0);
const key = keys.file(7n, 'json');
const endKey = keys.rangeEnd(7n, 'own');
const origin = {
  ...{ topic: 'orders', partition: 0, topicId: 'id-1' },
  ...{ first: 7n, fileId: 'own', serviceVersion: '1' },
};
const content = { last: 9n, records: 3, schemaVersionId: 'v1' };
const contentType = 'application/json';

/** An upload of offsets 7 to 9, and the requests that it sends. */
function begin(outcomes: Partial<ObjectStore> = {}) {
  const requests: string[] = [];
  const bucket = createMemoryStore((request) => {
    requests.push(request);
    return undefined;
  });
  const store = { ...bucket.store, ...outcomes };
  const start = {
    ...origin,
    attempt: <Result>(
      _: string,
      request: (signal: AbortSignal, progressed: () => void) => Promise<Result>,
    ) => request(new AbortController().signal, () => {}),
  };
  const files = createExistingFiles(start, store, keys);
  const upload = createFileUpload({
    ...{ start, store, keys, files, origin, contentType },
    extension: 'json',
  });
  return { ...bucket, requests, upload };
}

/** The object of another writer, or of an attempt whose answer was lost. */
const stored = (fileId: string, last: bigint) => ({
  contentType,
  metadata: metadataOf({ ...origin, fileId }, { ...content, last }),
  body: Buffer.from('stored'),
});

test('S3-09 a small file takes one request', async () => {
  const { upload, requests, objects } = begin();
  assert.equal(upload.key, key);
  assert.deepEqual(await upload.finish(Buffer.from('7\n'), content), { first: 7n, last: 9n });
  assert.deepEqual(requests, ['put']);
  assert.deepEqual(objects.get(key), {
    ...{ contentType, metadata: metadataOf(origin, content) },
    body: Buffer.from('7\n'),
  });
  assert.equal(upload.unfinished(), undefined);
});

test('S3-09 a large file is an upload of parts numbered from 1, and an object with the end of its range', async () => {
  const { upload, requests, objects, uploads } = begin();
  await upload.addPart(Buffer.from('7\n'));
  await upload.addPart(Buffer.from('8\n'));
  const [begun] = uploads.values();
  assert.deepEqual([...(begun?.parts.keys() ?? [])], [1, 2]);
  assert.deepEqual(upload.unfinished(), { key, uploadId: begun?.uploadId });
  assert.deepEqual(await upload.finish(Buffer.from('9'), content), { first: 7n, last: 9n });
  assert.deepEqual(requests, [
    ...['beginUpload', 'uploadPart', 'uploadPart', 'uploadPart'],
    ...['put', 'completeUpload'],
  ]);
  assert.deepEqual(objects.get(key), {
    ...{ contentType, metadata: metadataOf(origin, undefined) },
    body: Buffer.from('7\n8\n9'),
  });
  assert.deepEqual(objects.get(endKey), {
    ...{ contentType: 'application/octet-stream', metadata: metadataOf(origin, content) },
    body: Buffer.alloc(0),
  });
  assert.equal(upload.unfinished(), undefined);
});

test('a file that ends with a part has no empty part after it', async () => {
  const { upload, requests } = begin();
  await upload.addPart(Buffer.from('7\n'));
  await upload.finish(Buffer.alloc(0), content);
  assert.deepEqual(requests, ['beginUpload', 'uploadPart', 'put', 'completeUpload']);
});

test('S3-09 an object that is there is not replaced: its range is reported', async () => {
  const whole = begin();
  whole.objects.set(key, stored('other', 12n));
  assert.deepEqual(await whole.upload.finish(Buffer.from('7\n'), content), {
    ...{ first: 7n, last: 12n },
  });
  const parts = begin();
  await parts.upload.addPart(Buffer.from('7\n'));
  parts.objects.set(key, stored('other', 12n));
  assert.deepEqual(await parts.upload.finish(Buffer.from('8\n'), content), {
    ...{ first: 7n, last: 12n },
  });
  for (const { objects } of [whole, parts])
    assert.deepEqual(objects.get(key), stored('other', 12n));
});

test('an upload that is gone was completed if the object is there', async () => {
  const { upload, objects } = begin({ completeUpload: async () => 'gone' });
  await upload.addPart(Buffer.from('7\n'));
  objects.set(key, stored('own', 9n));
  assert.deepEqual(await upload.finish(Buffer.alloc(0), content), { first: 7n, last: 9n });
});

test('an upload that is gone without an object, or that S3 cannot complete, is lost and can be tried again', async () => {
  for (const outcome of ['gone', 'conflict'] as const) {
    const { upload } = begin({ completeUpload: async () => outcome });
    await upload.addPart(Buffer.from('7\n'));
    await assert.rejects(upload.finish(Buffer.alloc(0), content), (error) => {
      assert.ok(error instanceof UploadLostError);
      assert.deepEqual([error.code, error.retryable], ['upload-lost', true]);
      assert.match(error.message, /^s3:\/\/bucket\/topics\/orders\/.*its upload was aborted, or/);
      return true;
    });
    assert.notEqual(upload.unfinished(), undefined, 'the upload must be aborted later');
  }
  const { upload, uploads } = begin();
  await upload.addPart(Buffer.from('7\n'));
  uploads.clear();
  await assert.rejects(upload.addPart(Buffer.from('8\n')), {
    ...{ name: 'UploadLostError', message: /its upload was aborted\. The records/ },
  });
});

test('an object that S3 refuses to replace and does not have is unconfirmed', async () => {
  const { upload } = begin({ put: async () => 'exists' });
  await assert.rejects(upload.finish(Buffer.from('7\n'), content), { code: 'unconfirmed-object' });
});
