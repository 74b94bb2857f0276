import type { Ajv, KeywordCxt } from 'ajv';

/** Replaces the code that ajv generates for a keyword. The keyword moves behind the others for the same type. */
export function replaceKeyword(
  ajv: Ajv,
  keyword: string,
  code: (context: KeywordCxt, generateOriginal: () => void) => void,
  message?: string,
): void {
  const definition = ajv.getKeyword(keyword);
  if (typeof definition !== 'object' || !('code' in definition)) return;
  ajv.removeKeyword(keyword);
  ajv.addKeyword({
    ...definition,
    ...(message !== undefined && { error: { ...definition.error, message } }),
    code(context: KeywordCxt, rule?: string) {
      code(context, () => definition.code(context, rule));
    },
  });
}

/** Changes the code that ajv generates for a keyword. The keyword keeps its place among the others. */
export function wrapKeyword(
  ajv: Ajv,
  keyword: string,
  code: (context: KeywordCxt, generateOriginal: () => void) => void,
): void {
  const rule = ajv.RULES.all[keyword];
  if (typeof rule !== 'object' || !('code' in rule.definition)) return;
  const { definition } = rule;
  rule.definition = {
    ...definition,
    code(context: KeywordCxt, ruleType?: string) {
      code(context, () => definition.code(context, ruleType));
    },
  };
}
