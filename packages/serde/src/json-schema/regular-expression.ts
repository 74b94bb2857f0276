/**
 * A pattern as Java takes it where JavaScript can: needless escapes, `\A`, `\z` and a leading `(?i)`.
 * It is run by backtracking, so a pattern can be slow on purpose: schemas have to be trusted.
 *
 * @throws SyntaxError
 */
export function regularExpression(pattern: string): RegExp {
  const insensitive = pattern.startsWith('(?i)');
  const source = insensitive ? pattern.slice(4) : pattern;
  const flags = insensitive ? 'i' : '';
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    return new RegExp(source.replace(/\\A/g, '^').replace(/\\[zZ]/g, '$'), flags);
  }
}
