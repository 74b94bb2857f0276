import type { Draft } from '../json-schema/drafts.ts';
import { isObject } from '../json-schema/each-schema.ts';
import { type DrawnSchema, drawJsonSchema } from './draw-json-schema.ts';
import type { SeededRandom } from './seeded-random.ts';

const applicators =
  /^(?:\w+Of|properties|patternProperties|items|prefixItems|contains|if|not|dependen\w+)$/;

/** A schema that often has `unevaluated…` beside the keywords that evaluate members, and no `format`. */
export function drawUnevaluated(random: SeededRandom, draft: Draft): DrawnSchema {
  const close = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(close);
    if (!isObject(node)) return node;
    const entries = Object.entries(node).filter(([keyword]) => keyword !== 'format');
    const copy = Object.fromEntries(entries.map(([keyword, part]) => [keyword, close(part)]));
    if (!Object.keys(node).some((keyword) => applicators.test(keyword))) return copy;
    const rest = () => (random.oneIn(3) ? { type: ['string', 'integer'] } : random.oneIn(4));
    if (random.oneIn(3)) copy.unevaluatedProperties = rest();
    if (random.oneIn(3)) copy.unevaluatedItems = rest();
    return copy;
  };
  const drawn = drawJsonSchema(random, draft);
  return { unevaluatedProperties: false, unevaluatedItems: false, ...(close(drawn) as object) };
}
