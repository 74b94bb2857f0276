import type { TestContext } from 'node:test';
import { type Deserialized, type Deserializer, UnknownSchemaError } from '@order-stream/serde';

/** Replaces the timers of a test, and lets time pass in steps of 10 ms. */
export function virtualTime(context: TestContext) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 0;
  return {
    now: () => nowMs,
    /** Lets time pass until the work is done. */
    async during<Result>(work: Promise<Result>): Promise<Result> {
      let isDone = false;
      const end = () => {
        isDone = true;
      };
      work.then(end, end);
      for (;;) {
        await new Promise(setImmediate);
        if (isDone) return await work;
        nowMs += 10;
        context.mock.timers.tick(10);
      }
    },
  };
}

/**
 * Reads values that are the text of their schema version id. The registry needs `answerMs` for each id, and does not know
 * those that begin with `absent`. As the real one, it has one question in flight per id, and its answers are kept.
 */
export function slowRegistry(answerMs: (id: string) => number) {
  const questions = new Map<string, Promise<void>>();
  const answered = new Set<string>();
  let decoded = 0;

  function decode(id: string): Deserialized<never> {
    if (id.startsWith('absent')) throw new UnknownSchemaError(id);
    decoded += 1;
    const schema = { schemaVersionId: id, dataFormat: 'AVRO', definition: '"string"' } as const;
    return { value: id as never, schema, bodyBytes: 1 };
  }

  function question(id: string): Promise<void> {
    const asked = questions.get(id);
    if (asked !== undefined) return asked;
    const { promise, resolve } = Promise.withResolvers<void>();
    questions.set(id, promise);
    setTimeout(() => {
      answered.add(id);
      resolve();
    }, answerMs(id));
    return promise;
  }

  const deserializer: Deserializer = {
    deserializeSync(bytes) {
      const id = Buffer.from(bytes).toString();
      return answered.has(id) ? decode(id) : undefined;
    },
    async deserialize(bytes) {
      const id = Buffer.from(bytes).toString();
      await question(id);
      return decode(id);
    },
  };
  return {
    deserializer,
    /** The ids that were asked for. */
    asked: () => [...questions.keys()],
    /** How many values were decoded. */
    decoded: () => decoded,
  };
}
