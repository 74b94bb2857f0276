import { _, type Ajv, type KeywordCxt, type Name } from 'ajv';
import { Type } from 'ajv/dist/compile/util.js';
import { recordBranches } from './branch-keywords.ts';
import { eachSchema } from './each-schema.ts';
import { createEvaluation, type EvaluationRules } from './evaluated-members.ts';
import { checkOtherProperties, checkOthers } from './other-members.ts';
import { replaceKeyword } from './replace-keyword.ts';

/** Whether a definition has `unevaluatedProperties` or `unevaluatedItems`. */
export function usesUnevaluated(definition: unknown): boolean {
  let uses = false;
  eachSchema(definition, (schema) => {
    uses ||= 'unevaluatedProperties' in schema || 'unevaluatedItems' in schema;
  });
  return uses;
}

/**
 * Replaces `unevaluatedProperties` and `unevaluatedItems` of ajv 8.20.0. ajv generates code that throws, for example,
 * for `patternProperties` beside `anyOf`; it treats all items as evaluated beside `contains`, a property named
 * `toString` as evaluated, and the members that an `if` alone evaluates as unevaluated.
 */
export function useOwnUnevaluated(ajv: Ajv, rules: EvaluationRules): void {
  recordBranches(ajv, rules.verdicts);
  const { propertiesOf, itemsOf } = createEvaluation(rules);

  const checkItems = (context: KeywordCxt) => {
    const { gen, data } = context;
    const evaluated = evaluatedBy(context, itemsOf);
    context.setParams({ len: _`${evaluated}.size` });
    checkOthers(context, evaluated, (check) => {
      gen.forRange('i', 0, _`${data}.length`, (index) => check(index, Type.Num));
    });
  };
  replaceKeyword(ajv, 'unevaluatedItems', checkItems, 'must NOT have unevaluated items');

  replaceKeyword(ajv, 'unevaluatedProperties', (context) => {
    checkOtherProperties(context, evaluatedBy(context, propertiesOf), 'unevaluatedProperty');
  });
}

function evaluatedBy({ gen, data, parentSchema }: KeywordCxt, collect: unknown): Name {
  const collector = gen.scopeValue('func', { ref: collect });
  const schema = gen.scopeValue('schema', { ref: parentSchema });
  return gen.const('evaluated', _`${collector}(${schema}, ${data})`);
}
