import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestIds } from './request-ids.ts';

test("a caller's x-request-id is kept if it is short and safe in a log, else replaced", () => {
  const ids = createRequestIds();
  const of = (id: string) => ids({ 'x-request-id': id });
  for (const own of [
    '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    'Root=1-67891233-abc',
    'a',
    'x'.repeat(128),
  ])
    assert.equal(of(own), own);
  for (const own of ['', ' ', 'x'.repeat(129), 'a b', 'a\nb', 'a"b', 'é', 'a, b', '<x>', '%0a'])
    assert.match(of(own), /^[0-9a-f]{8}-[0-9a-z]+$/);
});

test('generated ids differ within a process and between processes', () => {
  const [first, second] = [createRequestIds(), createRequestIds()];
  const all = Array.from({ length: 100 }, () => [first(), second({})]).flat();
  assert.equal(new Set(all).size, 200);
});
