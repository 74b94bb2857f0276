import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import { printExactJson, SchemaMismatchError } from '@order-stream/serde';
import { compileJsonSchema } from '@order-stream/serde/json-schema';
import { dressJson } from '../dress-json.ts';
import type { Answers, FuzzFormat } from '../fuzz-format.ts';
import { ourAnswer } from '../our-answer.ts';
import { jsonGrammar, smallerTexts } from '../text-parts.ts';
import { drawJsonTree } from './draw-json-file.ts';
import { drawJsonValue } from './draw-json-value.ts';

export interface JsonInput {
  schema: string;
  /** JSON texts. */
  values: string[];
}

const valuesOfCase = 8;
const target = Buffer.alloc(100_000);

/** The verdict about each value: `valid`, `invalid`, or `refused` for the schema. */
export const jsonFormat: FuzzFormat<JsonInput> = {
  name: 'json',

  draw(g) {
    const tree = drawJsonTree(g);
    const values = Array.from({ length: valuesOfCase }, () => drawJsonValue(g, tree));
    return {
      schema: dressJson(g, tree, false),
      values: values.map((value) => printExactJson(value)),
    };
  },

  async compare({ schema, values }, process) {
    const java: Answers = {};
    const ours: Answers = {};
    const reasons: Record<string, string> = {};
    const request = { do: 'json', schema, values };
    const answer = await process.call<{ verdicts: string[]; reasons: string[] }>(request);
    const codec = compileJsonSchema(schema);
    for (const [index, value] of values.entries()) {
      const question = `verdict ${index}`;
      java[question] = answer.verdicts[index] as string;
      reasons[`${question}, Java`] = answer.reasons[index] as string;
      ours[question] = ourAnswer(reasons, question, () => {
        try {
          codec.encode(parseExactJson(value), target, 0);
          return 'valid';
        } catch (error) {
          if (!(error instanceof SchemaMismatchError)) throw error;
          reasons[`${question}, this project`] = error.message;
          return 'invalid';
        }
      });
    }
    return { java, ours, reasons };
  },

  *shrink({ schema, values }) {
    if (values.length > 1) for (const value of values) yield { schema, values: [value] };
    for (const smaller of smallerTexts(schema, jsonGrammar)) yield { schema: smaller, values };
    for (const [index, value] of values.entries()) {
      if (value.length > 1) yield { schema, values: values.with(index, '1') };
      for (const smaller of smallerTexts(value, jsonGrammar)) {
        try {
          JSON.parse(smaller);
        } catch {
          // Only schemas may be malformed.
          continue;
        }
        yield { schema, values: values.with(index, smaller) };
      }
    }
  },

  print: ({ schema, values }) => `schema ${schema}\nvalues ${values.join('   ')}`,
};
