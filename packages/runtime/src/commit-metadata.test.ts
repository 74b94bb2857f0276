import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitMetadata, isCommitOfTopic } from './commit-metadata.ts';

test('a commit is of another log only if it names another id', () => {
  assert.ok(isCommitOfTopic(commitMetadata('first') ?? null, 'first'));
  assert.ok(isCommitOfTopic('topic-id=first s3=12', 'first'));
  assert.ok(!isCommitOfTopic('s3=12 topic-id=first', 'second'));
  for (const metadata of [null, '', 'of another tool', 'xtopic-id=first'])
    assert.ok(isCommitOfTopic(metadata, 'second'), String(metadata));
  assert.ok(isCommitOfTopic('topic-id=first', undefined));
  assert.equal(commitMetadata(undefined), undefined);
});
