import { _, type Ajv, type KeywordCxt, type Name } from 'ajv';
import { Type } from 'ajv/dist/compile/util.js';
import type { BranchVerdicts } from './branch-verdicts.ts';
import { replaceKeyword } from './replace-keyword.ts';

/**
 * Makes ajv record which branches a value matches. Unlike ajv's own code, this tries the branches after one that
 * matches, and an `if` without `then` and `else`: they evaluate members too.
 */
export function recordBranches(ajv: Ajv, verdicts: BranchVerdicts): void {
  const { recordMatch, recordItems } = verdicts;

  replaceKeyword(ajv, 'anyOf', (context) => {
    const { gen } = context;
    const valid = gen.let('valid', false);
    eachBranch(context, () => gen.assign(valid, true));
    context.result(
      valid,
      () => context.reset(),
      () => context.error(true),
    );
  });

  replaceKeyword(ajv, 'oneOf', (context) => {
    const { gen } = context;
    const count = gen.let('count', 0);
    eachBranch(context, () => gen.code(_`${count}++`));
    context.setParams({ passing: _`null` });
    context.result(
      _`${count} === 1`,
      () => context.reset(),
      () => context.error(true),
    );
  });

  replaceKeyword(ajv, 'if', (context) => {
    const { gen, schema, parentSchema } = context;
    const valid = gen.let('valid', true);
    const holds = gen.name('_valid');
    const clause = gen.let('ifClause');
    const quiet = { compositeRule: true, createErrors: false, allErrors: false } as const;
    context.subschema({ keyword: 'if', ...quiet }, holds);
    context.reset();
    context.setParams({ ifClause: clause });
    gen.if(
      holds,
      () => {
        record(context, schema);
        apply('then');
      },
      () => apply('else'),
    );
    context.pass(valid, () => context.error(true));

    function apply(keyword: 'then' | 'else'): void {
      if (parentSchema[keyword] === undefined) return;
      const matches = gen.name('_valid');
      context.subschema({ keyword }, matches);
      gen.assign(valid, matches);
      gen.assign(clause, _`${keyword}`);
    }
  });

  replaceKeyword(ajv, 'contains', (context) => {
    const { gen, data, parentSchema } = context;
    const { minContains: min = 1, maxContains: max } = parentSchema;
    context.setParams({ min, max });
    const indexes = gen.const('indexes', _`[]`);
    gen.forRange('i', 0, _`${data}.length`, (index) => {
      const matches = gen.name('_valid');
      const item = { dataProp: index, dataPropType: Type.Num };
      context.subschema({ keyword: 'contains', ...item, compositeRule: true }, matches);
      gen.if(matches, () => gen.code(_`${indexes}.push(${index})`));
    });
    const schema = gen.scopeValue('schema', { ref: parentSchema });
    gen.code(_`${call(context, recordItems)}(${data}, ${schema}, ${indexes})`);
    const enough = _`${indexes}.length >= ${min}`;
    const valid = max === undefined ? enough : _`${enough} && ${indexes}.length <= ${max}`;
    context.result(gen.const('valid', valid), () => context.reset());
  });

  function eachBranch(context: KeywordCxt, onMatch: () => void): void {
    const { gen, keyword, schema } = context;
    for (const [index, branch] of (schema as unknown[]).entries()) {
      const matches = gen.name('_valid');
      context.subschema({ keyword, schemaProp: index, compositeRule: true }, matches);
      gen.if(matches, () => {
        record(context, branch);
        onMatch();
      });
    }
  }

  function record(context: KeywordCxt, branch: unknown): void {
    // A boolean schema evaluates nothing.
    if (typeof branch === 'boolean') return;
    const { gen, data } = context;
    const schema = gen.scopeValue('schema', { ref: branch });
    gen.code(_`${call(context, recordMatch)}(${data}, ${schema})`);
  }
}

function call({ gen }: KeywordCxt, ref: unknown): Name {
  return gen.scopeValue('func', { ref });
}
