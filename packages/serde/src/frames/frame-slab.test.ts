import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Codec } from '../codec.ts';
import { createFrameSlab } from './frame-slab.ts';

const header = Buffer.from('head:');
const codec = {
  encode(value: string, target: Buffer, offset: number) {
    const end = offset + value.length;
    if (end > target.length) return target.length - end;
    return offset + target.write(value, offset);
  },
} as never as Codec;

test('small frames share a buffer, and a large frame has a buffer of its own size', () => {
  const createFrame = createFrameSlab(100);
  const frames: Buffer[] = [];
  const write = (bodyBytes: number) => {
    const body = String(frames.length).repeat(bodyBytes);
    const frame = createFrame(header, codec, body);
    frames.push(frame);
    assert.equal(frame.toString(), `head:${body}`);
    return frame;
  };
  const first = write(10);
  assert.equal(first.buffer.byteLength, 100);
  assert.equal(write(10).buffer, first.buffer);
  assert.equal(write(80).buffer.byteLength, 85);
  assert.equal(write(21 + 50).buffer.byteLength, 76);
  assert.equal(write(65).buffer, first.buffer, 'ends with the buffer');
  const next = write(20);
  assert.notEqual(next.buffer, first.buffer);
  assert.equal(next.buffer.byteLength, 100);
  assert.equal(write(60).buffer, next.buffer);
  assert.equal(write(21).buffer.byteLength, 26, 'more than a quarter of a buffer');
  assert.equal(write(1).buffer, next.buffer);
  for (const [i, frame] of frames.entries())
    assert.match(frame.toString(), new RegExp(`^head:${i}+$`), 'no frame overwrites another');
});

test('a frame that is written inside another has a buffer of its own size', () => {
  const createFrame = createFrameSlab();
  let inner: Buffer | undefined;
  const nesting = {
    encode(value: string, target: Buffer, offset: number) {
      inner ??= createFrame(header, codec, 'inner');
      return codec.encode(value, target, offset);
    },
  } as never as Codec;
  const outer = createFrame(header, nesting, 'outer');
  assert.deepEqual([String(outer), String(inner)], ['head:outer', 'head:inner']);
  assert.deepEqual([outer.buffer.byteLength, inner?.buffer.byteLength], [65_536, 10]);
});

test('a value that grows while it is encoded is an error', () => {
  const growing = { encode: () => -1 } as never as Codec;
  const createFrame = createFrameSlab();
  assert.throws(() => createFrame(header, growing, 'x'), RangeError);
  assert.equal(String(createFrame(header, codec, 'next')), 'head:next');
});
