import type { Draft } from '../json-schema/drafts.ts';
import { type DrawnSchema, drawJsonSchema } from './draw-json-schema.ts';
import { drawJsonValue } from './draw-json-value.ts';
import { loosenJsonSchema } from './loosen-json-schema.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

/** Two definitions that differ little, and values that often match them. */
export interface JsonSchemaPair {
  draft: Draft;
  /** The texts of the definitions. */
  reader: string;
  writer: string;
  /** Whether the reader accepts every value of the writer, because it is the writer with one keyword loosened. */
  isLooser: boolean;
  values: readonly unknown[];
}

const drafts: readonly Draft[] = ['04', '06', '07', '2019-09', '2020-12'];

/** The pair of a seed: the same for the same seed. */
export function drawJsonSchemaPair(seed: number, valueCount = 30): JsonSchemaPair {
  const random = seededRandom(seed);
  const draft = random.pick(drafts);
  const schema = drawJsonSchema(random, draft);
  const looser = loosened(random, schema, draft);
  const other = loosened(random, looser, draft);
  const kind = random.below(4);
  const [reader, writer, isLooser] =
    kind < 2
      ? ([looser, schema, true] as const)
      : kind === 2
        ? ([schema, looser, looser === schema] as const)
        : ([mixed(random, draft, schema), other, false] as const);
  const values = Array.from({ length: valueCount }, () =>
    drawJsonValue(random, random.oneIn(4) ? reader : writer),
  );
  return {
    ...{ draft, isLooser, values },
    reader: JSON.stringify(reader),
    writer: JSON.stringify(writer),
  };
}

function loosened(random: SeededRandom, schema: DrawnSchema, draft: Draft): DrawnSchema {
  for (let tries = 0; tries < 20; tries += 1) {
    const looser = loosenJsonSchema(random, schema, draft);
    if (looser) return looser;
  }
  return schema;
}

/** The schema with a keyword of another one, which may allow more or less. */
function mixed(random: SeededRandom, draft: Draft, schema: DrawnSchema): DrawnSchema {
  const other = drawJsonSchema(random, draft);
  const added = Object.entries(other).filter(
    ([keyword]) => keyword !== 'definitions' && random.oneIn(2),
  );
  const kept = Object.entries(schema).filter(
    ([keyword]) => /^(?:\$schema|definitions|m\w+um)$/.test(keyword) || !random.oneIn(4),
  );
  return { ...Object.fromEntries(kept), ...Object.fromEntries(added) };
}
