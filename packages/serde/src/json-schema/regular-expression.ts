import type { Draft } from './drafts.ts';

/**
 * Compiles a pattern by ECMA 262, as JSON Schema prescribes. Java's `\A`, `\z`, `\Z`, a leading `(?i)` and
 * unnecessary escapes are translated. In the drafts up to 07, which Java reads too, constructs that mean
 * something else in JavaScript are rejected: `\p{Alpha}`, `\h`, `\Q…\E`, `&&`, nested classes and the like.
 *
 * The expression runs by backtracking, so a hostile pattern can be slow: schemas must be trusted where values are checked.
 * Comparisons of schemas match without it (`compatibility/pattern-matching.ts`).
 *
 * @throws SyntaxError
 */
export function regularExpression(pattern: string, draft: Draft = '04'): RegExp {
  if (draft === '2019-09' || draft === '2020-12') return ecmaExpression(pattern);
  return translatedExpression(pattern);
}

/** A pattern that is valid in ECMA 262 is used unchanged; others are translated as in earlier drafts. */
function ecmaExpression(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    try {
      return translatedExpression(pattern);
    } catch {
      return new RegExp(pattern);
    }
  }
}

function translatedExpression(pattern: string): RegExp {
  const insensitive = pattern.startsWith('(?i)');
  const given = insensitive ? pattern.slice(4) : pattern;
  const flags = insensitive ? 'i' : '';
  const { source, needsUnicode, differsInJava } = translate(given);
  try {
    return new RegExp(given, `${flags}u`);
  } catch (error) {
    if (differsInJava) reject(differsInJava);
    try {
      return new RegExp(source, `${flags}u`);
    } catch {
      if (needsUnicode) throw error;
      // Syntax that only browsers accept (ECMA 262, Annex B), such as `(?=a)*`.
      return new RegExp(source, flags);
    }
  }
}

interface Translation {
  source: string;
  /** Whether the pattern has another meaning without the flag `u`. */
  needsUnicode: boolean;
  /** A construct with another meaning in Java, which JavaScript accepts only without the flag `u`. */
  differsInJava: string | undefined;
}

const tokens = /\\(?:[pP]\{[^}]*\}|u\{[\da-fA-F]+\}|x\{|0\d|[\s\S])|\{\d+(?:,\d*)?\}|&&|[\s\S]/gu;
const known = /^\\(?:[dDwWsSbBnrtfvcxuk\d^$\\.*+?()[\]{}|/]|u\{)/;
// Java's `\Z`: the end, or before the last line terminator.
const end = String.raw`(?=(?:\r\n|[\n\r\u0085\u2028\u2029])?$)`;
const anchors = new Map([
  ['\\A', '^'],
  ['\\z', '$'],
  ['\\Z', end],
]);
// Java gives each of these a meaning of its own; its `\p{Alpha}`, `Lower` and `Upper` are ASCII only.
const javaOnly = /^\\(?:[QEhHRXGNeaV]|x\{|0\d|[pP]$|[pP]\{(?:Alpha|Lower|Upper)\})/;
const characterSet = /^\\[dDwWsSpP]/;

function translate(pattern: string): Translation {
  const parts = pattern.match(tokens) ?? [];
  const translation: Translation = { source: '', needsUnicode: false, differsInJava: undefined };
  let classStart: number | undefined;

  for (const [index, part] of parts.entries()) {
    const inClass = classStart !== undefined;
    if (javaOnly.test(part) || (inClass && (part === '&&' || anchors.has(part)))) reject(part);
    if (/^\\[pP]/.test(part)) checkProperty(part);
    translation.needsUnicode ||= /^(?:\\[pPu]\W|[^\0-\uffff])/u.test(part);
    if (!inClass && part === '[') classStart = index;
    else if (inClass && part === '[') translation.differsInJava ??= 'a class inside a class';
    else if (part === ']' && classStart !== undefined) {
      const isEmpty =
        parts
          .slice(classStart + 1, index)
          .join('')
          .replace('^', '') === '';
      if (isEmpty) translation.differsInJava ??= 'a class that begins with ]';
      classStart = undefined;
    }
    const next = parts[index + 1] ?? '';
    const isSet = [parts[index - 1] ?? '', next].some((near) => characterSet.test(near));
    const isMember = inClass && classStart !== undefined;
    const isBracket = !isMember && (inClass || classStart === index);
    translation.source += isMember ? memberOf(part, isSet) : isBracket ? part : atomOf(part);
  }
  return translation;
}

function atomOf(part: string): string {
  if (part === '{' || part === '}' || part === ']') return `\\${part}`;
  return anchors.get(part) ?? withoutUnnecessaryEscape(part);
}

function memberOf(part: string, besideSet: boolean): string {
  if (part === '-' && besideSet) return '\\-';
  return part === '\\-' ? part : withoutUnnecessaryEscape(part);
}

function withoutUnnecessaryEscape(part: string): string {
  const isUnnecessary = /^\\./su.test(part) && !known.test(part) && !/^\\[pP]/.test(part);
  return isUnnecessary ? part.slice(1) : part;
}

function checkProperty(part: string): void {
  try {
    new RegExp(part, 'u');
  } catch {
    reject(part);
  }
}

function reject(construct: string): never {
  throw new SyntaxError(`${construct} is not in ECMA 262, or means something else in Java`);
}
