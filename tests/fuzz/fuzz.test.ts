import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import type { ForeignProcess } from '../conformance/foreign-process.ts';
import { differencesOf, kindOf } from './difference.ts';
import { fuzzFormats } from './formats.ts';
import { formatNames } from './fuzz-format.ts';
import { startJavaTwin } from './java-twin.ts';
import { minimise } from './minimise.ts';
import { namedDifferences } from './named-differences.ts';
import { printDisagreement, printTally } from './print-tally.ts';
import { runCases } from './run-cases.ts';
import { seededDraw } from './seeded-draw.ts';

let java: ForeignProcess;
before(async () => {
  java = await startJavaTwin();
});
after(() => java?.close());

const seed = 20_261_130;
/** About a minute together on two processors. */
const counts = { avro: 1500, json: 1500, 'json-verdict': 400, protobuf: 800 };
const someNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

for (const name of formatNames) {
  const format = fuzzFormats[name];

  const shown =
    name === 'json-verdict'
      ? 'random pairs of schemas: no value refutes a verdict'
      : "random cases have Java's answers, but for what README names";
  test(`S1-08 ${name}: ${counts[name]} ${shown} (seed ${seed})`, async (t) => {
    const numbers = Array.from({ length: counts[name] }, (_, index) => index + 1);
    const run = { seed, numbers, isOver: () => false, shownOfKind: 1 };
    const tally = await runCases(format, java, run);
    t.diagnostic(printTally(name, seed, tally).trim());
    const printed = tally.disagreements.map((one) => printDisagreement(format, seed, one));
    assert.equal(printed.join('\n'), '');
    // Most questions must be about accepted schemas and values.
    assert.ok(tally.answers > 3 * counts[name], `${tally.answers} answers`);
  });

  test(`${name}: any changed answer is a disagreement`, async () => {
    let answers = 0;
    for (const number of someNumbers) {
      const compared = await format.compare(format.draw(seededDraw(seed, name, number)), java);
      const before = differencesOf(compared).map(({ question }) => question);
      for (const [question, answer] of Object.entries(compared.java)) {
        if (before.includes(question)) continue;
        answers += 1;
        const changed = { ...compared, java: { ...compared.java, [question]: `${answer}!` } };
        assert.deepEqual(
          differencesOf(changed)
            .map((one) => one.question)
            .toSorted(),
          [...before, question].toSorted(),
        );
      }
    }
    assert.ok(answers > 30, `${answers} answers`);
  });

  test(`${name}: a case is drawn again from its seed and number alone`, () => {
    const draw = (number: number) => format.print(format.draw(seededDraw(seed, name, number)));
    const drawn = someNumbers.map(draw);
    assert.deepEqual(someNumbers.toReversed().map(draw).reverse(), drawn);
    assert.equal(new Set(drawn).size, drawn.length);
  });

  // Java has no verdicts about JSON Schema.
  if (name === 'json-verdict') continue;

  test(`${name}: a library that answers wrongly is reported, with a small input`, async () => {
    const liar: ForeignProcess = {
      ...java,
      call: async <Answer>(request: object) => lie(await java.call(request)) as Answer,
    };
    const tally = await runCases(format, liar, {
      seed,
      numbers: someNumbers,
      isOver: () => false,
      shownOfKind: 1,
    });
    const found = [...tally.kinds.values()].reduce((sum, count) => sum + count, 0);
    assert.ok(found >= someNumbers.length / 2, `${found} of ${someNumbers.length} cases`);
    const sizes = tally.disagreements.map(({ input }) => JSON.stringify(input).length);
    assert.ok(Math.min(...sizes) < 150, `${sizes}`);
  });
}

test('a verdict that a value refutes is reported, and so is a schema that has no answer', async () => {
  const { compare } = fuzzFormats['json-verdict'];
  const kindsOf = async (reader: string, writer: string, isLooser: boolean) => {
    const compared = await compare({ reader, writer, isLooser, values: ['1'] }, java);
    return differencesOf(compared).map(kindOf);
  };
  assert.deepEqual(await kindsOf('{"type":"string"}', '{}', true), [
    'verdict: the values compatible, this project incompatible',
  ]);
  assert.deepEqual(await kindsOf('{"minimum":1}', '{"minimum":1}', false), []);
  const [, ...kinds] = await kindsOf('{"type":5}', '{}', false);
  assert.equal(kinds.length, 1);
  assert.match(`${kinds}`, /^reader: the values invalid, this project refused/);
});

test('a Java process that ends is a failure, and not an answer', async () => {
  const ending = await startJavaTwin();
  await ending.close();
  const run = { seed, numbers: someNumbers, isOver: () => false, shownOfKind: 1 };
  await assert.rejects(runCases(fuzzFormats.json, ending, run), /java ended/);
});

test('a disagreement is made small, and stays of its kind', async () => {
  const { draw, shrink, print } = fuzzFormats.json;
  const compare = async (input: unknown) => {
    const { schema } = input as { schema: string };
    const verdict = schema.includes('"format"')
      ? 'valid'
      : schema.includes('"a"')
        ? 'invalid'
        : 'refused';
    return { java: { verdict }, ours: { verdict: 'refused' }, reasons: {} };
  };
  const numbers = Array.from({ length: 100 }, (_, number) => number);
  const inputs = numbers.map((number) => draw(seededDraw(seed, 'json', number)));
  const input = inputs.find((one) => print(one).includes('"format"'));
  const format = { ...fuzzFormats.json, draw, shrink, print, compare };
  const [difference] = differencesOf(await compare(input));
  assert.ok(difference !== undefined);
  const smallest = await minimise(format, java, input, difference, () => true);
  assert.match(
    JSON.stringify(smallest.input),
    /^\{"schema":"\{?\\"format\\"[^,]*","values":\["[^"]*"\]\}$/,
  );
});

test('each difference that is not a disagreement is a sentence of the README', () => {
  const words = (text: string) => text.replace(/\s+/g, ' ');
  const readme = words(readFileSync(join(root, 'packages/serde/README.md'), 'utf8'));
  for (const { name, sentence } of namedDifferences)
    assert.ok(readme.includes(words(sentence)), `${name}: ${sentence}`);
});

/** The answer with another verdict, body or text. */
function lie(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(lie);
  if (typeof answer !== 'object' || answer === null) return lieAbout(answer);
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) =>
      ['text', 'message', 'value', 'read', 'readAs'].includes(key)
        ? [key, value]
        : [key, lie(value)],
    ),
  );
}

function lieAbout(answer: unknown): unknown {
  if (typeof answer === 'boolean') return !answer;
  if (answer === 'valid') return 'invalid';
  if (answer === 'invalid') return 'valid';
  if (typeof answer !== 'string' || !/^[\w+/]+=*$/.test(answer)) return answer;
  const bytes = Buffer.from(answer, 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes.toString('base64');
}
