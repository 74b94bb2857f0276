import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { type TestContext, test } from 'node:test';
import zlib from 'node:zlib';
import { createPooledInflate } from './pooled-inflate.ts';

interface Native {
  onerror: unknown;
  writeSync(...args: unknown[]): void;
  reset(): void;
}

interface Stream {
  _handle: Partial<Native>;
  _writeState: unknown;
}

/** Makes zlib's streams as `change` wishes, until the test ends. */
function changeStreams(context: TestContext, change: (native: Native) => Partial<Stream>): void {
  const own = zlib.createInflate() as never as Stream & { _handle: Native };
  own._handle.onerror = () => {};
  const changed = { ...own, ...change(own._handle) };
  context.mock.method(zlib, 'createInflate', () => changed as never);
  syncBuiltinESMExports();
  context.after(() => {
    context.mock.restoreAll();
    syncBuiltinESMExports();
  });
}

/** The functions of the native stream; errors are reported to `onerror` of the stream itself. */
const functionsOf = (native: Native) => ({
  set onerror(listener: unknown) {
    native.onerror = listener;
  },
  writeSync: (...args: unknown[]) => native.writeSync(...args),
  reset: () => native.reset(),
});

test('bodies are inflated in parts of at most 1 MiB', (context) => {
  const parts: unknown[] = [];
  changeStreams(context, (native) => {
    const _handle = functionsOf(native);
    _handle.writeSync = (...args) => {
      parts.push(args[6]);
      native.writeSync(...args);
    };
    return { _handle };
  });
  const inflate = createPooledInflate();
  parts.length = 0;
  const body = randomBytes(3 * 1024 * 1024 - 1);
  assert.ok(body.equals(inflate?.(zlib.deflateSync(body), 0, body.length) as Buffer));
  const kib = [64, 64, 128, 256, 512, 1024, 1024];
  assert.deepEqual(
    parts,
    kib.map((size) => size * 1024),
  );
});

const changes: [string, (native: Native) => Partial<Stream>][] = [
  ['has no native stream', () => ({ _handle: undefined as never })],
  ['has no synchronous writes', () => ({ _handle: {} })],
  ['has no state', () => ({ _writeState: undefined })],
  ['has another kind of state', () => ({ _writeState: [0, 0] })],
  ['throws', (native) => ({ _handle: { ...functionsOf(native), writeSync: () => assert.fail() } })],
  ['is not reset', (native) => ({ _handle: { ...functionsOf(native), reset() {} } })],
  ['reports no error', (native) => ({ _handle: { ...functionsOf(native), onerror: undefined } })],
];

for (const [name, change] of changes)
  test(`a Node whose zlib ${name} inflates by its public calls`, async (context) => {
    changeStreams(context, change);
    assert.equal(createPooledInflate(), undefined);
    const url = new URL(`./inflate.ts?${encodeURIComponent(name)}`, import.meta.url);
    const { inflate } = await import(url.href);
    assert.equal(String(inflate(zlib.deflateSync('text'), 0, 100)), 'text');
  });
