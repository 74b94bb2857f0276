import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import { SchemaMismatchError } from '@order-stream/serde';
import { checkJsonSchemaCompatibility } from '@order-stream/serde/compatibility';
import { compileJsonSchema } from '@order-stream/serde/json-schema';
import { drawJsonSchemaPair } from '../../../packages/serde/src/testing/draw-json-schema-pair.ts';
import type { Answers, FuzzFormat } from '../fuzz-format.ts';
import { ourAnswer } from '../our-answer.ts';
import { valueSeedOf } from '../seeded-draw.ts';
import { jsonGrammar, smallerTexts } from '../text-parts.ts';

export interface JsonVerdictInput {
  reader: string;
  writer: string;
  /** Whether the reader is the writer with one keyword loosened, and so compatible. */
  isLooser: boolean;
  /** JSON texts. */
  values: string[];
}

const target = Buffer.alloc(100_000);

/**
 * The verdict about two schemas, compared with values: a compatible reader accepts each value of the writer. Java has no
 * verdict about JSON Schema, and is not asked.
 */
export const jsonVerdictFormat: FuzzFormat<JsonVerdictInput> = {
  name: 'json-verdict',

  draw(g) {
    const { reader, writer, isLooser, values } = drawJsonSchemaPair(valueSeedOf(g));
    return { reader, writer, isLooser, values: values.map((value) => JSON.stringify(value)) };
  },

  async compare({ reader, writer, isLooser, values }) {
    const java: Answers = {};
    const ours: Answers = {};
    const reasons: Record<string, string> = {};
    const verdict = ourAnswer(reasons, 'verdict', () => {
      const question = { mode: 'BACKWARD', newSchema: reader, previous: [writer] } as const;
      const { compatible, incompatibilities } = checkJsonSchemaCompatibility(question);
      reasons['verdict, this project'] = incompatibilities
        .map(({ type, newLocation }) => `${type} ${newLocation}`)
        .join('; ');
      return compatible ? 'compatible' : 'incompatible';
    });
    ours.verdict = verdict;
    java.verdict = isLooser || verdict === 'compatible' ? 'compatible' : 'incompatible';
    const [reads, writes] = [acceptanceOf(reader), acceptanceOf(writer)];
    for (const [index, value] of values.entries()) {
      const [written, read] = [`writer ${index}`, `reader ${index}`];
      const writerAnswer = ourAnswer(reasons, written, () => writes(value));
      const readerAnswer = ourAnswer(reasons, read, () => reads(value));
      // A definition that is drawn is valid, and a value has an answer.
      ours[written] = writerAnswer;
      java[written] = writerAnswer === 'valid' ? 'valid' : 'invalid';
      ours[read] = readerAnswer;
      const mustAccept = verdict === 'compatible' && writerAnswer === 'valid';
      java[read] = mustAccept || readerAnswer === 'valid' ? 'valid' : 'invalid';
    }
    return { java, ours, reasons, comparedWith: 'the values' };
  },

  *shrink({ reader, writer, values }) {
    // A smaller reader is not always looser than a smaller writer.
    const isLooser = false;
    if (values.length > 1)
      for (const value of values) yield { reader, writer, isLooser, values: [value] };
    for (const smaller of smallerTexts(reader, jsonGrammar))
      if (isJson(smaller)) yield { reader: smaller, writer, isLooser, values };
    for (const smaller of smallerTexts(writer, jsonGrammar))
      if (isJson(smaller)) yield { reader, writer: smaller, isLooser, values };
    for (const [index, value] of values.entries())
      for (const smaller of smallerTexts(value, jsonGrammar))
        if (isJson(smaller))
          yield { reader, writer, isLooser, values: values.with(index, smaller) };
  },

  print: ({ reader, writer, isLooser, values }) =>
    `reader ${reader}\nwriter ${writer}${isLooser ? '\nthe reader is looser' : ''}\nvalues ${values.join('   ')}`,
};

function acceptanceOf(definition: string): (value: string) => string {
  const codec = compileJsonSchema(definition);
  return (value) => {
    try {
      codec.encode(parseExactJson(value), target, 0);
      return 'valid';
    } catch (error) {
      // Any other error is an answer that differs.
      if (!(error instanceof SchemaMismatchError)) throw error;
      return 'invalid';
    }
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
