import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keepTickShape } from './tick-shape.ts';

/** The objects that Node makes for `process.nextTick` while `work` runs. */
function tickObjects(work: () => void): WeakRef<object>[] {
  const made: WeakRef<object>[] = [];
  const hook = createHook({
    init(_asyncId, type, _triggerAsyncId, resource) {
      if (type === 'TickObject') made.push(new WeakRef(resource));
    },
  }).enable();
  work();
  hook.disable();
  return made;
}

test('one object of process.nextTick survives garbage collection', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const kept = tickObjects(keepTickShape);
  const forgotten = tickObjects(() => process.nextTick(() => {}));

  await setImmediate();
  for (let i = 0; i < 4; i += 1) collectGarbage();

  assert.deepEqual(
    forgotten.map((one) => one.deref()),
    [undefined],
  );
  assert.equal(kept.filter((one) => one.deref() !== undefined).length, 1);
});
