import type { Ajv, KeywordCxt } from 'ajv';

/** Makes ajv call `prepare` before it generates the code of a keyword. */
export function wrapKeyword(
  ajv: Ajv,
  keyword: string,
  prepare: (context: KeywordCxt) => void,
): void {
  const definition = ajv.getKeyword(keyword);
  if (typeof definition !== 'object' || !('code' in definition)) return;
  ajv.removeKeyword(keyword);
  ajv.addKeyword({
    ...definition,
    code(context: KeywordCxt, rule?: string) {
      prepare(context);
      definition.code(context, rule);
    },
  });
}
