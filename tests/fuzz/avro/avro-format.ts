import { compileAvro, parseAvro } from '@order-stream/serde';
import { canonicalAvro, checkAvroCompatibility } from '@order-stream/serde/compatibility';
import fc, { type GeneratorValue } from 'fast-check';
import { resolveAvro } from '../../conformance/avro-type.ts';
import { asAvroJson, asValue, type Datum } from '../../conformance/datum.ts';
import { drawDatum } from '../../conformance/draw-datum.ts';
import { drawDefinition } from '../../conformance/draw-schema.ts';
import { evolveSchema } from '../../conformance/evolve-schema.ts';
import { dressJson } from '../dress-json.ts';
import type { Answers, FuzzFormat } from '../fuzz-format.ts';
import { ourAnswer } from '../our-answer.ts';
import { seededDraw, valueSeedOf } from '../seeded-draw.ts';
import { jsonGrammar, smallerTexts } from '../text-parts.ts';
import { drawAvroTree, once } from './draw-avro-file.ts';

export interface AvroInput {
  writer: string;
  reader: string;
  /** The values are drawn again for each schema, so that a smaller schema has values as well. */
  valueSeed: number;
}

interface JavaSchemas {
  writer: { text?: string; refused?: string };
  reader: { text?: string; refused?: string };
  equal?: boolean;
  compatible?: boolean;
  incompatibilities?: string[];
  compatibilityFailure?: string;
}

interface JavaValue {
  body?: string;
  refused?: string;
  resolved?: string;
  unresolved?: string;
}

const valuesOfCase = 3;
const target = Buffer.alloc(1024 * 1024);

export const avroFormat: FuzzFormat<AvroInput> = {
  name: 'avro',

  draw(g) {
    const valueSeed = valueSeedOf(g);
    if (once(g, 3)) {
      const writer = drawDefinition(g);
      return { writer, reader: evolveSchema(g, writer), valueSeed };
    }
    const oddity = g(fc.constantFrom, 0, 0, 100, 40, 15);
    const tree = drawAvroTree(g, oddity);
    const other = evolved(g, tree, oddity);
    return { writer: dressJson(g, tree, true), reader: dressJson(g, other, true), valueSeed };
  },

  async compare({ writer, reader, valueSeed }, process) {
    const java: Answers = {};
    const ours: Answers = {};
    const reasons: Record<string, string> = {};
    const schemas = await process.call<JavaSchemas>({ do: 'avro-schemas', writer, reader });
    const accepted = { writer: false, reader: false };
    for (const [side, text] of [
      ['writer', writer],
      ['reader', reader],
    ] as const) {
      const { text: printed, refused } = schemas[side];
      const question = `parse ${side}`;
      java[question] = printed === undefined ? 'refused' : 'accepted';
      ours[question] = ourAnswer(reasons, question, () => {
        parseAvro(text);
        return 'accepted';
      });
      if (refused !== undefined) reasons[`${question}, Java`] = refused;
      accepted[side] = printed !== undefined && ours[question] === 'accepted';
      // Java prints an alias outside all namespaces as one of the namespace around it.
      if (!accepted[side] || text.includes('".')) continue;
      java[`printed ${side}`] = 'yes';
      ours[`printed ${side}`] = ourAnswer(reasons, `printed ${side}`, () =>
        yesNo(canonicalAvro(text) === canonicalAvro(printed as string)),
      );
    }
    if (!accepted.writer) return { java, ours, reasons };
    if (accepted.reader) {
      compareVersions(schemas, { writer, reader }, java, ours);
      compareVerdicts(schemas, { writer, reader }, java, ours, reasons);
    }
    const drawn = drawValues(schemas.writer.text as string, valueSeed);
    if (drawn.length === 0) return { java, ours, reasons };
    const { values } = await process.call<{ values: JavaValue[] }>({
      do: 'avro-values',
      writer,
      ...(accepted.reader && { reader }),
      values: drawn.map(asAvroJson),
    });
    for (const [index, datum] of drawn.entries())
      compareValue(index, datum, values[index] as JavaValue, accepted.reader);
    return { java, ours, reasons };

    function compareValue(index: number, datum: Datum, value: JavaValue, resolves: boolean) {
      // Avro's JSON decoder, by which Java gets the value, has no end for a record that always contains itself.
      if (value.refused?.startsWith('java.lang.StackOverflowError')) return;
      java[`body ${index}`] = value.body ?? 'refused';
      if (value.refused !== undefined) reasons[`body ${index}, Java`] = value.refused;
      ours[`body ${index}`] = ourAnswer(reasons, `body ${index}`, () =>
        encoded(writer, asValue(datum)),
      );
      if (value.body === undefined) return;
      const body = Buffer.from(value.body, 'base64');
      java[`value ${index}`] = printed(asValue(datum));
      ours[`value ${index}`] = ourAnswer(reasons, `value ${index}`, () =>
        printed(compileAvro(writer).decode(body, 0)),
      );
      // The same holds for Java's grammar of two schemas, also where such a record is the item of an array.
      if (!resolves || value.unresolved?.startsWith('java.lang.StackOverflowError')) return;
      java[`resolved ${index}`] = value.resolved ?? 'refused';
      if (value.unresolved !== undefined) reasons[`resolved ${index}, Java`] = value.unresolved;
      ours[`resolved ${index}`] = ourAnswer(reasons, `resolved ${index}`, () =>
        encoded(reader, compileAvro(writer, { readerDefinition: reader }).decode(body, 0)),
      );
    }
  },

  *shrink({ writer, reader, valueSeed }) {
    if (reader !== writer) yield { writer, reader: writer, valueSeed };
    if (reader !== '"int"') yield { writer, reader: '"int"', valueSeed };
    if (writer !== '"int"') yield { writer: '"int"', reader, valueSeed };
    for (const smaller of smallerTexts(writer, jsonGrammar)) {
      if (reader === writer) yield { writer: smaller, reader: smaller, valueSeed };
      yield { writer: smaller, reader, valueSeed };
    }
    for (const smaller of smallerTexts(reader, jsonGrammar))
      yield { writer, reader: smaller, valueSeed };
  },

  print: ({ writer, reader, valueSeed }) =>
    `writer ${JSON.stringify(writer)}\nreader ${reader === writer ? 'the same' : JSON.stringify(reader)}\nvalueSeed ${valueSeed}`,
};

function evolved(g: GeneratorValue, tree: unknown, oddity: number): unknown {
  switch (g(fc.nat, 3)) {
    case 0:
      return tree;
    case 1:
      return drawAvroTree(g, oddity);
    default:
      try {
        return JSON.parse(evolveSchema(g, JSON.stringify(tree)));
      } catch {
        // A tree that is not a schema, or has an integer that JSON.stringify refuses.
        return tree;
      }
  }
}

type Texts = Pick<AvroInput, 'writer' | 'reader'>;

function compareVersions(schemas: JavaSchemas, texts: Texts, java: Answers, ours: Answers): void {
  const same = yesNo(canonicalAvro(texts.writer) === canonicalAvro(texts.reader));
  ours['version of both'] = same;
  const bound =
    schemas.writer.text === schemas.reader.text ? 'yes' : schemas.equal === false ? 'no' : same;
  // Java's `equals` ignores docs and aliases, which belong to a version.
  java['version of both'] = bound;
}

function compareVerdicts(
  { compatible, incompatibilities = [], compatibilityFailure }: JavaSchemas,
  { writer, reader }: Texts,
  java: Answers,
  ours: Answers,
  reasons: Record<string, string>,
): void {
  if (compatibilityFailure !== undefined) reasons['verdict, Java'] = compatibilityFailure;
  if (compatible === undefined) java.verdict = 'refused';
  else java.verdict = compatible ? 'compatible' : 'incompatible';
  let found: string[] = [];
  ours.verdict = ourAnswer(reasons, 'verdict', () => {
    const question = { mode: 'BACKWARD', newSchema: reader, previous: [writer] } as const;
    const { incompatibilities } = checkAvroCompatibility(question);
    found = incompatibilities.map(({ type, location }) => `${type} ${location}`);
    return found.length === 0 ? 'compatible' : 'incompatible';
  });
  if (compatible !== false || ours.verdict !== 'incompatible') return;
  java.reasons = incompatibilities.toSorted().join('; ');
  ours.reasons = found.toSorted().join('; ');
}

/** Nothing is a value of these. */
const emptyType = /^\[\]$|"(?:symbols|type|items|values)":\[\]/;

function drawValues(definition: string, valueSeed: number): Datum[] {
  if (emptyType.test(definition)) return [];
  const g = seededDraw(valueSeed, 'avro-values', 0);
  const type = resolveAvro(definition);
  try {
    return Array.from({ length: valuesOfCase }, () => drawDatum(g, type, { noNaN: true }));
  } catch (error) {
    // A record that always contains itself has no finite value.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function encoded(definition: string, value: unknown): string {
  const end = compileAvro(definition).encode(value, target, 0);
  return target.toString('base64', 0, end);
}

/** Exact, and the same for equal values. */
function printed(value: unknown): string {
  return JSON.stringify(value, (_key, part) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part === 'number' && !Number.isSafeInteger(part)) return `${part}`;
    return Object.is(part, -0) ? '-0' : part;
  });
}

function yesNo(holds: boolean): string {
  return holds ? 'yes' : 'no';
}
