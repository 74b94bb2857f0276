import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf, wholes } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { appliedIn, evaluatesEveryProperty, isDynamic } from './json-schema-evaluated.ts';
import { mapOf } from './json-schema-required.ts';
import { below } from './path.ts';

const maxChoices = 100;

/**
 * The schemas that a property must match whose name no schema declares: one list for each choice of patterns
 * that such a name can match.
 *
 * @param pattern one that the name matches
 * @param unmatched patterns that the name does not match
 */
export function schemasForOthers(
  atoms: readonly SchemaAt[],
  comparison: Comparison,
  pattern?: string,
  unmatched: ReadonlySet<string> = new Set(),
): readonly (readonly SchemaAt[])[] {
  let choices: SchemaAt[][] = [[]];
  for (const at of atoms) {
    const own = ownChoices(at);
    // With too many choices, the schema is left out, which allows more values.
    if (own.length === 0 || choices.length * own.length > maxChoices) continue;
    choices = choices.flatMap((chosen) => own.map((one) => [...chosen, one]));
  }
  const [place] = atoms;
  return choices.map((chosen) =>
    chosen.length > 0 || !place ? chosen : [{ ...place, schema: true }],
  );

  function ownChoices(at: SchemaAt): SchemaAt[] {
    const whole = wholes.get(at.schema as object);
    if (whole) return evaluatesOthers(whole) ? [] : [childOf(at, 'unevaluatedProperties')];
    const { patternProperties, additionalProperties } = keywordsOf(at);
    const patterns = Object.keys(mapOf(patternProperties));
    if (pattern !== undefined && patterns.includes(pattern)) {
      return [childOf(at, 'patternProperties', pattern)];
    }
    const matching = patterns
      .filter((own) => !unmatched.has(own))
      .map((own) => childOf(at, 'patternProperties', own));
    const rest =
      additionalProperties === undefined
        ? { ...at, schema: true, path: below(at.path, 'additionalProperties') }
        : childOf(at, 'additionalProperties');
    return [...matching, rest];
  }

  /** Whether other keywords than `unevaluatedProperties` may apply to a property of such a name. */
  function evaluatesOthers(whole: SchemaAt): boolean {
    if (keywordsOf(whole).unevaluatedProperties === undefined) return true;
    return appliedIn(whole, comparison).some((part, index) => {
      const patterns = Object.keys(mapOf(keywordsOf(part).patternProperties));
      return (
        isDynamic(part) ||
        evaluatesEveryProperty(part, index > 0) ||
        patterns.some((own) => !unmatched.has(own))
      );
    });
  }
}
