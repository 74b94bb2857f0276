import type { Draft } from './drafts.ts';

/**
 * A pattern by ECMA 262, as JSON Schema prescribes. Of what only Java knows, `\A`, `\z`, `\Z`, a
 * leading `(?i)` and needless escapes are translated; in the drafts up to 07, which Java reads too, what
 * JavaScript would take for something else is refused: `\p{Alpha}`, `\h`, `\Q…\E`, `&&` and classes
 * inside a class, and their like.
 *
 * It is run by backtracking, so a pattern can be slow on purpose: schemas have to be trusted.
 *
 * @throws SyntaxError
 */
export function regularExpression(pattern: string, draft: Draft = '04'): RegExp {
  if (draft === '2019-09' || draft === '2020-12') return ecmaExpression(pattern);
  return translatedExpression(pattern);
}

/** What is valid in ECMA 262 is taken as it stands; the rest as in the drafts before. */
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
  const { source, needsUnicode, otherwiseInJava } = translate(given);
  try {
    return new RegExp(given, `${flags}u`);
  } catch (error) {
    if (otherwiseInJava) refuse(otherwiseInJava);
    try {
      return new RegExp(source, `${flags}u`);
    } catch {
      if (needsUnicode) throw error;
      // What browsers take besides, such as `(?=a)*`.
      return new RegExp(source, flags);
    }
  }
}

interface Translation {
  source: string;
  /** Without the flag `u` some of it would be read as other text. */
  needsUnicode: boolean;
  /** What is another thing in Java; JavaScript takes it only without the flag `u`. */
  otherwiseInJava: string | undefined;
}

const tokens = /\\(?:[pP]\{[^}]*\}|u\{[\da-fA-F]+\}|x\{|0\d|[\s\S])|\{\d+(?:,\d*)?\}|&&|[\s\S]/gu;
const known = /^\\(?:[dDwWsSbBnrtfvcxuk\d^$\\.*+?()[\]{}|/]|u\{)/;
// `.` and `$` of Java: before the last line terminator.
const end = String.raw`(?=(?:\r\n|[\n\r\u0085\u2028\u2029])?$)`;
const anchors = new Map([
  ['\\A', '^'],
  ['\\z', '$'],
  ['\\Z', end],
]);
// Each of these has a meaning in Java; the last are ASCII there and all of Unicode here.
const javaAlone = /^\\(?:[QEhHRXGNeaV]|x\{|0\d|[pP]$|[pP]\{(?:Alpha|Lower|Upper)\})/;
const characterSet = /^\\[dDwWsSpP]/;

function translate(pattern: string): Translation {
  const parts = pattern.match(tokens) ?? [];
  const translation: Translation = { source: '', needsUnicode: false, otherwiseInJava: undefined };
  let classStart: number | undefined;

  for (const [index, part] of parts.entries()) {
    const inClass = classStart !== undefined;
    if (javaAlone.test(part) || (inClass && (part === '&&' || anchors.has(part)))) refuse(part);
    if (/^\\[pP]/.test(part)) checkProperty(part);
    translation.needsUnicode ||= /^(?:\\[pPu]\W|[^\0-\uffff])/u.test(part);
    if (!inClass && part === '[') classStart = index;
    else if (inClass && part === '[') translation.otherwiseInJava ??= 'a class inside a class';
    else if (part === ']' && classStart !== undefined) {
      const isEmpty =
        parts
          .slice(classStart + 1, index)
          .join('')
          .replace('^', '') === '';
      if (isEmpty) translation.otherwiseInJava ??= 'a class that begins with ]';
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
  return anchors.get(part) ?? withoutNeedlessEscape(part);
}

function memberOf(part: string, besideSet: boolean): string {
  if (part === '-' && besideSet) return '\\-';
  return part === '\\-' ? part : withoutNeedlessEscape(part);
}

function withoutNeedlessEscape(part: string): string {
  const isNeedless = /^\\./su.test(part) && !known.test(part) && !/^\\[pP]/.test(part);
  return isNeedless ? part.slice(1) : part;
}

function checkProperty(part: string): void {
  try {
    new RegExp(part, 'u');
  } catch {
    refuse(part);
  }
}

function refuse(construct: string): never {
  throw new SyntaxError(`${construct} is not in ECMA 262, or means something else in Java`);
}
